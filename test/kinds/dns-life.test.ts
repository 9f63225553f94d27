import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/engine/model/change.ts";
import { createRig, type Rig, type RigOptions } from "../support/rig.ts";
import { ID, withTunnels } from "./hanging.ts";

const cname = (id: string) => `${id}.cfargotunnel.com`;
const HOUR = 3_600_000;

function rigWithTunnels(options: RigOptions = {}): Rig {
  const rig = createRig(options);
  withTunnels(rig.simulator);
  return rig;
}

/** Puts records into the account, each of a name and what it leads to. */
function seed({ simulator }: Rig, ...records: readonly (readonly [name: string, content: string])[]) {
  return simulator.add(
    "dns_records",
    records.map(([name, content]) => ({ type: "CNAME", name, content, proxied: true })),
  );
}

const changesOf = ({ changes }: Plan) => changes.map(({ action, kind, name }) => `${action} ${kind}/${name}`);
const blockedOf = ({ blocked }: Plan) =>
  blocked.map(({ kind, name, reason }) => `${kind}/${name} ${reason.code}`);
const notesOf = ({ notes }: Plan) => notes.map(({ name, reason }) => `${name} ${reason.code}`);
const namesIn = ({ simulator }: Rig) =>
  simulator
    .rows("dns_records")
    .filter(({ deleted_at }) => deleted_at === null)
    .map(({ name }) => name)
    .sort();

const file = (entries: string, head = "") => `version: 1\n${head}cfd_tunnel:\n${entries}`;
const SERVED = `  web:
    config_src: cloudflare
    ingress: [{ hostname: app.example.com, service: "http://localhost:1" }, { service: "http_status:404" }]
    dns: ingress
`;

describe("a record of rules that are new", () => {
  /** An account in which web follows the API, with connectors that take so long for a version, or (null) refuse it. */
  const served = (connectors: readonly (number | null)[], rolloutTimeout = 30_000) => {
    const rig = createRig({ rolloutTimeout });
    rig.simulator.seed([
      {
        kind: "cfd_tunnel",
        name: "web",
        id: ID.web,
        config_src: "cloudflare",
        connectors: connectors.map((config_lag_ms) => ({ config_lag_ms })),
      },
    ]);
    return rig;
  };

  it("waits until the first connector has them", async () => {
    const rig = served([null, 5_000]);
    let asked = 0;
    rig.fault = ({ method, path }) => {
      asked += path.endsWith("/connections") ? 1 : 0;
      if (method === "POST" && path.includes("dns_records")) {
        expect(asked).toBeGreaterThan(1);
      }
      return undefined;
    };
    const started = rig.clock.now();
    const { outcomes, verification } = await rig.apply(file(SERVED));
    expect(outcomes.map(({ status }) => status)).toEqual(["applied", "applied"]);
    expect(rig.clock.now() - started).toBeGreaterThanOrEqual(5_000);
    // The other one never follows.
    expect(verification).toMatchObject({ verified: false, because: "not_rolled_out" });
    expect(namesIn(rig)).toEqual(["app.example.com"]);
  });

  it("waits for the version that was written, whatever a reading that lags shows", async () => {
    const rig = served([5_000]);
    await rig.apply(file(SERVED.replace("    dns: ingress\n", "").replace("app.example", "old.example")));
    rig.simulator.setSwitches({ read_lag: 1 });
    const started = rig.clock.now();
    let made = 0;
    rig.fault = ({ method, path }) => {
      made = method === "POST" && path.includes("dns_records") ? rig.clock.now() - started : made;
      return undefined;
    };
    await rig.apply(file(SERVED));
    expect(made).toBeGreaterThanOrEqual(5_000);
  });

  it("is skipped where none has them in time, and made by the next apply", async () => {
    const rig = served([null]);
    const { outcomes } = await rig.apply(file(SERVED));
    expect(outcomes).toMatchObject([
      { status: "applied", change: { kind: "cfd_tunnel_configuration" } },
      { status: "skipped", because: { code: "not_followed", kind: "cfd_tunnel_configuration", name: "web" } },
    ]);
    expect(namesIn(rig)).toEqual([]);
    await rig.apply(file(SERVED));
    expect(namesIn(rig)).toEqual(["app.example.com"]);
  });

  it("waits for nobody where there is no connector, nor where nobody is to be waited for", async () => {
    for (const rig of [served([]), served([null], 0)]) {
      const started = rig.clock.now();
      const { outcomes } = await rig.apply(file(SERVED));
      expect(outcomes.map(({ status }) => status)).toEqual(["applied", "applied"]);
      expect(rig.clock.now() - started).toBeLessThan(1_000);
    }
  });

  it("is not made where the rules were not written", async () => {
    const rig = served([]);
    rig.fault = ({ method }) => (method === "PUT" ? { type: "answer", acts: false, status: 400 } : undefined);
    const { outcomes } = await rig.apply(file(SERVED));
    expect(outcomes.map(({ status }) => status)).toEqual(["failed", "skipped"]);
    expect(namesIn(rig)).toEqual([]);
  });
});

describe("records beyond what is written", () => {
  const pruned = file("  web: { dns: [app.example.com] }\n", "prune: { prefix: w }\n");

  it("are pruned in the zones of the names that are written, and in those that the files name", async () => {
    const rig = rigWithTunnels();
    seed(
      rig,
      ["app.example.com", cname(ID.web)],
      ["old.example.com", cname(ID.web)],
      ["old.example.net", cname(ID.web)],
      ["by-hand.example.com", cname(ID.byHand)],
    );
    rig.clock.advance(2 * HOUR);
    expect(changesOf(await rig.plan(pruned))).toEqual(["delete dns_record/old.example.com"]);
    const named = `zones: { example.com: , example.net: }\nprune: { prefix: w }\n`;
    const { plan } = await rig.apply(file("  web: { dns: [app.example.com] }\n", named));
    expect(changesOf(plan)).toEqual([
      "delete dns_record/old.example.com",
      "delete dns_record/old.example.net",
    ]);
    expect(namesIn(rig)).toEqual(["app.example.com", "by-hand.example.com"]);
  });

  it("are not, while they are young, beyond the limit, of a protected tunnel, or without a prefix", async () => {
    const rig = rigWithTunnels();
    seed(rig, ["app.example.com", cname(ID.web)], ["old.example.com", cname(ID.web)]);
    expect(blockedOf(await rig.plan(pruned))).toEqual(["dns_record/old.example.com recently_active"]);
    rig.clock.advance(2 * HOUR);
    expect(blockedOf(await rig.plan(`${pruned}protected: [web]\n`))).toEqual([
      "dns_record/old.example.com protected",
    ]);
    expect(blockedOf(await rig.plan(`${pruned}limits: { max_deletes: 0 }\n`))).toEqual([
      "null/null max_deletes",
    ]);
    const { changes, unmanaged } = await rig.plan(file("  web: { dns: [app.example.com] }\n"));
    expect(changes).toEqual([]);
    expect(unmanaged.map(({ name }) => name)).toContain("old.example.com");
  });
});

describe("a name", () => {
  const both = file("  web: { dns: [] }\n  api: { dns: [app.example.com] }\n");

  it("does not leave a tunnel with connectors for one without", async () => {
    const rig = rigWithTunnels();
    seed(rig, ["app.example.com", cname(ID.web)]);
    expect(changesOf(await rig.plan(both))).toEqual(["update dns_record/app.example.com"]);
    rig.simulator.connect(ID.web);
    expect(blockedOf(await rig.plan(both))).toEqual(["dns_record/app.example.com target_not_connected"]);
    rig.simulator.connect(ID.api);
    expect(changesOf(await rig.plan(both))).toEqual(["update dns_record/app.example.com"]);
  });

  it("does not leave a protected tunnel", async () => {
    const rig = rigWithTunnels();
    seed(rig, ["app.example.com", cname(ID.web)]);
    expect(blockedOf(await rig.plan(`${both}protected: [web]\n`))).toEqual([
      "dns_record/app.example.com protected",
    ]);
  });

  it("goes by a tombstone where it leads to the tunnel, and else there is a note", async () => {
    const rig = rigWithTunnels();
    seed(rig, ["app.example.com", cname(ID.web)], ["www.example.com", cname(ID.byHand)]);
    const absent = (name: string) => `{ name: ${name}, state: absent }`;
    const items = ["app.example.com", "www.example.com", "none.example.com"].map(absent).join(", ");
    const { plan } = await rig.apply(file(`  web: { dns: [${items}] }\n`));
    expect(changesOf(plan)).toEqual(["delete dns_record/app.example.com"]);
    expect(notesOf(plan)).toEqual(["www.example.com not_ours"]);
    expect(namesIn(rig)).toEqual(["www.example.com"]);
  });
});

describe("a tunnel that is deleted", () => {
  it("takes along its records in the zones that the files name, and no others are seen", async () => {
    const rig = rigWithTunnels();
    seed(rig, ["app.example.com", cname(ID.web)], ["app.example.net", cname(ID.web)]);
    const gone = "  web: { state: absent }\n";
    expect(changesOf(await rig.plan(file(gone)))).toEqual(["delete cfd_tunnel/web"]);
    const { plan } = await rig.apply(file(gone, "zones: { example.com: }\n"));
    expect(changesOf(plan)).toEqual(["delete cfd_tunnel/web", "delete dns_record/app.example.com"]);
    expect(namesIn(rig)).toEqual(["app.example.net"]);
  });
});
