import { describe, expect, it } from "vitest";
import { ApiError } from "../../src/cloudflare/error.ts";
import { dnsRecord } from "../../src/kinds/dns_record/index.ts";
import { zones } from "../../src/kinds/dns_record/zones.ts";
import type { SeedTunnel } from "../../src/simulator/seed.ts";
import type { SeedDnsRecord } from "../../src/simulator/kinds/dns_record.ts";
import { createRig, type Rig, type RigOptions } from "../support/rig.ts";

const TUNNEL = "0192f0c1-7e57-7abc-8def-0123456789ab";
const OTHER = "0192f0c1-7e57-7abc-8def-0123456789ac";
const cname = (id: string) => `${id}.cfargotunnel.com`;
const NO_ID = "f".repeat(32);

interface Account extends Rig {
  zone(name: string): string;
  seed(...records: readonly SeedDnsRecord[]): readonly string[];
}

function account(options: RigOptions = {}): Account {
  const rig = createRig(options);
  return Object.assign(rig, {
    zone: (name: string) => rig.simulator.rows("zones").find((row) => row.name === name)?.id ?? "",
    seed: (...records: readonly SeedDnsRecord[]) =>
      rig.simulator.add("dns_records", records).map(({ id }) => id),
  });
}

function wanted(zone_id: string, name = "app.example.com", change: object = {}) {
  const spec = { name, zone_id, type: "CNAME", content: cname(TUNNEL), proxied: true, ...change };
  return { name, spec, secrets: {} };
}

describe("the zone of a name", () => {
  const zoneOf = (name: string, there: readonly string[]) =>
    zones.candidates(name).find((candidate) => there.includes(candidate)) ?? null;

  it.each<[string, readonly string[], string | null]>([
    ["app.example.com", ["example.com"], "example.com"],
    ["example.com", ["example.com"], "example.com"],
    ["a.myexample.com", ["example.com"], null],
    ["a.myexample.com", ["example.com", "myexample.com"], "myexample.com"],
    ["a.dev.example.com", ["example.com", "dev.example.com"], "dev.example.com"],
    ["dev.example.com", ["example.com", "dev.example.com"], "dev.example.com"],
    ["adev.example.com", ["example.com", "dev.example.com"], "example.com"],
    ["*.dev.example.com", ["example.com", "dev.example.com"], "dev.example.com"],
    ["*.example.com", ["example.com"], "example.com"],
    ["APP.Example.COM.", ["example.com"], "example.com"],
    ["app.bücher.example", ["xn--bcher-kva.example"], "xn--bcher-kva.example"],
    ["app.example.com", ["com"], null],
    ["app.example.com", ["app.example.com.evil.example"], null],
  ])("of %s among %j is %s", (name, there, expected) => {
    expect(zoneOf(name, there)).toBe(expected);
  });

  it("names what was tried, the longest first", () => {
    expect(zones.candidates("a.b.example.com")).toEqual(["a.b.example.com", "b.example.com", "example.com"]);
    expect(zones.candidates("*.example.com")).toEqual(["example.com"]);
  });
});

describe("the zones of an account", () => {
  const at = { file: "tunnels.yaml", line: 1, column: 1 };
  const named = (name: string, id: string | null = null) => ({ kind: "zone", name, id, source: at });

  it("are listed in one request, in the pages that the API allows", async () => {
    const rig = account();
    const listed = await zones.list(rig.client, []);
    expect(listed.map(({ name, facts }) => `${name} ${facts["status"]}`).sort()).toEqual([
      "example.com active",
      "example.net active",
    ]);
    const [request, ...others] = rig.requests();
    expect(others).toEqual([]);
    expect(request).toMatch(/^GET \/client\/v4\/zones\?account\.id=[0-9a-f]{32}&page=1&per_page=50$/);
  });

  it("do not make other lists shorter", async () => {
    const rig = account();
    await zones.list(rig.client, []);
    rig.requests();
    await rig.client.list("/cfd_tunnel", {}, () => null);
    expect(rig.requests()).toEqual(["GET /cfd_tunnel?page=1&per_page=1000"]);
  });

  it("are those that the files name, where they name any", async () => {
    const rig = account();
    expect((await zones.list(rig.client, [named("Example.net")])).map(({ name }) => name)).toEqual([
      "example.net",
    ]);
    expect(await zones.list(rig.client, [named("example.org")])).toEqual([]);
  });

  it("are read by id where every one has one, which takes no permission to list them", async () => {
    const rig = account();
    const id = rig.zone("example.com");
    rig.requests();
    expect((await zones.list(rig.client, [named("example.com", id)])).map(({ name }) => name)).toEqual([
      "example.com",
    ]);
    expect(rig.requests()).toEqual([`GET /client/v4/zones/${id}`]);
  });

  it("are not taken for others than the files mean", async () => {
    const rig = account();
    await expect(zones.list(rig.client, [named("example.org", rig.zone("example.com"))])).rejects.toThrow(
      "the files call this zone example.org, and Cloudflare example.com",
    );
  });

  it("that may not be listed are no zones that are not there", async () => {
    const rig = account();
    rig.simulator.setCredentials([
      { token: "a-token-that-opens-the-simulator-only", permissions: { dns: "write" } },
    ]);
    await expect(zones.list(rig.client, [])).rejects.toMatchObject({ hint: "missing_permission" });
    await expect(zones.list(rig.client, [named("example.com", NO_ID)])).rejects.toMatchObject({
      hint: "missing_permission",
    });
  });
});

describe("dns_record speaks the API", () => {
  it("creates, lists, reads, finds, changes and deletes", async () => {
    const rig = account();
    const zone = rig.zone("example.com");
    const { id, ...made } = await dnsRecord.create(rig.client, wanted(zone, "app.example.com"));
    expect(made).toEqual({
      kind: "dns_record",
      name: "app.example.com",
      spec: { ...wanted(zone).spec, comment: "" },
      facts: { created_at: expect.any(String) },
    });
    const listed = await dnsRecord.list(rig.client, zone);
    expect(listed).toEqual([{ id, ...made }]);
    expect(await dnsRecord.list(rig.client)).toEqual(listed);
    expect(await dnsRecord.list(rig.client, rig.zone("example.net"))).toEqual([]);
    expect(await dnsRecord.read(rig.client, id, zone)).toEqual(listed[0]);
    expect(await dnsRecord.find(rig.client, wanted(zone))).toEqual(listed);
    const edit = { spec: { content: cname(OTHER), comment: "moved" }, secrets: {} };
    await dnsRecord.update(rig.client, id, edit, zone);
    expect((await dnsRecord.read(rig.client, id, zone))?.spec).toMatchObject({
      content: cname(OTHER),
      proxied: true,
      comment: "moved",
    });
    await dnsRecord.delete(rig.client, id, zone);
    await dnsRecord.delete(rig.client, id, zone);
    expect(await dnsRecord.read(rig.client, id, zone)).toBeNull();
    expect(rig.requests().filter((request) => request.startsWith("PUT"))).toEqual([]);
  });

  it("lists in one request what leads to tunnels, and finds by name whatever excludes a CNAME", async () => {
    const rig = account();
    rig.seed(
      { name: "app.example.com", type: "CNAME", content: cname(TUNNEL).toUpperCase() },
      { name: "www.example.com", type: "CNAME", content: "app.example.com" },
      { name: "fake.example.com", type: "CNAME", content: "a.notcfargotunnel.com" },
      { name: "a.example.com", type: "A", content: "192.0.2.1" },
      { name: "a.example.com", type: "AAAA", content: "2001:db8::1" },
      { name: "a.example.com", type: "TXT", content: "text" },
      { name: "sub.a.example.com", type: "A", content: "192.0.2.2" },
    );
    const zone = rig.zone("example.com");
    rig.requests();
    expect((await dnsRecord.list(rig.client, zone)).map(({ name, spec }) => [name, spec["content"]])).toEqual(
      [["app.example.com", cname(TUNNEL)]],
    );
    expect(rig.requests()).toEqual([
      `GET /client/v4/zones/${zone}/dns_records?type=CNAME&content.endswith=.cfargotunnel.com&page=1&per_page=1000`,
    ]);
    const types = async (name: string) =>
      (await dnsRecord.find(rig.client, wanted(zone, name)))
        .map(({ spec }) => JSON.stringify(spec["type"]))
        .sort();
    expect(await types("a.example.com")).toEqual(['"A"', '"AAAA"']);
    expect(await types("www.example.com")).toEqual(['"CNAME"']);
    expect(await types("none.example.com")).toEqual([]);
  });

  it("replaces in one transaction, or not at all", async () => {
    const rig = account();
    const zone = rig.zone("example.com");
    const [id = ""] = rig.seed({ name: "app.example.com", type: "A", content: "192.0.2.1" });
    rig.requests();
    const made = await dnsRecord.swap(rig.client, id, wanted(zone));
    expect(rig.requests()).toEqual([`POST /client/v4/zones/${zone}/dns_records/batch`]);
    expect(await dnsRecord.find(rig.client, wanted(zone))).toEqual([made]);
    const [other = ""] = rig.seed({ name: "b.example.com", type: "A", content: "192.0.2.1" });
    const bad = wanted(zone, "b.example.com", { comment: "x".repeat(101) });
    await expect(dnsRecord.swap(rig.client, other, bad)).rejects.toMatchObject({ ambiguous: false });
    expect((await dnsRecord.find(rig.client, bad)).map((record) => record.id)).toEqual([other]);
  });

  it.each([81057, 81058])("takes an identical record (%i) for what it was to make", async (code) => {
    const rig = account({ switches: { identical_record_code: code } });
    const zone = rig.zone("example.com");
    const [id] = rig.seed({ name: "app.example.com", type: "CNAME", content: cname(TUNNEL), proxied: true });
    expect(await dnsRecord.create(rig.client, wanted(zone))).toMatchObject({ id, wasThere: true });
    // One that differs in what is managed is somebody else's.
    const unlike = dnsRecord.create(rig.client, wanted(zone, "app.example.com", { comment: "mine" }));
    await expect(unlike).rejects.toMatchObject({ status: 409, ambiguous: false });
  });

  it("says that a name is taken", async () => {
    const rig = account();
    rig.seed({ name: "app.example.com", type: "A", content: "192.0.2.1" });
    const error = await dnsRecord
      .create(rig.client, wanted(rig.zone("example.com")))
      .catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ failure: "refused", status: 409, ambiguous: false });
  });

  it.each<[string, object, RegExp]>([
    ["has no id", { id: null }, /no id/],
    ["has an id that could change the path", { id: "../../x" }, /no id/],
    ["has no name", { name: undefined }, /no name/],
    ["has no type", { type: 5 }, /no type/],
  ])("fails a reading in which a row %s", async (_, wrong, message) => {
    const rig = account();
    const row = { id: NO_ID, name: "app.example.com", type: "CNAME", content: cname(TUNNEL), ...wrong };
    rig.fault = () => answer([row], { page: 1, per_page: 1000, count: 1, total_count: 1 });
    await expect(dnsRecord.list(rig.client, rig.zone("example.com"))).rejects.toThrow(message);
  });

  it("does not send a write twice when the answer is a 503, nor believe a yes without the record", async () => {
    const rig = account();
    const zone = rig.zone("example.com");
    const edit = { spec: { proxied: true }, secrets: {} };
    const writes = () => [
      dnsRecord.create(rig.client, wanted(zone)),
      dnsRecord.update(rig.client, NO_ID, edit, zone),
      dnsRecord.delete(rig.client, NO_ID, zone),
      dnsRecord.swap(rig.client, NO_ID, wanted(zone)),
    ];
    for (const fault of [{ type: "answer", acts: true, status: 503 } as const, answer({}), answer(null)]) {
      rig.requests();
      rig.fault = () => fault;
      const ends = await Promise.all(
        writes().map((write) => Promise.resolve(write).catch((thrown: unknown) => thrown)),
      );
      expect(ends).toMatchObject(ends.map(() => ({ ambiguous: true })));
      expect(rig.requests()).toHaveLength(4);
    }
  });
});

const CONFIGURED = `config_src: cloudflare, ingress: [{ hostname: app.example.com, service: "http://localhost:1" }, { service: "http_status:404" }]`;
const file = (entries: string, top = "") => `version: 1\n${top}cfd_tunnel:\n${entries}`;
const writesOf = (rig: Rig) => rig.requests().filter((request) => !request.startsWith("GET"));

/** What the zones hold, sorted. */
function records(rig: Rig): readonly string[] {
  return rig.simulator
    .rows("dns_records")
    .filter(({ deleted_at }) => deleted_at === null)
    .map(({ name, type, content, proxied }) => `${name} ${type} ${content}${proxied ? " proxied" : ""}`)
    .sort();
}

describe("names in the file", () => {
  it("become records after the tunnel and its configuration, and then plan to nothing", async () => {
    const rig = account();
    const yaml = file(`  web: { ${CONFIGURED}, dns: [ingress, { name: WWW.example.net, comment: hello }] }`);
    const { outcomes, verification } = await rig.apply(yaml);
    expect(outcomes.map(({ status, change }) => `${status} ${change.kind}/${change.name}`)).toEqual([
      "applied cfd_tunnel/web",
      "applied cfd_tunnel_configuration/web",
      "applied dns_record/app.example.com",
      "applied dns_record/www.example.net",
    ]);
    expect(verification.verified).toBe(true);
    expect(writesOf(rig).map((request) => request.replace(/[0-9a-f-]{32,36}/g, "ID"))).toEqual([
      "POST /cfd_tunnel",
      "PUT /cfd_tunnel/ID/configurations",
      "POST /client/v4/zones/ID/dns_records",
      "POST /client/v4/zones/ID/dns_records",
    ]);
    const [tunnel] = rig.simulator.tunnels;
    const content = cname(tunnel?.id ?? "");
    expect(records(rig)).toEqual([
      `app.example.com CNAME ${content} proxied`,
      `www.example.net CNAME ${content} proxied`,
    ]);
    const again = await rig.plan(yaml);
    expect([again.changes, again.blocked, again.notes, again.unchanged]).toEqual([[], [], [], 4]);
    // One for the tunnels, one for the configuration, one for the zones and one for each of them.
    expect(rig.requests()).toHaveLength(5);
  });

  it("are proxied again, and a comment is managed where it is written", async () => {
    const rig = account({ tunnels: [{ kind: "cfd_tunnel", name: "web", id: TUNNEL }] });
    rig.seed({ name: "app.example.com", type: "CNAME", content: cname(TUNNEL), comment: "kept" });
    await rig.apply(file("  web: { dns: [app.example.com] }"));
    const [row] = rig.simulator.rows("dns_records");
    expect(row).toMatchObject({ proxied: true, comment: "kept" });
    expect(writesOf(rig)).toEqual([expect.stringMatching(/^PATCH /)]);
    await rig.apply(file('  web: { dns: [{ name: app.example.com, comment: "" }] }'));
    expect(rig.simulator.rows("dns_records")[0]).toMatchObject({ comment: "" });
  });

  it("that lie in no zone of the account are blocked, naming what was tried", async () => {
    const rig = account();
    const { blocked } = await rig.plan(file("  web: { dns: [a.myexample.com] }"));
    expect(blocked.map(({ reason }) => reason)).toEqual([
      { code: "zone_unknown", candidates: ["a.myexample.com", "myexample.com"], seesNone: false },
    ]);
  });

  it("go to the longest zone", async () => {
    const rig = account();
    rig.simulator.add("zones", [{ name: "myexample.com" }, { name: "dev.example.com" }]);
    await rig.apply(file("  web: { dns: [a.myexample.com, a.dev.example.com, b.example.com] }"));
    const zoneNames = new Map(rig.simulator.rows("zones").map(({ id, name }) => [id, name]));
    expect(
      rig.simulator
        .rows("dns_records")
        .map(({ name, zone_id }) => `${name} in ${zoneNames.get(zone_id)}`)
        .sort(),
    ).toEqual([
      "a.dev.example.com in dev.example.com",
      "a.myexample.com in myexample.com",
      "b.example.com in example.com",
    ]);
  });

  it("in a pending zone are made, and a note says that nobody resolves them", async () => {
    const rig = account();
    rig.simulator.add("zones", [{ name: "pending.example", status: "pending" }]);
    const { plan } = await rig.apply(file("  web: { dns: [a.pending.example] }"));
    expect(plan.notes.map(({ reason }) => reason)).toEqual([
      { code: "zone_pending", zone: "pending.example", status: "pending" },
    ]);
  });
});

describe("a name that holds something else", () => {
  const tunnels: readonly SeedTunnel[] = [{ kind: "cfd_tunnel", name: "web", id: TUNNEL }];
  const yaml = (item = "app.example.com") => file(`  web: { dns: [${item}] }`);

  it.each<[string, SeedDnsRecord["type"], string, string]>([
    ["an address", "A", "192.0.2.1", "dns_conflict"],
    ["an alias", "CNAME", "elsewhere.example.org", "dns_conflict"],
    ["a delegation", "NS", "ns.example.org", "dns_conflict"],
    ["a tunnel of nobody knows whom", "CNAME", cname(OTHER), "dns_points_elsewhere"],
  ])(
    "%s is blocked, and replaced in one transaction where the file says so",
    async (_, type, content, code) => {
      const rig = account({ tunnels });
      const [id = ""] = rig.seed({ name: "app.example.com", type, content, comment: "mine" });
      const { blocked, unmanaged } = await rig.plan(yaml());
      expect(blocked).toMatchObject([{ kind: "dns_record", name: "app.example.com", reason: { code } }]);
      expect(unmanaged).toMatchObject([]);
      rig.requests();
      const { plan, verification } = await rig.apply(yaml(`{ name: app.example.com, replace: ${id} }`));
      expect(plan.changes).toMatchObject([{ action: "replace", id, before: { spec: { type, content } } }]);
      expect(writesOf(rig)).toEqual([expect.stringMatching(/^POST .*\/batch$/)]);
      expect(verification.verified).toBe(true);
      expect(records(rig)).toEqual([`app.example.com CNAME ${cname(TUNNEL)} proxied`]);
      expect((await rig.plan(yaml())).changes).toEqual([]);
    },
  );

  it("is not replaced under another id, nor where several have the name", async () => {
    const rig = account({ tunnels });
    const seed = { name: "app.example.com", type: "A" } as const;
    rig.seed({ ...seed, content: "192.0.2.1" });
    const other = await rig.plan(yaml(`{ name: app.example.com, replace: ${NO_ID} }`));
    expect(other.blocked).toMatchObject([{ reason: { code: "dns_conflict" } }]);
    rig.seed({ ...seed, content: "192.0.2.2" });
    const { blocked } = await rig.plan(yaml());
    expect(blocked).toMatchObject([
      { reason: { code: "dns_conflict", records: [{ type: "A" }, { type: "A" }] } },
    ]);
  });

  it("is left alone by a tombstone", async () => {
    const rig = account({ tunnels });
    rig.seed({ name: "app.example.com", type: "A", content: "192.0.2.1" });
    const { changes, blocked } = await rig.plan(yaml("{ name: app.example.com, state: absent }"));
    expect([changes, blocked]).toEqual([[], []]);
  });

  it("is taken over by its id, by PATCH, from a tunnel that the files do not declare", async () => {
    const rig = account({ tunnels: [...tunnels, { kind: "cfd_tunnel", name: "other", id: OTHER }] });
    const [id = ""] = rig.seed({
      name: "app.example.com",
      type: "CNAME",
      content: cname(OTHER),
      proxied: true,
    });
    expect((await rig.plan(yaml())).blocked).toMatchObject([
      { reason: { code: "dns_points_elsewhere", id, owner: { name: "other" } } },
    ]);
    rig.requests();
    await rig.apply(yaml(`{ name: app.example.com, id: ${id} }`));
    expect(writesOf(rig)).toEqual([expect.stringMatching(/^PATCH /)]);
  });

  it("is said to be there where an item has its id", async () => {
    const rig = account({ tunnels });
    const [id = ""] = rig.seed({ name: "app.example.com", type: "A", content: "192.0.2.1" });
    const { blocked } = await rig.plan(yaml(`{ name: app.example.com, id: ${id} }`));
    expect(blocked).toMatchObject([{ reason: { code: "dns_conflict", records: [{ id }] } }]);
  });

  it("that led to a deleted tunnel of this account is adopted, with a note", async () => {
    const rig = account({ tunnels: [...tunnels, { kind: "cfd_tunnel", name: "gone", id: OTHER }] });
    rig.simulator.remove(OTHER);
    rig.seed({ name: "app.example.com", type: "CNAME", content: cname(OTHER), proxied: true });
    const { plan } = await rig.apply(yaml());
    expect(plan.notes.map(({ reason }) => reason)).toMatchObject([{ code: "adopted" }]);
    expect(writesOf(rig)).toEqual([expect.stringMatching(/^PATCH /)]);
    expect(records(rig)).toEqual([`app.example.com CNAME ${cname(TUNNEL)} proxied`]);
  });

  it("that changed since the plan is not written over", async () => {
    const rig = account({ tunnels });
    const [id = ""] = rig.seed({ name: "app.example.com", type: "A", content: "192.0.2.1" });
    let reads = 0;
    rig.fault = ({ method, path }) => {
      if (method === "GET" && path.endsWith(`/dns_records/${id}`)) {
        reads += 1;
        return answer({ id, name: "app.example.com", type: "A", content: "192.0.2.99", proxied: false });
      }
      return undefined;
    };
    const { outcomes } = await rig.apply(yaml(`{ name: app.example.com, replace: ${id} }`));
    expect([outcomes.map(({ status }) => status), reads]).toEqual([["failed"], 1]);
    expect(records(rig)).toEqual(["app.example.com A 192.0.2.1"]);
  });
});

describe("a name that moves between declared tunnels", () => {
  const rules = (...hosts: readonly string[]) =>
    `config_src: cloudflare, ingress: [${hosts.map((host) => `{ hostname: ${host}, service: "http://localhost:1" }, `).join("")}{ service: "http_status:404" }]`;
  const both = (a: string, b: string) => file(`  a: { ${a}, dns: ingress }\n  b: { ${b}, dns: ingress }`);
  const order = (rig: Rig) =>
    writesOf(rig).map((request) => {
      const names = rig.simulator.tunnels.map(({ id, name }) => [id, name] as const);
      return names
        .reduce((text, [id, name]) => text.replace(id, name), request)
        .replace(/[0-9a-f]{32}/g, "ID");
    });

  it("is ready where it goes before it goes, and is kept where it was until then: one PATCH", async () => {
    const rig = account();
    await rig.apply(both(rules("x.example.com", "y.example.com"), rules("z.example.com")));
    rig.requests();
    await rig.apply(both(rules("y.example.com"), rules("z.example.com", "x.example.com")));
    expect(order(rig)).toEqual([
      "PUT /cfd_tunnel/b/configurations",
      "PATCH /client/v4/zones/ID/dns_records/ID",
      "PUT /cfd_tunnel/a/configurations",
    ]);
    expect(
      (await rig.plan(both(rules("y.example.com"), rules("z.example.com", "x.example.com")))).changes,
    ).toEqual([]);
  });

  it("and two that swap both arrive", async () => {
    const rig = account();
    await rig.apply(both(rules("x.example.com"), rules("y.example.com")));
    const swap = both(rules("y.example.com"), rules("x.example.com"));
    // One of the two has a moment without rules, and the plan says which.
    const { notes } = await rig.plan(swap);
    expect(notes.map(({ name, reason }) => `${name} ${reason.code}`)).toEqual(["y.example.com gap"]);
    const { outcomes } = await rig.apply(swap);
    expect(outcomes.map(({ status }) => status)).toEqual(["applied", "applied", "applied", "applied"]);
  });

  it("goes with its tunnel, before it", async () => {
    const rig = account();
    await rig.apply(both(rules("x.example.com"), rules("y.example.com")));
    rig.requests();
    await rig.apply(file(`  a: { state: absent }\n  b: { ${rules("y.example.com")}, dns: ingress }`));
    expect(order(rig)).toEqual(["DELETE /client/v4/zones/ID/dns_records/ID", "DELETE /cfd_tunnel/a"]);
  });
});

function answer(result: unknown, result_info?: object) {
  return {
    type: "answer",
    acts: false,
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      success: true,
      errors: [],
      messages: [],
      result,
      ...(result_info && { result_info }),
    }),
  } as const;
}
