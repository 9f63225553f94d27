import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { defaultSwitches, withSwitches, type Switches } from "../../src/simulator/switches.ts";
import { configurationCases } from "./support/configuration-cases.ts";
import { networkCases } from "./support/network-cases.ts";
import {
  code,
  names,
  OTHER_SECRET,
  row,
  rows,
  SECRET,
  UNKNOWN_ID,
  world,
  type Reading,
  type World,
} from "./support/world.ts";
import { zoneCases } from "./support/zone-cases.ts";

const outcome = (reading: Reading) => [reading.status, code(reading)];
const set = (switches: Partial<Switches>): World => world({ switches });
const warpReader = { token: "warp", permissions: { warp_connector: "read" } } as const;
const AS_WARP = { authorization: "Bearer warp" };

/** One test a switch: the compiler asks for the missing ones. */
const cases: { readonly [name in keyof Switches]: () => void } = {
  names: () => {
    const shared = set({ names: "shared" });
    shared.create("cfd_tunnel", "web");
    expect(outcome(shared.call("POST", "/warp_connector", { name: "web" }))).toEqual([409, 1013]);
    const own = world();
    own.create("cfd_tunnel", "web");
    expect(own.create("warp_connector", "web").name).toBe("web");
  },
  delay_ms: () => {
    const wait = (switches: Partial<Switches>) =>
      set(switches).simulator.receive({ method: "GET", path: "/client/v4/user", headers: {}, body: null })
        .before_ms;
    expect([wait({ delay_ms: 250 }), wait({})]).toEqual([250, 0]);
  },
  name_case: () => {
    const blind = set({ name_case: "insensitive" });
    blind.create("cfd_tunnel", "web");
    expect(outcome(blind.call("POST", "/cfd_tunnel", { name: "WEB" }))).toEqual([409, 1013]);
    const keen = world();
    keen.create("cfd_tunnel", "web");
    expect(keen.create("cfd_tunnel", "WEB").name).toBe("WEB");
  },
  name_max_length: () => {
    expect(outcome(set({ name_max_length: 3 }).call("POST", "/cfd_tunnel", { name: "four" }))).toEqual([
      400, 1030,
    ]);
    expect(world().create("cfd_tunnel", "x".repeat(10_000)).name).toHaveLength(10_000);
  },
  empty_name: () => {
    expect(set({ empty_name: "accepted" }).create("cfd_tunnel", "").name).toBe("");
  },
  uuid_name: () => {
    expect(world().create("cfd_tunnel", UNKNOWN_ID).name).toBe(UNKNOWN_ID);
    expect(code(set({ uuid_name: "refused" }).call("POST", "/cfd_tunnel", { name: UNKNOWN_ID }))).toBe(1030);
  },
  name_lag: () => {
    const { call, create } = set({ name_lag: 2 });
    const { id } = create("cfd_tunnel", "web");
    call("DELETE", `/cfd_tunnel/${id}`);
    const statuses = [1, 2, 3].map(() => call("POST", "/cfd_tunnel", { name: "web" }).status);
    expect(statuses).toEqual([409, 409, 200]);
  },
  not_found_code: () => {
    expect(outcome(world().call("GET", `/cfd_tunnel/${UNKNOWN_ID}`))).toEqual([404, 1003]);
    expect(outcome(set({ not_found_code: 1004 }).call("GET", `/cfd_tunnel/${UNKNOWN_ID}`))).toEqual([
      404, 1004,
    ]);
  },
  delete_deleted: () => {
    const twice = ({ call, create }: World) => {
      const path = `/cfd_tunnel/${create("cfd_tunnel", "web").id}`;
      const first = call("DELETE", path);
      const second = call("DELETE", path);
      return second.status === 200 ? row(second).deleted_at === row(first).deleted_at : second.status;
    };
    expect([twice(world()), twice(set({ delete_deleted: "not_found" }))]).toEqual([true, 404]);
  },
  edit_deleted: () => {
    const edit = ({ call, create }: World) => {
      const path = `/cfd_tunnel/${create("cfd_tunnel", "web").id}`;
      call("DELETE", path);
      return call("PATCH", path, { name: "new" }).status;
    };
    expect([edit(world()), edit(set({ edit_deleted: "ok" }))]).toEqual([404, 200]);
  },
  delete_with_routes: () => {
    const remove = ({ call, simulator }: World, query = "") => {
      const [tunnel] = simulator.seed([{ kind: "cfd_tunnel", name: "web", has_routes: true }]);
      return outcome(call("DELETE", `/cfd_tunnel/${tunnel?.id}${query}`));
    };
    expect(remove(world())).toEqual([200, null]);
    expect(remove(set({ delete_with_routes: "refused" }))).toEqual([400, 1023]);
    expect(remove(set({ delete_with_routes: "refused" }), "?cascade=true")).toEqual([200, null]);
  },
  linger_ms: () => {
    const { call, create, simulator, advance } = set({ linger_ms: 1000 });
    const { id } = create("cfd_tunnel", "web");
    simulator.connect(id);
    simulator.disconnect(id);
    advance(999);
    expect(outcome(call("DELETE", `/cfd_tunnel/${id}`))).toEqual([400, 1022]);
    advance(1);
    expect(call("DELETE", `/cfd_tunnel/${id}`).status).toBe(200);
  },
  secret_check: () => {
    const post = (tunnel_secret: string, { call }: World) =>
      call("POST", "/cfd_tunnel", { name: "web", tunnel_secret }).status;
    const characters = Buffer.alloc(24).toString("base64");
    expect(post(characters, world())).toBe(200);
    expect(post(characters, set({ secret_check: "bytes" }))).toBe(400);
    expect(post(SECRET, set({ secret_check: "bytes" }))).toBe(200);
    expect(post("short", world())).toBe(400);
    expect(post("short", set({ secret_check: "none" }))).toBe(200);
  },
  config_src_in_patch: () => {
    const patch = ({ call, create }: World) => {
      const { id } = create("cfd_tunnel", "web");
      const answer = call("PATCH", `/cfd_tunnel/${id}`, { config_src: "cloudflare" });
      return answer.status === 200 ? row(answer).config_src : code(answer);
    };
    expect(patch(world())).toBe("local");
    expect(patch(set({ config_src_in_patch: "refused" }))).toBe(1030);
    expect(patch(set({ config_src_in_patch: "applied" }))).toBe("cloudflare");
  },
  unknown_fields: () => {
    const strict = set({ unknown_fields: "refused" });
    expect(code(strict.call("POST", "/cfd_tunnel", { name: "web", ha: true }))).toBe(1030);
    const { id } = strict.create("warp_connector", "web");
    expect(code(strict.call("PATCH", `/warp_connector/${id}`, { ha: true }))).toBe(1030);
    expect(world().create("cfd_tunnel", "web", { ha: true }).name).toBe("web");
  },
  quota: () => {
    const few = set({ quota: 1 });
    const { id } = few.create("cfd_tunnel", "a");
    expect(few.create("warp_connector", "a").name).toBe("a");
    expect(outcome(few.call("POST", "/cfd_tunnel", { name: "b" }))).toEqual([400, 1053]);
    few.call("DELETE", `/cfd_tunnel/${id}`);
    expect(few.create("cfd_tunnel", "b").name).toBe("b");
    const fill = (made: World) =>
      made.simulator.seed(Array.from({ length: 1000 }, (_, i) => ({ kind: "cfd_tunnel", name: `t${i}` })));
    const documented = world();
    fill(documented);
    expect(documented.call("POST", "/cfd_tunnel", { name: "one-more" }).status).toBe(400);
    const unlimited = set({ quota: null });
    fill(unlimited);
    expect(unlimited.call("POST", "/cfd_tunnel", { name: "one-more" }).status).toBe(200);
  },
  quota_status: () => {
    expect(set({ quota: 0, quota_status: 403 }).call("POST", "/cfd_tunnel", { name: "a" }).status).toBe(403);
  },
  quota_code: () => {
    expect(code(set({ quota: 0, quota_code: 1999 }).call("POST", "/cfd_tunnel", { name: "a" }))).toBe(1999);
  },
  per_page_default: () => {
    const { call } = set({ per_page_default: 7 });
    expect(call("GET", "/cfd_tunnel").json.result_info?.per_page).toBe(7);
  },
  per_page_max: () => {
    const small = set({ per_page_max: 50 });
    expect(small.call("GET", "/cfd_tunnel?per_page=51").status).toBe(400);
    expect(small.call("GET", "/cfd_tunnel?per_page=50").status).toBe(200);
  },
  page_cap: () => {
    const { call, create } = set({ page_cap: 2 });
    for (const name of ["a", "b", "c"]) {
      create("cfd_tunnel", name);
    }
    const second = call("GET", "/cfd_tunnel?per_page=1000&page=2");
    expect(names(second)).toEqual(["a"]);
    expect(second.json.result_info).toEqual({ count: 1, page: 2, per_page: 1000, total_count: 3 });
  },
  page_check: () => {
    const { call } = set({ page_check: "clamp" });
    const info = (query: string) => {
      const { page, per_page } = call("GET", `/cfd_tunnel?${query}`).json.result_info ?? {};
      return [page, per_page];
    };
    expect(info("per_page=5000&page=-1")).toEqual([1, 1000]);
    expect(info("per_page=0&page=x")).toEqual([1, 1]);
  },
  total_count: () => {
    const total = (total_count: Switches["total_count"]) => {
      const { call, create } = set({ total_count });
      for (const name of ["a", "b", "c"]) {
        create("cfd_tunnel", name);
      }
      create("warp_connector", "d");
      return call("GET", "/cfd_tunnel?exclude_prefix=a").json.result_info?.total_count;
    };
    expect([total("filtered"), total("unfiltered"), total("short")]).toEqual([2, 3, 1]);
  },
  result_info: () => {
    expect(set({ result_info: "absent" }).call("GET", "/tunnels").json).not.toHaveProperty("result_info");
  },
  order: () => {
    const listed = (order: Switches["order"]) => {
      const { call, create } = set({ order });
      for (const name of ["a", "b", "c"]) {
        create("cfd_tunnel", name);
      }
      return names(call("GET", "/cfd_tunnel"));
    };
    expect(listed("newest_first")).toEqual(["c", "b", "a"]);
    expect(listed("oldest_first")).toEqual(["a", "b", "c"]);
    expect(listed("shuffled").toSorted()).toEqual(["a", "b", "c"]);
  },
  order_seed: () => {
    const made = set({ order: "shuffled" });
    const all = Array.from({ length: 20 }, (_, i) => `t${i}`);
    for (const name of all) {
      made.create("cfd_tunnel", name);
    }
    const pages = () =>
      [1, 2, 3, 4].flatMap((page) => names(made.call("GET", `/cfd_tunnel?per_page=5&page=${page}`)));
    const first = pages();
    expect(first.toSorted()).toEqual(all.toSorted());
    expect(pages()).toEqual(first);
    made.simulator.setSwitches({ order_seed: 2 });
    expect(pages()).not.toEqual(first);
    expect(pages().toSorted()).toEqual(all.toSorted());
  },
  is_deleted_default: () => {
    const { call, create } = set({ is_deleted_default: "both" });
    for (const name of ["a", "b"]) {
      create("cfd_tunnel", name);
    }
    call("DELETE", `/cfd_tunnel/${rows(call("GET", "/cfd_tunnel?name=a"))[0]?.id}`);
    expect(names(call("GET", "/cfd_tunnel"))).toEqual(["b", "a"]);
    expect(names(call("GET", "/cfd_tunnel?is_deleted=false"))).toEqual(["b"]);
  },
  ignored_filters: () => {
    const made = set({ ignored_filters: ["name"] });
    for (const name of ["a", "b"]) {
      made.create("cfd_tunnel", name);
    }
    expect(names(made.call("GET", "/cfd_tunnel?name=a"))).toEqual(["b", "a"]);
    expect(names(made.call("GET", "/cfd_tunnel?name=a&per_page=1"))).toEqual(["b"]);
    made.simulator.setSwitches({ ignored_filters: ["*"] });
    expect(names(made.call("GET", "/cfd_tunnel?name=a&page=2&per_page=1"))).toEqual(["b", "a"]);
  },
  encoded_times: () => {
    const twice = ({ call, create }: World) => {
      create("cfd_tunnel", "a");
      const listed = call("GET", "/cfd_tunnel?existed_at=2026-11-25T08%253A00%253A00%252B00%253A00");
      return listed.status === 200 ? names(listed) : outcome(listed);
    };
    expect([twice(world()), twice(set({ encoded_times: "refused" }))]).toEqual([["a"], [400, 1030]]);
  },
  list_lag: () => {
    const { call, create, simulator } = world();
    const { id } = create("cfd_tunnel", "a");
    simulator.setSwitches({ list_lag: 2 });
    const seen = () => [1, 2, 3].map(() => names(call("GET", "/cfd_tunnel")).join());
    create("cfd_tunnel", "b");
    expect(call("GET", "/cfd_tunnel?per_page=0").status).toBe(400); // Has seen nothing.
    expect(seen()).toEqual(["a", "a", "b,a"]);
    call("PATCH", `/cfd_tunnel/${id}`, { name: "c" });
    expect(row(call("GET", `/cfd_tunnel/${id}`)).name).toBe("c");
    expect(seen()).toEqual(["b,a", "b,a", "b,c"]);
    call("DELETE", `/cfd_tunnel/${id}`);
    expect(seen()).toEqual(["b,c", "b,c", "b"]);
  },
  read_lag: () => {
    const { call, create, simulator } = set({ read_lag: 1 });
    const { id } = create("cfd_tunnel", "a");
    const read = () => {
      const answer = call("GET", `/cfd_tunnel/${id}`);
      return answer.status === 200 ? [row(answer).name, row(answer).deleted_at !== null] : answer.status;
    };
    expect([read(), read()]).toEqual([404, ["a", false]]);
    call("PATCH", `/cfd_tunnel/${id}`, { name: "b" });
    expect([read(), read()]).toEqual([
      ["a", false],
      ["b", false],
    ]);
    call("DELETE", `/cfd_tunnel/${id}`);
    expect(names(call("GET", "/cfd_tunnel"))).toEqual([]);
    expect([read(), read()]).toEqual([
      ["b", false],
      ["b", true],
    ]);
    expect(simulator.tunnel(id)?.deleted_at).not.toBeNull();
  },
  tunnels_rows: () => {
    const listed = (tunnels_rows: Switches["tunnels_rows"]) => {
      const cfd = { token: "cfd", permissions: { cfd_tunnel: "read" } } as const;
      const { call, create } = world({ switches: { tunnels_rows }, credentials: [cfd] });
      create("cfd_tunnel", "a");
      create("warp_connector", "b");
      return names(call("GET", "/tunnels", undefined, { authorization: "Bearer cfd" }));
    };
    expect([listed("permitted"), listed("all")]).toEqual([["a"], ["b", "a"]]);
  },
  tunnels_for_warp_only: () => {
    const listed = (tunnels_for_warp_only: Switches["tunnels_for_warp_only"]) => {
      const { call, create } = world({ switches: { tunnels_for_warp_only }, credentials: [warpReader] });
      create("cfd_tunnel", "a");
      create("warp_connector", "b");
      const answer = call("GET", "/tunnels", undefined, AS_WARP);
      return answer.status === 200 ? names(answer) : outcome(answer);
    };
    expect([listed("refused"), listed("allowed")]).toEqual([[403, 10000], ["b"]]);
  },
  connections_field: () => {
    const field = (connections_field: Switches["connections_field"]) => {
      const { call, simulator, create } = set({ connections_field });
      const { id } = create("warp_connector", "web");
      simulator.connect(id);
      return row(call("GET", `/warp_connector/${id}`)).connections;
    };
    expect([field("empty"), field("absent")]).toEqual([[], undefined]);
    expect(field("full")).toHaveLength(4);
    expect(field("full")?.[0]).toMatchObject({ is_pending_reconnect: false, colo_name: "dfw01" });
  },
  config_src_on_read: () => {
    const made = set({ config_src_on_read: "absent" }).create("cfd_tunnel", "a", {
      config_src: "cloudflare",
    });
    expect(made).not.toHaveProperty("config_src");
    expect(made.remote_config).toBe(true);
  },
  status_on_read: () => {
    const { call, create, simulator } = world();
    const { id } = create("cfd_tunnel", "a");
    const status = () => row(call("GET", `/cfd_tunnel/${id}`)).status;
    const shown = (status_on_read: Switches["status_on_read"]) => {
      simulator.setSwitches({ status_on_read });
      return status();
    };
    simulator.connect(id);
    expect([shown("current"), shown("late")]).toEqual(["healthy", "inactive"]);
    simulator.disconnect(id);
    expect([shown("current"), shown("late")]).toEqual(["down", "down"]);
    simulator.connect(id);
    expect([shown("current"), shown("late")]).toEqual(["healthy", "down"]);
  },
  remote_config_on_read: () => {
    const made = (remote_config_on_read: Switches["remote_config_on_read"]) =>
      set({ remote_config_on_read }).create("cfd_tunnel", "a").remote_config;
    expect([made("present"), made("absent"), made("contradicts")]).toEqual([false, undefined, true]);
  },
  warp_connections: () => {
    const { call, create, simulator } = world();
    const { id } = create("warp_connector", "a");
    const client = simulator.connect(id);
    const answer = call("GET", `/warp_connector/${id}/connections`);
    expect(answer.json.result).toMatchObject([{ id: client.id, ha_status: "active" }]);
    for (const field of ["uuid", "is_pending_reconnect", "config_version"]) {
      expect(answer.text).not.toContain(`"${field}"`);
    }
    expect(call("GET", `/warp_connector/${id}/connectors/${client.id}`).status).toBe(200);
    expect(call("DELETE", `/warp_connector/${id}/connections`).status).toBe(405);
    simulator.setSwitches({ warp_connections: "absent" });
    expect(call("GET", `/warp_connector/${id}/connections`).status).toBe(404);
  },
  warp_token_in_patch: () => {
    const patched = ({ call, create }: World) =>
      row(
        call("PATCH", `/warp_connector/${create("warp_connector", "a").id}`, { tunnel_secret: OTHER_SECRET }),
      );
    expect(patched(world())).not.toHaveProperty("token");
    expect(patched(set({ warp_token_in_patch: "present" })).token).toBeDefined();
  },
  token_body: () => {
    const { call, create } = set({ token_body: "text" });
    const { id, token } = create("cfd_tunnel", "a");
    const answer = call("GET", `/cfd_tunnel/${id}/token`);
    expect([answer.text, answer.headers["content-type"]]).toEqual([token, "text/plain"]);
  },
  warp_token_permission: () => {
    const read = (warp_token_permission: Switches["warp_token_permission"]) => {
      const writer = { token: "warp", permissions: { warp_connector: "write" } } as const;
      const { call, create } = world({ switches: { warp_token_permission }, credentials: [writer] });
      const { id } = create("warp_connector", "a");
      return outcome(call("GET", `/warp_connector/${id}/token`, undefined, AS_WARP));
    };
    expect([read("warp_connector"), read("cfd_tunnel")]).toEqual([
      [200, null],
      [401, 1001],
    ]);
  },
  ...configurationCases,
  ...networkCases,
  ...zoneCases,
  forbidden_status: () => {
    const made = world({ switches: { forbidden_status: 401 }, credentials: [warpReader] });
    expect(outcome(made.call("GET", "/cfd_tunnel", undefined, AS_WARP))).toEqual([401, 10000]);
  },
  empty_result: () => {
    const { call, create } = set({ empty_result: "object" });
    const { id } = create("cfd_tunnel", "a");
    expect(call("GET", `/cfd_tunnel/${UNKNOWN_ID}`).json.result).toEqual({});
    expect(call("DELETE", `/cfd_tunnel/${id}/connections`).json.result).toEqual({});
  },
  should_retry_header: () => {
    const header = ({ call, create }: World) => {
      create("cfd_tunnel", "a");
      return call("POST", "/cfd_tunnel", { name: "a" }).headers["x-should-retry"];
    };
    expect([header(world()), header(set({ should_retry_header: true }))]).toEqual([undefined, "false"]);
  },
  reconnect_ms: () => {
    const { call, create, simulator, advance } = set({ reconnect_ms: 10 });
    const { id } = create("cfd_tunnel", "a");
    simulator.connect(id, { reconnects: true });
    call("DELETE", `/cfd_tunnel/${id}/connections`);
    advance(9);
    expect(row(call("GET", `/cfd_tunnel/${id}`)).status).toBe("down");
    advance(1);
    expect(row(call("GET", `/cfd_tunnel/${id}`)).status).toBe("healthy");
  },
  rate_limit: () => {
    const { call } = set({ rate_limit: 2 });
    const answers = [1, 2, 3].map(() => call("GET", "/cfd_tunnel"));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 429]);
    expect(answers.map((answer) => answer.headers["ratelimit"])).toEqual([
      '"default";r=1;t=300',
      '"default";r=0;t=300',
      '"default";r=0;t=300',
    ]);
    expect(answers[0]?.headers["ratelimit-policy"]).toBe('"default";q=2;w=300');
    expect(world().call("GET", "/cfd_tunnel").headers).not.toHaveProperty("ratelimit");
  },
  rate_window_s: () => {
    const { call, advance } = set({ rate_limit: 1, rate_window_s: 10 });
    const statuses = [1, 2, 3].map(() => {
      const { status } = call("GET", "/cfd_tunnel");
      advance(10_000);
      return status;
    });
    expect(statuses).toEqual([200, 200, 200]);
  },
  rate_block_s: () => {
    const { call, advance } = set({ rate_limit: 1, rate_window_s: 10, rate_block_s: 60 });
    call("GET", "/cfd_tunnel");
    advance(500);
    const refused = call("GET", "/cfd_tunnel");
    expect([...outcome(refused), refused.headers["retry-after"]]).toEqual([429, 971, "60"]);
    advance(58_001);
    expect(call("GET", "/cfd_tunnel").headers["retry-after"]).toBe("2");
    advance(1_998);
    expect(call("GET", "/cfd_tunnel").headers["retry-after"]).toBe("1");
    advance(1);
    expect(call("GET", "/cfd_tunnel").status).toBe(200);
  },
  retry_after: () => {
    const header = (retry_after: Switches["retry_after"]) =>
      set({ rate_limit: 0, retry_after }).call("GET", "/cfd_tunnel").headers["retry-after"];
    expect([header("seconds"), header("date"), header("absent")]).toEqual([
      "300",
      "Wed, 25 Nov 2026 08:05:00 GMT",
      undefined,
    ]);
  },
  rate_limit_body: () => {
    const answer = set({ rate_limit: 0, rate_limit_body: "text" }).call("GET", "/cfd_tunnel");
    expect([answer.status, answer.text, answer.headers["content-type"]]).toEqual([
      429,
      "error code: 1015",
      "text/plain",
    ]);
  },
};

describe("each switch", () => {
  it.each(Object.entries(cases))("%s", (_, tried) => tried());
});

describe("withSwitches", () => {
  it("keeps what is not changed", () => {
    const first = withSwitches({ quota: null, names: "shared" });
    expect(withSwitches({ list_lag: 3 }, first)).toEqual({
      ...defaultSwitches,
      quota: null,
      names: "shared",
      list_lag: 3,
    });
  });

  it.each<[{ readonly [name: string]: unknown }, string]>([
    [{ nmaes: "shared" }, 'There is no switch "nmaes".'],
    [{ toString: 1 }, 'There is no switch "toString".'],
    [{ names: "both" }, 'Switch "names" takes per_kind | shared.'],
    [{ list_lag: -1 }, 'Switch "list_lag" takes a whole number from 0.'],
    [{ list_lag: null }, 'Switch "list_lag" takes a whole number from 0.'],
    [{ quota: "all" }, 'Switch "quota" takes documented, a whole number from 0, or null.'],
    [{ rate_limit: 1.5 }, 'Switch "rate_limit" takes a whole number from 0, or null.'],
    [{ should_retry_header: 1 }, 'Switch "should_retry_header" takes true | false.'],
    [{ ignored_filters: [1] }, 'Switch "ignored_filters" takes a list of strings.'],
  ])("refuses %j", (change, message) => {
    expect(() => withSwitches(change)).toThrow(message);
  });

  it("forgets the rows of before: a switch shows at once", () => {
    const { call, create, simulator } = world();
    create("cfd_tunnel", "a", { tunnel_secret: OTHER_SECRET });
    expect(rows(call("GET", "/cfd_tunnel"))[0]).toHaveProperty("config_src");
    simulator.setSwitches({ config_src_on_read: "absent" });
    expect(rows(call("GET", "/cfd_tunnel"))[0]).not.toHaveProperty("config_src");
  });
});

describe("docs/sandbox.md", () => {
  it("has one row a switch, with its default", () => {
    const text = readFileSync(new URL("../../docs/sandbox.md", import.meta.url), "utf8");
    const documented = [...text.matchAll(/^\| `(\w+)` +\| `([^`]*)` +\|/gm)].map(([, name, value]) => [
      name,
      value,
    ]);
    const expected = Object.entries(defaultSwitches).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    expect(documented).toEqual(expected);
  });
});
