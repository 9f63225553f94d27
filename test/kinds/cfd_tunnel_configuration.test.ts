import { describe, expect, it } from "vitest";
import type { Progress } from "../../src/engine/execute.ts";
import type { SimulatorRequest } from "../../src/simulator/exchange.ts";
import type { SeedTunnel } from "../../src/simulator/seed.ts";
import type { Json } from "../../src/simulator/wire/json.ts";
import { cfdTunnelConfiguration as kind } from "../../src/kinds/cfd_tunnel_configuration/index.ts";
import { caught } from "./contract.ts";
import { createRig, type Rig, type RigOptions } from "../support/rig.ts";

const ID = "01926a3e-7c55-7d0a-9f3e-2b1c4d5e6f70";

const RULES = `[{ hostname: app.example.com, service: "http://localhost:8080" }, { service: "http_status:404" }]`;
const file = (configuration: string) => `version: 1\ncfd_tunnel:\n  web:\n    ${configuration}\n`;
const APP = { hostname: "app.example.com", service: "http://localhost:8080" };
const LAST = { service: "http_status:404" };

/** An account with a tunnel, and the configuration that somebody has given it. */
function seeded(config?: Json, options: RigOptions = {}): Rig {
  const web = { kind: "cfd_tunnel", name: "web", id: ID, config_src: "cloudflare" } as const;
  const rig = createRig({ tunnels: [web], ...options });
  if (config !== undefined) {
    rig.simulator.add("configurations", [{ tunnel_id: ID, config }]);
  }
  return rig;
}

/** The document as it is kept, nulls and all. */
async function live(rig: Rig): Promise<unknown> {
  return rig.client.get(`/cfd_tunnel/${ID}/configurations`);
}

/** Somebody else's write. */
function foreign(rig: Rig, config: object): Promise<unknown> {
  return rig.client.put(`/cfd_tunnel/${ID}/configurations`, { config });
}

describe("a configuration", () => {
  it("is written with its tunnel, and then there is nothing to do", async () => {
    const rig = createRig();
    const yaml = file(`ingress: ${RULES}`);
    const { plan, outcomes, verification } = await rig.apply(yaml);
    expect(plan.changes.map(({ action, kind, name }) => `${action} ${kind}/${name}`)).toEqual([
      "create cfd_tunnel/web",
      "create cfd_tunnel_configuration/web",
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["applied", "applied"]);
    expect(verification).toEqual({ verified: true, because: "shown" });
    rig.requests();
    expect(await rig.plan(yaml)).toMatchObject({ changes: [], blocked: [], unmanaged: [], unchanged: 2 });
    expect(rig.requests()).toEqual([
      "GET /cfd_tunnel?is_deleted=false&page=1&per_page=1000",
      expect.stringMatching(/^GET \/cfd_tunnel\/[^/]+\/configurations$/),
    ]);
  });

  it("is asked for only where an entry writes one", async () => {
    const rig = seeded({ ingress: [LAST] });
    const plan = await rig.plan("version: 1\ncfd_tunnel: { web: , api: }\n");
    expect(rig.requests()).toEqual(["GET /cfd_tunnel?is_deleted=false&page=1&per_page=1000"]);
    expect(plan.unmanaged).toEqual([]);
  });

  it("of another tunnel is read for the plan, and not again for a change to this one", async () => {
    const yaml = (port: number) =>
      `version: 1\ncfd_tunnel:\n  web: { ingress: [{ service: "http://x:${port}" }] }\n  api: { ingress: ${RULES} }\n`;
    const rig = seeded();
    await rig.apply(yaml(1));
    rig.requests();
    await rig.apply(yaml(2));
    const asked = rig.requests().filter((request) => request.endsWith("/configurations"));
    const ofWeb = asked.filter((request) => request.includes(ID));
    expect(asked).toHaveLength(ofWeb.length + 1);
    // For the plan, for what was written since, for the keys that are not ours, and for the verification.
    expect(ofWeb.map((request) => request.split(" ")[0])).toEqual(["GET", "GET", "GET", "PUT", "GET"]);
  });

  it("of a tunnel that is renamed stays its own", async () => {
    const rig = seeded({ ingress: [APP, LAST] });
    const yaml = `version: 1\ncfd_tunnel:\n  site: { renamed_from: web, ingress: ${RULES} }\n`;
    const { plan, verification } = await rig.apply(yaml);
    expect(plan.changes.map(({ kind, fields }) => [kind, fields])).toEqual([["cfd_tunnel", ["name"]]]);
    expect(verification.verified).toBe(true);
  });

  it("is an update where rules differ, and what is not written survives", async () => {
    const rig = seeded({
      ingress: [LAST],
      originRequest: { noTLSVerify: true, tlsTimeout: 5 },
      "warp-routing": { maxActiveFlows: 7 },
      novelty: { on: true },
    });
    const { plan, outcomes, verification } = await rig.apply(
      file(
        `{ ingress: ${RULES}, originRequest: { tlsTimeout: 6s } }`
          .replace(/^\{|\}$/g, "")
          .trim()
          .replace(/, originRequest/, "\n    originRequest"),
      ),
    );
    expect(plan.changes).toMatchObject([
      { action: "update", fields: ["ingress", "originRequest"], before: { facts: { version: "0" } } },
    ]);
    expect(outcomes).toMatchObject([{ status: "applied", confirmed: false }]);
    expect(verification.verified).toBe(true);
    expect(await live(rig)).toMatchObject({
      version: 1,
      config: {
        ingress: [APP, LAST],
        originRequest: { noTLSVerify: true, tlsTimeout: 6 },
        "warp-routing": { maxActiveFlows: 7 },
        novelty: { on: true },
      },
    });
  });

  it("is left alone where it says the same in other words", async () => {
    const rig = seeded({ ingress: [{ ...APP, path: "", originRequest: { connectTimeout: 30 } }, LAST] });
    expect((await rig.plan(file(`ingress: ${RULES}`))).changes).toEqual([]);
  });

  it("loses a key that nobody knows only where the rules are written", async () => {
    const rig = seeded({ ingress: [{ ...APP, novelty: 1 }, LAST] });
    expect((await rig.plan(file("originRequest: { tlsTimeout: 5 }"))).changes).toMatchObject([
      { fields: ["originRequest"] },
    ]);
    const { changes } = await rig.plan(file(`ingress: ${RULES}`));
    expect(changes).toMatchObject([
      { fields: ["ingress"], before: { spec: { ingress: [{ ...APP, novelty: 1 }, LAST] } } },
    ]);
  });

  it("keeps a password that it has, and never shows it", async () => {
    const service = "http://me:hunter2@localhost";
    const rig = seeded({ ingress: [{ service }] });
    const { plan } = await rig.apply(file("originRequest: { tlsTimeout: 5 }"));
    expect(JSON.stringify(plan)).not.toContain("hunter2");
    expect(await live(rig)).toMatchObject({ config: { ingress: [{ service }] } });
  });

  it.each([
    ["of a file beside the connectors", "local" as const, `ingress: ${RULES}`, "config_is_local"],
    ["of settings alone, where there are no rules", null, "originRequest: { tlsTimeout: 5 }", "no_rules"],
  ])("is blocked: one %s", async (_, source, yaml, code) => {
    const rig = seeded();
    if (source !== null) {
      rig.simulator.add("configurations", [{ tunnel_id: ID, config: { ingress: [LAST] }, source }]);
    }
    const plan = await rig.plan(file(yaml));
    expect(plan.blocked).toMatchObject([{ kind: "cfd_tunnel_configuration", name: "web", reason: { code } }]);
  });

  it("is blocked with its tunnel, where that one follows a file", async () => {
    const tunnels = [{ kind: "cfd_tunnel", name: "web", id: ID, config_src: "local" }] as const;
    for (const config of [undefined, { ingress: [LAST] }]) {
      const { changes, blocked } = await seeded(config, { tunnels }).plan(file(`ingress: ${RULES}`));
      expect(changes).toEqual([]);
      expect(blocked.map(({ kind, reason }) => `${kind} ${reason.code}`)).toEqual([
        "cfd_tunnel immutable_attribute",
        "cfd_tunnel_configuration reference_blocked",
      ]);
    }
  });

  it.each(["not_found", "empty"] as const)("that never was is made: %s", async (no_configuration) => {
    const rig = seeded(undefined, { switches: { no_configuration } });
    const { plan, verification } = await rig.apply(file(`ingress: ${RULES}`));
    expect(plan.changes).toMatchObject([{ action: "create", kind: "cfd_tunnel_configuration" }]);
    expect(verification.verified).toBe(true);
  });

  it("goes with its tunnel", async () => {
    const rig = seeded({ ingress: [LAST] });
    const { plan, verification } = await rig.apply("version: 1\ncfd_tunnel: { web: { state: absent } }\n");
    expect(plan.changes).toMatchObject([{ action: "delete", kind: "cfd_tunnel" }]);
    expect(verification.verified).toBe(true);
  });
});

describe("somebody else's write", () => {
  const isPut = ({ method, path }: SimulatorRequest) => method === "PUT" && path.endsWith("/configurations");

  it("since the plan is not written over", async () => {
    const rig = seeded({ ingress: [LAST] });
    const rules = [{ service: "http://other" }];
    let reads = 0;
    rig.fault = ({ method, path }) => {
      reads += Number(method === "GET" && path.endsWith("/configurations"));
      if (reads === 2) {
        reads += 1;
        void foreign(rig, { ingress: rules });
      }
      return undefined;
    };
    const { outcomes } = await rig.apply(file(`ingress: ${RULES}`));
    const [outcome] = outcomes;
    expect(outcome).toMatchObject({ status: "failed", failure: { code: "overtaken", written: false } });
    expect(await live(rig)).toMatchObject({ version: 1, config: { ingress: rules } });
  });

  it("right before ours is told of", async () => {
    const rig = seeded({ ingress: [LAST] });
    let puts = 0;
    rig.fault = (request) => {
      puts += Number(isPut(request));
      if (puts === 1 && isPut(request)) {
        rig.simulator.add("configurations", [{ tunnel_id: ID, config: { ingress: [LAST] } }]);
      }
      return undefined;
    };
    const { outcomes } = await rig.apply(file(`ingress: ${RULES}`));
    expect(outcomes).toMatchObject([
      { status: "failed", failure: { code: "overtaken", expected: "1", found: "2", written: true } },
    ]);
  });

  it.each([
    ["the first one", undefined, "0"],
    ["one that is there", { ingress: [LAST] }, "1"],
  ] as const)(
    "right before %s of ours is told of, also where the answer to ours is lost",
    async (_, before, expected) => {
      for (const isLost of [false, true]) {
        const rig = seeded(before && { ...before, ingress: [...before.ingress] });
        let puts = 0;
        rig.fault = (request) => {
          puts += Number(isPut(request));
          if (puts !== 1 || !isPut(request)) {
            return undefined;
          }
          const other = { tunnel_id: ID, config: { ingress: [LAST] } };
          rig.simulator.add("configurations", [other, other]);
          return isLost ? { type: "drop", acts: true } : undefined;
        };
        const { outcomes } = await rig.apply(file(`ingress: ${RULES}`));
        expect(outcomes).toMatchObject([
          { status: "failed", failure: { code: "overtaken", expected, written: true } },
        ]);
      }
    },
  );

  it("between a try that was lost and the next one is told of", async () => {
    const rig = seeded({ ingress: [LAST] });
    let puts = 0;
    rig.fault = (request) => {
      puts += Number(isPut(request));
      if (!isPut(request) || puts > 2) {
        return undefined;
      }
      if (puts === 2) {
        rig.simulator.add("configurations", [{ tunnel_id: ID, config: { ingress: [LAST] } }]);
      }
      return { type: "drop", acts: puts === 2 };
    };
    const { outcomes } = await rig.apply(file(`ingress: ${RULES}`));
    expect(outcomes).toMatchObject([
      { status: "failed", failure: { code: "overtaken", expected: "1", found: "2", written: true } },
    ]);
  });

  it("in the place of the first one is not written over", async () => {
    const rig = seeded();
    let isThere = false;
    rig.fault = ({ method, path }) => {
      if (method === "GET" && path.endsWith("/configurations") && !isThere) {
        isThere = true;
      } else if (isThere && method === "GET") {
        rig.fault = () => undefined;
        rig.simulator.add("configurations", [{ tunnel_id: ID, config: { ingress: [APP, APP] } }]);
      }
      return undefined;
    };
    const { outcomes } = await rig.apply(file(`ingress: ${RULES}`));
    expect(outcomes).toMatchObject([{ status: "failed", failure: { code: "name_taken" } }]);
    expect(await live(rig)).toMatchObject({ version: 0 });
  });
});

describe("a lost answer", () => {
  it.each([
    ["of a first one", undefined],
    ["of a later one", { ingress: [LAST] }],
  ])("%s is found out by looking", async (_, config) => {
    const rig = seeded(config);
    rig.fault = ({ method }) => {
      if (method !== "PUT") {
        return undefined;
      }
      rig.fault = () => undefined;
      return { type: "drop", acts: true } as const;
    };
    const { outcomes, verification } = await rig.apply(file(`ingress: ${RULES}`));
    expect(outcomes).toMatchObject([{ status: "applied", confirmed: true }]);
    expect(verification.verified).toBe(true);
  });
});

describe("an answer that is none", () => {
  const path = `/cfd_tunnel/${ID}/configurations`;
  it.each([
    ["not an object", null, /holds no configuration/],
    ["another tunnel's", { tunnel_id: ID.replace("0", "1"), version: 1 }, /asked for/],
    ["without a version", { tunnel_id: ID, config: {} }, /no version/],
    ["without a document", { tunnel_id: ID, version: 1, config: [] }, /not an object/],
  ])("%s fails the reading", async (_, result, message) => {
    const { client } = seeded();
    const answering = { ...client, get: () => Promise.resolve(result) };
    const error = await caught(kind.read(answering, ID));
    expect(error).toMatchObject({ failure: "unreadable", path, ambiguous: false });
    expect(error.message).toMatch(message);
  });
});

describe("connectors", () => {
  const rolled = (
    config_lag_ms: number | null,
    rolloutTimeout: number,
    progress: Progress = {},
    stop?: AbortSignal,
  ) => {
    const web: SeedTunnel = {
      kind: "cfd_tunnel",
      name: "web",
      id: ID,
      config_src: "cloudflare",
      connectors: [{ version: "2026.8.2", arch: "linux_amd64" }, { config_lag_ms: 0 }],
    };
    return createRig({
      tunnels: [web],
      switches: { config_lag_ms },
      rolloutTimeout,
      progress,
      ...(stop && { stop }),
    });
  };
  const yaml = file(`ingress: ${RULES}`);
  const asked = (rig: Rig) => rig.requests().filter((request) => request.endsWith("/connections")).length;

  it("are waited for, more and more rarely, until each follows the new version", async () => {
    const told: string[] = [];
    const rig = rolled(20_000, 60_000, { following: ({ name }, behind) => told.push(`${name} ${behind}`) });
    const { verification } = await rig.apply(yaml);
    expect(verification).toEqual({ verified: true, because: "shown" });
    expect(asked(rig)).toBe(6);
    expect(told).toEqual([...Array<string>(5).fill("web 1"), "web 0"]);
  });

  it("are waited for no longer than the run lasts, and not asked again", async () => {
    const stop = new AbortController();
    const told: string[] = [];
    const rig = rolled(
      null,
      60_000,
      {
        following: (_, behind, left) => {
          told.push(`${behind}, ${left} ms left`);
          if (told.length === 3) {
            stop.abort();
          }
        },
      },
      stop.signal,
    );
    expect((await rig.apply(yaml)).verification).toMatchObject({
      because: "not_rolled_out",
      ended: "interrupted",
      differences: [{ name: "web" }],
    });
    expect(told).toEqual(["1, 60000 ms left", "1, 59000 ms left", "1, 57000 ms left", "0, 0 ms left"]);
    expect(asked(rig)).toBe(3);
  });

  it("that do not follow in time are named", async () => {
    const rig = rolled(null, 60_000);
    const { outcomes, verification } = await rig.apply(yaml);
    expect(outcomes).toMatchObject([{ status: "applied" }]);
    expect(verification).toMatchObject({
      verified: false,
      because: "not_rolled_out",
      differences: [
        {
          code: "not_arrived",
          kind: "cfd_tunnel_configuration",
          name: "web",
          id: ID,
          follower: { software: "2026.8.2, linux_amd64", version: "-1" },
          expected: "0",
        },
      ],
    });
  });

  it("are not asked where nobody waits, nor waited for where they do not say", async () => {
    const off = rolled(null, 0);
    expect((await off.apply(yaml)).verification.verified).toBe(true);
    expect(asked(off)).toBe(0);
    const silent = createRig({
      tunnels: [
        {
          kind: "cfd_tunnel",
          name: "web",
          id: ID,
          config_src: "cloudflare",
          connectors: [{ config_version: null }],
        },
      ],
      rolloutTimeout: 60_000,
    });
    expect((await silent.apply(yaml)).verification.verified).toBe(true);
    expect(asked(silent)).toBe(1);
  });

  it("that cannot be asked leave it unverified", async () => {
    const rig = rolled(0, 60_000);
    rig.fault = ({ path }) =>
      path.endsWith("/connections") ? { type: "answer", acts: false, status: 403, body: "{}" } : undefined;
    expect((await rig.apply(yaml)).verification).toMatchObject({ verified: false, because: "unreadable" });
  });
});
