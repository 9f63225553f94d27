import { describe, expect, it } from "vitest";
import type { SeedDnsRecord } from "../../src/simulator/kinds/dns_record.ts";
import { code, TOKEN, UNKNOWN_ID, world, type Reading, type WorldOptions } from "./support/world.ts";

interface Row {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly content: string;
}

const HEADERS = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
const TARGET = `${UNKNOWN_ID}.cfargotunnel.com`;
const NO_ID = "f".repeat(32);
const outcome = (reading: Reading) => [reading.status, code(reading)];

function started(options: WorldOptions = {}) {
  const made = world(options);
  const [zone] = made.simulator.rows("zones");
  const call = (method: string, path: string, body?: unknown, token = TOKEN): Reading =>
    made.raw(
      method,
      `/client/v4/zones${path}`,
      { ...HEADERS, authorization: `Bearer ${token}` },
      body === undefined ? null : JSON.stringify(body),
    );
  const path = `/${zone?.id}/dns_records`;
  return {
    ...made,
    call,
    zoneId: zone?.id ?? "",
    path,
    post: (record: object) => call("POST", path, record),
    cname: (name: string, fields: object = {}) => {
      const answer = call("POST", path, { type: "CNAME", name, content: TARGET, proxied: true, ...fields });
      expect(answer.status, answer.text).toBe(200);
      return answer.json.result as Row;
    },
    listed: (query = "") =>
      (call("GET", `${path}${query}`).json.result as readonly Row[]).map(({ name }) => name),
    seed: (...records: readonly SeedDnsRecord[]) => made.simulator.add("dns_records", records),
  };
}

it("what is deleted is in no list, also where those of tunnels hold it", () => {
  const { simulator, seed, listed } = started({ switches: { is_deleted_default: "both" } });
  const [record] = seed({ name: "app.example.com", type: "A", content: "192.0.2.1" });
  expect(listed()).toEqual(["app.example.com"]);
  simulator.drop("dns_records", record?.id ?? "");
  expect(listed()).toEqual([]);
});

describe("zones", () => {
  const names = (reading: Reading) =>
    (reading.json.result as readonly { name: string }[]).map(({ name }) => name);

  it("are those that the account begins with, the same in every run", () => {
    const { call } = started();
    const listed = call("GET", "");
    expect(names(listed)).toEqual(["example.net", "example.com"]);
    expect(listed.json.result_info).toEqual({
      count: 2,
      page: 1,
      per_page: 20,
      total_count: 2,
      total_pages: 1,
    });
    expect(started({ seed: 9 }).call("GET", "").text).toBe(listed.text);
    expect(names(started({ zones: ["Bücher.example."] }).call("GET", ""))).toEqual(["xn--bcher-kva.example"]);
  });

  it.each<[string, readonly string[]]>([
    ["?name=example.com", ["example.com"]],
    ["?name=EXAMPLE.com", ["example.com"]],
    ["?name=ample.com", []],
    ["?name=equal:example.com", ["example.com"]],
    ["?name=not_equal:example.com", ["pending.example", "example.net"]],
    ["?name=contains:ample.", ["example.net", "example.com"]],
    ["?name=starts_with:exa", ["example.net", "example.com"]],
    ["?name=ends_with:.net", ["example.net"]],
    ["?name=ends_with_case_sensitive:.NET", []],
    ["?status=pending", ["pending.example"]],
    ["?status=active&account.id=0123456789abcdef0123456789abcdef&name=example.com", ["example.com"]],
    ["?account.id=other", []],
    ["?account.name=sandbox&name=example.com", ["example.com"]],
    ["?name=example.com&status=pending&match=any", ["pending.example", "example.com"]],
    ["?type=internal", ["internal.example"]],
    ["?order=name", ["example.com", "example.net", "pending.example"]],
    ["?order=name&direction=desc&per_page=5", ["pending.example", "example.net", "example.com"]],
    ["?page=2&per_page=5", []],
  ])("%s", (query, expected) => {
    const { call, simulator } = started();
    simulator.add("zones", [
      { name: "pending.example", status: "pending" },
      { name: "internal.example", type: "internal" },
    ]);
    expect(names(call("GET", query))).toEqual(expected);
  });

  it("are read by id, also by who may read their records only", () => {
    const credentials = [
      { token: "dns", permissions: { dns: "read" } },
      { token: "tunnels", permissions: { cfd_tunnel: "write" } },
    ] as const;
    const { call, zoneId } = started({ credentials });
    expect(call("GET", `/${zoneId}`).json.result).toMatchObject({ id: zoneId, name: "example.com" });
    expect(call("GET", `/${zoneId}`, undefined, "dns").status).toBe(200);
    expect(outcome(call("GET", `/${zoneId}`, undefined, "tunnels"))).toEqual([403, 10000]);
    expect(outcome(call("GET", `/${NO_ID}`))).toEqual([403, 9109]);
    expect(outcome(call("GET", "/example.com"))).toEqual([400, 7003]);
    expect(outcome(call("GET", "", undefined, "dns"))).toEqual([403, 9109]);
  });

  it("are refused outside a page of 5 to 50", () => {
    const { call } = started();
    for (const size of [4, 51]) {
      expect(outcome(call("GET", `?per_page=${size}`))).toEqual([400, 1030]);
    }
  });

  it("are no two of one name", () => {
    const { simulator } = world();
    expect(() => simulator.add("zones", [{ name: "EXAMPLE.com" }])).toThrow("has a zone example.com already");
  });
});

describe("DNS records", () => {
  it("go through their whole life", () => {
    const { cname, call, path, advance, listed } = started();
    const made = cname("App", { comment: "the app", ttl: 300 });
    expect(made).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      name: "app.example.com",
      type: "CNAME",
      content: TARGET,
      proxiable: true,
      proxied: true,
      ttl: 1,
      settings: {},
      meta: {},
      comment: "the app",
      tags: [],
      created_on: "2026-11-25T08:00:00.000000Z",
      modified_on: "2026-11-25T08:00:00.000000Z",
    });
    expect(call("GET", `${path}/${made.id}`).json.result).toEqual(made);
    advance(1000);
    const edited = call("PATCH", `${path}/${made.id}`, { content: "Other.Example.Org.", comment: null });
    expect(edited.json.result).toEqual({
      ...made,
      content: "other.example.org",
      comment: "",
      modified_on: "2026-11-25T08:00:01.000000Z",
    });
    expect(call("DELETE", `${path}/${made.id}`).json.result).toEqual({ id: made.id });
    for (const method of ["GET", "PATCH", "PUT", "DELETE"]) {
      expect(outcome(call(method, `${path}/${made.id}`, { name: "a", type: "A", content: "x" }))).toEqual([
        404, 81044,
      ]);
    }
    expect(listed()).toEqual([]);
  });

  it("lose with a PUT what it leaves out", () => {
    const { cname, call, path } = started();
    const { id } = cname("app", { comment: "x" });
    const body = { name: "app", type: "CNAME", content: TARGET };
    expect(call("PUT", `${path}/${id}`, body).json.result).toMatchObject({
      id,
      proxied: false,
      comment: "",
    });
    expect(outcome(call("PUT", `${path}/${id}`, { content: TARGET }))).toEqual([400, 1004]);
  });

  it.each([
    ["app", "app.example.com"],
    ["app.example.com.", "app.example.com"],
    ["APP.EXAMPLE.COM", "app.example.com"],
    ["@", "example.com"],
    ["example.com", "example.com"],
    ["*.lab", "*.lab.example.com"],
    ["bücher", "xn--bcher-kva.example.com"],
    ["app.example.net", "app.example.net.example.com"],
    ["myexample.com", "myexample.com.example.com"],
  ])("of %s are called %s", (name, expected) => {
    expect(started().cname(name).name).toBe(expected);
  });

  it.each<[object, number]>([
    [{ type: "CNAME", content: TARGET }, 1004],
    [{ name: "a", content: TARGET }, 1004],
    [{ name: "a", type: "CNAME" }, 1004],
    [{ name: "a", type: "CNAME", content: "http://x" }, 1004],
    [{ name: "a", type: "A", content: "home" }, 1004],
    [{ name: "a", type: "AAAA", content: "1.2.3.4" }, 1004],
    [{ name: "a", type: "NAME", content: "x" }, 1004],
    [{ name: "a", type: "TXT", content: "x", proxied: true }, 1004],
    [{ name: "a", type: "TXT", content: "x", ttl: 2 }, 1004],
    [{ name: "a", type: "TXT", content: "x", tags: "a:b" }, 1004],
    [{ name: "a", type: "TXT", content: "x", proxied: "yes" }, 1030],
    [{ name: "a", type: "TXT", content: "x", comment: "y".repeat(101) }, 9313],
  ])("are not made of %j", (body, error) => {
    const { post, listed } = started();
    expect(outcome(post(body))).toEqual([400, error]);
    expect(listed()).toEqual([]);
  });

  it("stand beside others of their name, but for a CNAME", () => {
    const { post, cname } = started();
    const put = (name: string, type: string, content: string) => outcome(post({ name, type, content }));
    cname("app");
    expect(put("app", "CNAME", "other.example.org")).toEqual([400, 81053]);
    expect(put("app", "CNAME", TARGET)).toEqual([400, 81058]);
    expect(put("app", "A", "192.0.2.1")).toEqual([400, 81054]);
    expect(put("app", "NS", "ns.example.org")).toEqual([400, 81054]);
    expect(put("app", "TXT", "hello")).toEqual([200, null]);
    expect(put("web", "A", "192.0.2.1")).toEqual([200, null]);
    expect(put("web", "A", "192.0.2.1")).toEqual([400, 81058]);
    expect(put("web", "A", "192.0.2.2")).toEqual([200, null]);
    expect(put("web", "CNAME", TARGET)).toEqual([400, 81053]);
  });

  it("keep what types of more than one content have", () => {
    const { post } = started();
    const mx = post({ name: "@", type: "MX", content: "mail.example.org", priority: 10 });
    expect(mx.json.result).toMatchObject({ type: "MX", priority: 10, proxiable: false });
    const srv = post({
      name: "_x._tcp",
      type: "SRV",
      data: { port: 1, priority: 1, target: "a", weight: 1 },
    });
    expect(srv.json.result).toMatchObject({ data: { port: 1 } });
  });

  it.each<[string, readonly string[]]>([
    ["?type=CNAME", ["b.example.com", "a.example.com"]],
    ["?name=a.example.com", ["a.example.com"]],
    ["?name.exact=A.example.com", ["a.example.com"]],
    ["?name.contains=B.", ["b.example.com"]],
    ["?name.startswith=c", ["c.example.com"]],
    ["?name.endswith=.example.com", ["c.example.com", "b.example.com", "a.example.com"]],
    ["?type=CNAME&content.endswith=.cfargotunnel.com", ["a.example.com"]],
    ["?content=192.0.2.1", ["c.example.com"]],
    ["?comment.present=", ["b.example.com"]],
    ["?comment.absent=", ["c.example.com", "a.example.com"]],
    ["?comment.contains=MARK", ["b.example.com"]],
    ["?proxied=true", ["a.example.com"]],
    ["?search=192", ["c.example.com"]],
    ["?type=A&proxied=true&match=any", ["c.example.com", "a.example.com"]],
    ["?order=name", ["a.example.com", "b.example.com", "c.example.com"]],
    ["?order=content&direction=desc", ["b.example.com", "c.example.com", "a.example.com"]],
    ["?per_page=2&page=2", ["a.example.com"]],
    ["?tag=team", []],
    ["?tag.absent=team&type=A", ["c.example.com"]],
  ])("are found by %s", (query, expected) => {
    const { seed, listed } = started();
    seed(
      { name: "a.example.com", type: "CNAME", content: TARGET, proxied: true },
      { name: "b.example.com", type: "CNAME", content: "x.example.org", comment: "marketing" },
      { name: "c.example.com", type: "A", content: "192.0.2.1" },
      { name: "d.example.net", type: "A", content: "192.0.2.1" },
    );
    expect(listed(query)).toEqual(expected);
  });

  it("are found by their tags on a plan that has some", () => {
    const { cname, listed } = started({ switches: { zone_plan: "paid" } });
    cname("a", { tags: ["team:dns", "important"] });
    cname("b");
    for (const query of ["tag=team", "tag=Team:DNS", "tag.present=important", "tag.startswith=team:d"]) {
      expect(listed(`?${query}`)).toEqual(["a.example.com"]);
    }
    expect(listed("?tag.absent=team")).toEqual(["b.example.com"]);
  });

  it("need a permission of their own, and a zone that is there", () => {
    const credentials = [{ token: "reader", permissions: { dns: "read", zone: "read" } }] as const;
    const { call, path } = started({ credentials });
    const record = { name: "a", type: "A", content: "192.0.2.1" };
    expect(call("GET", path, undefined, "reader").status).toBe(200);
    expect(outcome(call("POST", path, record, "reader"))).toEqual([403, 10000]);
    expect(outcome(call("POST", `${path}/batch`, {}, "reader"))).toEqual([403, 10000]);
    expect(outcome(call("GET", `/${NO_ID}/dns_records`))).toEqual([403, 9109]);
  });

  it("are of one zone only", () => {
    const { cname, call, simulator } = started();
    const { id } = cname("app");
    const other = simulator.rows("zones")[1]?.id;
    for (const method of ["GET", "PATCH", "DELETE"]) {
      expect(call(method, `/${other}/dns_records/${id}`, {}).status).toBe(404);
    }
  });

  it("outlive their tunnel", () => {
    const { simulator, cname, listed } = started();
    const [tunnel] = simulator.seed([{ kind: "cfd_tunnel", name: "web" }]);
    cname("app", { content: `${tunnel?.id}.cfargotunnel.com` });
    simulator.remove(tunnel?.id ?? "");
    expect(listed()).toEqual(["app.example.com"]);
  });

  it("from outside are of the zone with the longest name", () => {
    const { simulator } = world();
    const [sub] = simulator.add("zones", [{ name: "lab.example.com" }]);
    const [record] = simulator.add("dns_records", [
      { name: "a.lab.example.com", type: "A", content: "192.0.2.1" },
    ]);
    expect(record?.zone_id).toBe(sub?.id);
    expect(() =>
      simulator.add("dns_records", [{ name: "a.myexample.com", type: "A", content: "x" }]),
    ).toThrow("no zone of a.myexample.com");
  });
});

describe("a batch", () => {
  it("deletes, patches, puts and posts, in this order", () => {
    const { seed, call, path, listed } = started();
    const [a, b, c] = seed(
      { name: "a.example.com", type: "A", content: "192.0.2.1" },
      { name: "b.example.com", type: "CNAME", content: TARGET, proxied: true },
      { name: "c.example.com", type: "CNAME", content: TARGET, proxied: true },
    );
    const answer = call("POST", `${path}/batch`, {
      posts: [{ name: "a", type: "CNAME", content: TARGET, proxied: true }],
      puts: [{ id: c?.id, name: "c", type: "CNAME", content: "x.example.org" }],
      patches: [{ id: b?.id, comment: "moved" }],
      deletes: [{ id: a?.id }],
    });
    expect(answer.json.result).toMatchObject({
      deletes: [{ id: a?.id, name: "a.example.com" }],
      patches: [{ id: b?.id, comment: "moved", proxied: true }],
      puts: [{ id: c?.id, content: "x.example.org", proxied: false }],
      posts: [{ name: "a.example.com", type: "CNAME" }],
    });
    expect(listed("?order=name")).toEqual(["a.example.com", "b.example.com", "c.example.com"]);
  });

  it("does all of it or nothing", () => {
    const { seed, call, path, simulator } = started();
    const [a] = seed({ name: "a.example.com", type: "A", content: "192.0.2.1" });
    const { revision, contents } = simulator;
    const failed = call("POST", `${path}/batch`, {
      deletes: [{ id: a?.id }],
      posts: [
        { name: "a", type: "CNAME", content: TARGET },
        { name: "a", type: "A", content: "192.0.2.2" },
      ],
    });
    expect(outcome(failed)).toEqual([400, 81054]);
    expect([simulator.revision, simulator.contents]).toEqual([revision, contents]);
    expect(outcome(call("POST", `${path}/batch`, { deletes: [{ id: NO_ID }] }))).toEqual([404, 81044]);
    expect(outcome(call("POST", `${path}/batch`, { deletes: a?.id }))).toEqual([400, 1030]);
  });

  it("has at most as many operations as the plan allows", () => {
    const { call, path, listed } = started();
    const posts = Array.from({ length: 201 }, (_, i) => ({ name: `a${i}`, type: "TXT", content: "x" }));
    expect(outcome(call("POST", `${path}/batch`, { posts }))).toEqual([400, 1004]);
    expect(listed()).toEqual([]);
    expect(call("POST", `${path}/batch`, { posts: posts.slice(1) }).status).toBe(200);
  });
});

describe("what cloudflared's `tunnel route dns` asks for", () => {
  function routing() {
    const made = started();
    const [tunnel] = made.simulator.seed([{ kind: "cfd_tunnel", name: "web" }]);
    const path = `/${made.zoneId}/tunnels/${tunnel?.id}/routes`;
    return {
      ...made,
      content: `${tunnel?.id}.cfargotunnel.com`,
      route: (user_hostname: string, overwrite_existing = false) =>
        made.call("PUT", path, { type: "dns", user_hostname, overwrite_existing }),
      routePath: path,
    };
  }

  it("is a proxied CNAME, made once", () => {
    const { route, content, call, path } = routing();
    expect(route("app.example.com").json.result).toEqual({ cname: "new", name: "app.example.com" });
    expect(call("GET", path).json.result).toMatchObject([{ type: "CNAME", content, proxied: true }]);
    expect(route("app").json.result).toEqual({ cname: "unchanged", name: "app.example.com" });
  });

  it("takes the place of others only where it is told to", () => {
    const { route, seed, listed, call, path, content } = routing();
    seed(
      { name: "app.example.com", type: "A", content: "192.0.2.1" },
      { name: "app.example.com", type: "A", content: "192.0.2.2" },
      { name: "app.example.com", type: "TXT", content: "stays" },
    );
    expect(outcome(route("app"))).toEqual([400, 1003]);
    expect(listed()).toHaveLength(3);
    expect(route("app", true).json.result).toEqual({ cname: "updated", name: "app.example.com" });
    expect(call("GET", `${path}?type=CNAME`).json.result).toMatchObject([{ content }]);
    expect(listed()).toHaveLength(2);
  });

  it("lands in the zone that is named, also for a name of another", () => {
    expect(routing().route("app.example.net").json.result).toMatchObject({
      name: "app.example.net.example.com",
    });
  });

  it("is refused for a tunnel that is not there, and for a load balancer", () => {
    const { call, zoneId, routePath } = routing();
    const body = { type: "dns", user_hostname: "app.example.com" };
    expect(call("PUT", `/${zoneId}/tunnels/${UNKNOWN_ID}/routes`, body).status).toBe(404);
    expect(outcome(call("PUT", routePath, { type: "lb", lb_name: "x" }))).toEqual([400, 1030]);
  });
});
