import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/engine/model/outcome.ts";
import type { Fault, SimulatorRequest } from "../../src/simulator/exchange.ts";
import { createRig, type Rig, secretOf } from "../support/rig.ts";

const YEAR_2020 = Date.UTC(2020, 0, 1);
const ID = "0192c0de-0000-4000-8000-00000000000a";
const ID2 = "0192c0de-0000-4000-8000-00000000000b";
const WEB = "version: 1\ncfd_tunnel:\n  web:\n    config_src: cloudflare\n";

/** `status code` of each outcome. */
function results(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.map((outcome) => {
    const { change } = outcome;
    switch (outcome.status) {
      case "applied":
        return `${change.name} applied${outcome.confirmed ? " confirmed" : ""}`;
      case "failed":
        return `${change.name} failed ${outcome.failure.code}`;
      case "skipped":
        return `${change.name} skipped ${outcome.because.code}`;
    }
  });
}

/** Lets a fault happen to the first `times` requests that match, and to no others. */
function once(match: RegExp, fault: Fault, times = 1): Rig["fault"] {
  let left = times;
  return (request) => (match.test(say(request)) && left-- > 0 ? fault : undefined);
}

const say = ({ method, path }: SimulatorRequest) => `${method} ${path}`;

const lost: Fault = { type: "drop", acts: true };
const cut: Fault = { type: "drop", acts: false };
const lostTo502: Fault = { type: "answer", acts: true, status: 502, body: "<html>bad gateway</html>" };
const truncated: Fault = { type: "truncate", bytes: 20, end: "clean" };

describe("a create whose answer was lost", () => {
  it.each([
    ["a cut connection", lost],
    ["a 502", lostTo502],
    ["an answer that ends early", truncated],
    ["an answer that stalls", { type: "stall", bytes: 5 } as const],
  ])("is found by its name after %s, and not sent again", async (_, fault) => {
    const rig = createRig();
    rig.fault = once(/^POST/, fault);
    const { outcomes, verification } = await rig.apply(WEB);
    expect(results(outcomes)).toEqual(["web applied confirmed"]);
    expect(verification).toEqual({ verified: true, because: "shown" });
    expect(rig.live()).toEqual(["web"]);
    const requests = rig.requests();
    expect(requests.filter((request) => request.startsWith("POST"))).toHaveLength(1);
    expect(requests.some((request) => request.includes("?name=web"))).toBe(true);
  });

  it("is sent again when it never arrived", async () => {
    const rig = createRig();
    rig.fault = once(/^POST/, cut, 2);
    const { outcomes } = await rig.apply(WEB);
    expect(results(outcomes)).toEqual(["web applied"]);
    expect(rig.live()).toEqual(["web"]);
  });

  it("is ours although lists lag and the second try is told that the name is taken", async () => {
    const rig = createRig({ switches: { list_lag: 4 } });
    rig.fault = once(/^POST/, lost);
    const { outcomes } = await rig.apply(WEB);
    expect(results(outcomes)).toEqual(["web applied confirmed"]);
    expect(rig.live()).toEqual(["web"]);
  });

  it("is somebody else's when the name came with other attributes", async () => {
    const rig = createRig();
    rig.fault = (request) => {
      if (request.method !== "POST") {
        return undefined;
      }
      rig.simulator.seed([{ kind: "cfd_tunnel", name: "web", config_src: "local" }]);
      return cut;
    };
    const { outcomes } = await rig.apply(WEB);
    expect(results(outcomes)).toEqual(["web failed created_by_someone_else"]);
  });

  const withSecret = "version: 1\ncfd_tunnel:\n  web: { tunnel_secret: { env: S } }\n";

  it("is told from another's by the declared secret", async () => {
    const mine = createRig({ env: { S: secretOf(1) } });
    mine.fault = once(/^POST/, lost);
    expect(results((await mine.apply(withSecret)).outcomes)).toEqual(["web applied confirmed"]);

    const other = createRig({ env: { S: secretOf(1) } });
    other.fault = (request) => {
      if (request.method !== "POST") {
        return undefined;
      }
      other.simulator.seed([{ kind: "cfd_tunnel", name: "web", tunnel_secret: secretOf(2) }]);
      return cut;
    };
    expect(results((await other.apply(withSecret)).outcomes)).toEqual(["web failed created_by_someone_else"]);
  });

  it("is uncertain when the truth cannot be read either", async () => {
    const rig = createRig();
    let posted = false;
    rig.fault = ({ method }) => {
      posted ||= method === "POST";
      return posted ? lost : undefined;
    };
    const { outcomes, verification } = await rig.apply(WEB);
    expect(results(outcomes)).toEqual(["web failed uncertain"]);
    expect(verification).toEqual({ verified: true, because: "nothing_applied" });
  });
});

describe("a create whose name is taken", () => {
  it("says by whom, since when and in which state", async () => {
    const rig = createRig();
    rig.fault = (request) => {
      if (request.method === "POST" && rig.live().length === 0) {
        rig.simulator.seed([{ kind: "cfd_tunnel", name: "web", id: ID, created_at: YEAR_2020 }]);
      }
      return undefined;
    };
    const { outcomes } = await rig.apply(WEB);
    expect(outcomes).toMatchObject([
      {
        status: "failed",
        id: null,
        failure: {
          code: "name_taken",
          holder: { id: ID, created_at: expect.stringMatching(/^2020-01-01T/), status: "inactive" },
        },
      },
    ]);
    expect(rig.requests().filter((request) => request.startsWith("POST"))).toHaveLength(1);
  });
});

describe("an update", () => {
  const rename = "version: 1\ncfd_tunnel:\n  new: { renamed_from: old }\n";
  const old = { kind: "cfd_tunnel", name: "old", id: ID };

  it("reads the tunnel right before it renames it", async () => {
    const rig = createRig({ tunnels: [old] });
    const { outcomes, verification } = await rig.apply(rename);
    expect(results(outcomes)).toEqual(["new applied"]);
    expect(verification).toEqual({ verified: true, because: "shown" });
    expect(rig.requests().slice(1, 3)).toEqual([`GET /cfd_tunnel/${ID}`, `PATCH /cfd_tunnel/${ID}`]);
  });

  it("is confirmed by reading back when its answer was lost", async () => {
    const rig = createRig({ tunnels: [old] });
    rig.fault = once(/^PATCH/, lost);
    expect(results((await rig.apply(rename)).outcomes)).toEqual(["new applied confirmed"]);
    expect(rig.requests().filter((request) => request.startsWith("PATCH"))).toHaveLength(1);
  });

  it("is sent again when it never arrived", async () => {
    const rig = createRig({ tunnels: [old] });
    rig.fault = once(/^PATCH/, cut);
    expect(results((await rig.apply(rename)).outcomes)).toEqual(["new applied"]);
  });

  it.each([
    ["its name was changed meanwhile", (rig: Rig) => rig.simulator.rename(ID, "other"), "name_changed"],
    ["it was deleted meanwhile", (rig: Rig) => rig.simulator.remove(ID), "gone"],
  ])("fails when %s", async (_, meddle, code) => {
    const rig = createRig({ tunnels: [old] });
    rig.fault = (request) => {
      if (request.path.includes(ID)) {
        meddle(rig);
      }
      return undefined;
    };
    expect(results((await rig.apply(rename)).outcomes)).toEqual([`new failed ${code}`]);
    expect(rig.requests().some((request) => request.startsWith("PATCH"))).toBe(false);
  });

  it("swaps two names through a temporary one", async () => {
    const rig = createRig({
      tunnels: [
        { kind: "cfd_tunnel", name: "a", id: ID },
        { kind: "cfd_tunnel", name: "b", id: ID2 },
      ],
    });
    const swap = `version: 1\ncfd_tunnel:\n  a: { id: ${ID2}, renamed_from: b }\n  b: { id: ${ID}, renamed_from: a }\n`;
    const { outcomes, verification } = await rig.apply(swap);
    expect(results(outcomes)).toEqual(["a applied", "b applied"]);
    expect(verification).toEqual({ verified: true, because: "shown" });
    expect([rig.simulator.tunnel(ID)?.name, rig.simulator.tunnel(ID2)?.name]).toEqual(["b", "a"]);
    expect((await rig.plan(swap)).changes).toEqual([]);
  });

  it("leaves a half-done swap in a state that the next run finishes, and says so", async () => {
    const rig = createRig({
      tunnels: [
        { kind: "cfd_tunnel", name: "a", id: ID },
        { kind: "cfd_tunnel", name: "b", id: ID2 },
      ],
    });
    const swap = `version: 1\ncfd_tunnel:\n  a: { id: ${ID2}, renamed_from: b }\n  b: { id: ${ID}, renamed_from: a }\n`;
    let patches = 0;
    rig.fault = ({ method }) =>
      method === "PATCH" && ++patches === 2
        ? { type: "answer", acts: false, status: 400, body: "{}" }
        : undefined;
    const { outcomes } = await rig.apply(swap);
    expect(results(outcomes)).toEqual(["a failed api", "b failed left_aside"]);
    rig.fault = () => undefined;
    expect(results((await rig.apply(swap)).outcomes)).toEqual(["a applied", "b applied"]);
    expect((await rig.plan(swap)).changes).toEqual([]);
  });
});

describe("a delete", () => {
  const tombstone = "version: 1\ncfd_tunnel:\n  old: { state: absent }\n";
  const old = { kind: "cfd_tunnel", name: "old", id: ID, created_at: YEAR_2020 };

  it("looks at the tunnel right before, and is verified", async () => {
    const rig = createRig({ tunnels: [old] });
    const { outcomes, verification } = await rig.apply(tombstone);
    expect(results(outcomes)).toEqual(["old applied"]);
    expect(verification).toEqual({ verified: true, because: "shown" });
    const requests = rig.requests();
    // What hangs on it is looked for when it is planned.
    expect(requests.slice(1, 4).every((request) => /teamnet|zerotrust/.test(request))).toBe(true);
    expect(requests.slice(4, 6)).toEqual([`GET /cfd_tunnel/${ID}`, `DELETE /cfd_tunnel/${ID}`]);
    expect(rig.live()).toEqual([]);
  });

  it.each([
    ["it came alive", (rig: Rig) => void rig.simulator.connect(ID), "came_alive"],
    [
      "it came alive and went again",
      (rig: Rig) => {
        rig.simulator.connect(ID);
        rig.simulator.disconnect(ID);
      },
      "came_alive",
    ],
    ["it bears another name", (rig: Rig) => rig.simulator.rename(ID, "other"), "name_changed"],
  ])("is not sent when %s since the plan", async (_, meddle, code) => {
    const rig = createRig({ tunnels: [old] });
    rig.fault = (request) => {
      if (request.path.endsWith(ID)) {
        meddle(rig);
      }
      return undefined;
    };
    expect(results((await rig.apply(tombstone)).outcomes)).toEqual([`old failed ${code}`]);
    expect(rig.requests().some((request) => request.startsWith("DELETE"))).toBe(false);
  });

  it("is done when the tunnel is found gone", async () => {
    const rig = createRig({ tunnels: [old] });
    rig.fault = (request) => {
      if (request.path.endsWith(ID)) {
        rig.simulator.remove(ID);
      }
      return undefined;
    };
    expect(results((await rig.apply(tombstone)).outcomes)).toEqual(["old applied confirmed"]);
    expect(rig.requests().some((request) => request.startsWith("DELETE"))).toBe(false);
  });

  it("is confirmed by reading back when its answer was lost, and sent once", async () => {
    const rig = createRig({ tunnels: [old] });
    rig.fault = once(/^DELETE/, lost);
    expect(results((await rig.apply(tombstone)).outcomes)).toEqual(["old applied confirmed"]);
    expect(rig.requests().filter((request) => request.startsWith("DELETE"))).toHaveLength(1);
  });

  it("never cascades", async () => {
    const rig = createRig({ tunnels: [old] });
    await rig.apply(tombstone);
    expect(rig.requests().some((request) => request.includes("cascade"))).toBe(false);
  });
});

describe("a replacement", () => {
  const replace = `version: 1\ncfd_tunnel:\n  web: { config_src: cloudflare, replace: ${ID} }\n`;
  const web = {
    kind: "cfd_tunnel",
    name: "web",
    id: ID,
    config_src: "local",
    created_at: YEAR_2020,
  } as const;

  it("deletes, sees it gone, and creates", async () => {
    const rig = createRig({ tunnels: [web], switches: { read_lag: 2, list_lag: 2, name_lag: 1 } });
    const { outcomes, verification } = await rig.apply(replace);
    expect(results(outcomes)).toEqual(["web applied"]);
    expect(verification).toEqual({ verified: true, because: "shown" });
    expect(rig.live()).toEqual(["web"]);
    expect(rig.simulator.tunnel(ID)?.deleted_at).not.toBeNull();
    expect((await rig.plan(replace)).changes).toEqual([]);
  });

  it("makes the new one although the run was interrupted once the old one was gone", async () => {
    const stop = new AbortController();
    const rig = createRig({ tunnels: [web], stop: stop.signal });
    rig.fault = ({ method }) => {
      if (method === "DELETE") {
        stop.abort();
      }
      return undefined;
    };
    const { outcomes, verification } = await rig.apply(replace);
    expect(results(outcomes)).toEqual(["web applied"]);
    expect(verification).toEqual({ verified: false, because: "interrupted" });
    expect(rig.live()).toEqual(["web"]);
  });

  it("says that it is half done when the new one could not be made", async () => {
    const rig = createRig({ tunnels: [web] });
    rig.fault = ({ method }) =>
      method === "POST" ? { type: "answer", acts: false, status: 403, body: "{}" } : undefined;
    expect(results((await rig.apply(replace)).outcomes)).toEqual(["web failed replaced_half"]);
  });
});

describe("a run", () => {
  const many = (count: number) =>
    `version: 1\ncfd_tunnel:\n${Array.from({ length: count }, (_, index) => `  t-${index + 100}:\n`).join("")}`;

  it("keeps as many in flight as it may, and no more", async () => {
    const rig = createRig({ concurrency: 4 });
    rig.fault = () => ({ type: "delay", ms: 50, acts: "first" });
    const started = rig.clock.now();
    const { outcomes } = await rig.apply(many(40));
    expect(outcomes.every(({ status }) => status === "applied")).toBe(true);
    expect(rig.simulator.traffic.counts().most_in_flight).toBe(4);
    // Two readings and 40 creates, four at a time.
    expect(rig.clock.now() - started).toBe(50 * (1 + 10 + 1));
  });

  it("goes on with the neighbours of a change that fails", async () => {
    const rig = createRig({ concurrency: 1 });
    rig.fault = ({ body }) =>
      body?.includes("t-101") ? { type: "answer", acts: false, status: 400, body: "{}" } : undefined;
    const { outcomes } = await rig.apply(many(3));
    expect(results(outcomes)).toEqual(["t-100 applied", "t-101 failed api", "t-102 applied"]);
  });

  it("skips what needs a change that failed", async () => {
    const rig = createRig({
      tunnels: [
        { kind: "cfd_tunnel", name: "a", id: ID },
        { kind: "cfd_tunnel", name: "b", id: ID2 },
      ],
    });
    rig.fault = (request) =>
      say(request).startsWith("PATCH") && request.path.endsWith(ID2)
        ? { type: "answer", acts: false, status: 400, body: "{}" }
        : undefined;
    const chain = `version: 1\ncfd_tunnel:\n  a:\n  b: { id: ${ID} }\n  c: { id: ${ID2} }\n`;
    const { outcomes } = await rig.apply(chain);
    expect(results(outcomes)).toEqual(["a skipped needs_failed", "b skipped needs_failed", "c failed api"]);
    expect(rig.live()).toEqual(["a", "b"]);
  });

  it.each([401, 403])("starts nothing new after a write met %i", async (status) => {
    const rig = createRig({ concurrency: 1 });
    rig.fault = ({ method }) =>
      method === "POST" ? { type: "answer", acts: false, status, body: "{}" } : undefined;
    const { outcomes } = await rig.apply(many(3));
    expect(results(outcomes)).toEqual(["t-100 failed api", "t-101 skipped stopped", "t-102 skipped stopped"]);
  });

  it("starts nothing new once the quota is exhausted", async () => {
    const rig = createRig({ concurrency: 1, switches: { quota: 1 } });
    const { outcomes } = await rig.apply(many(3));
    expect(results(outcomes)).toEqual(["t-100 applied", "t-101 failed api", "t-102 skipped stopped"]);
  });

  describe.each<[string, Fault]>([
    ["refuses every connection", { type: "refuse" }],
    ["swallows all that is sent", { type: "delay", ms: 1e9, acts: "last" }],
  ])("on a network that %s", (_, gone) => {
    it.each([1, 8])("begins nothing more after three writes in a row: %i at once", async (concurrency) => {
      const rig = createRig({ concurrency });
      let posts = 0;
      rig.fault = ({ method }) => {
        posts += method === "POST" ? 1 : 0;
        return posts > 8 ? gone : undefined;
      };
      const start = rig.clock.now();
      const { outcomes, verification } = await rig.apply(many(40));
      const ends = results(outcomes);
      expect(ends.filter((end) => end.endsWith(" applied"))).toHaveLength(8);
      const failed = ends.filter((end) => end.includes(" failed "));
      // Those that had begun by the third, and no more.
      expect(failed.length).toBeGreaterThanOrEqual(3);
      expect(failed.length).toBeLessThanOrEqual(concurrency + 2);
      expect(ends.filter((end) => end.endsWith(" skipped unreachable"))).toHaveLength(32 - failed.length);
      expect(verification).toMatchObject({ verified: false, because: "unreadable" });
      // Eight at once: all writes, the looks after them, and the last reading.
      expect(rig.clock.now() - start).toBeLessThanOrEqual((concurrency === 1 ? 9 : 4) * 30_000);
    });

    it("goes on where one in three has an answer", async () => {
      const rig = createRig({ concurrency: 1 });
      rig.fault = ({ body }) => (/t-10[01346]/.test(body ?? "") ? { type: "refuse" } : undefined);
      const { outcomes } = await rig.apply(many(8));
      expect(results(outcomes).filter((end) => end.includes("skipped"))).toEqual([]);
    });
  });

  it("goes on where writes have no answer and reads show that they were done", async () => {
    const rig = createRig();
    rig.fault = ({ method }) => (method === "POST" ? { type: "delay", ms: 1e9, acts: "first" } : undefined);
    const { outcomes } = await rig.apply(many(20));
    expect(new Set(results(outcomes).map((end) => end.slice(6)))).toEqual(new Set(["applied confirmed"]));
  });

  it("finishes what is under way when it is interrupted, and starts nothing new", async () => {
    const stop = new AbortController();
    const rig = createRig({ concurrency: 2, stop: stop.signal });
    rig.fault = ({ body }) => {
      if (body?.includes("t-101")) {
        stop.abort();
      }
      return { type: "delay", ms: 50, acts: "first" };
    };
    const { outcomes, verification } = await rig.apply(many(4));
    expect(results(outcomes)).toEqual([
      "t-100 applied",
      "t-101 applied",
      "t-102 skipped interrupted",
      "t-103 skipped interrupted",
    ]);
    expect(verification).toEqual({ verified: false, because: "interrupted" });
  });

  it("begins nothing after its deadline, and says what is left", async () => {
    const rig = createRig({ concurrency: 1, deadline: 175 });
    rig.fault = () => ({ type: "delay", ms: 50, acts: "first" });
    const { outcomes } = await rig.apply(many(4));
    // One reading and three creates fit, the third having begun in time.
    expect(results(outcomes)).toEqual([
      "t-100 applied",
      "t-101 applied",
      "t-102 applied",
      "t-103 skipped deadline",
    ]);
  });

  it("does not wait for a rate limit that outlasts its deadline", async () => {
    const rig = createRig({ concurrency: 1, deadline: 60_000 });
    rig.fault = ({ method }) =>
      method === "POST"
        ? { type: "answer", acts: false, status: 429, headers: { "retry-after": "300" } }
        : undefined;
    const started = rig.clock.now();
    const { outcomes } = await rig.apply(many(2));
    expect(results(outcomes)).toEqual(["t-100 failed api", "t-101 skipped stopped"]);
    expect(rig.clock.now() - started).toBeLessThan(60_000);
  });

  it("deletes last", async () => {
    const rig = createRig({
      tunnels: [{ kind: "cfd_tunnel", name: "a", created_at: YEAR_2020 }],
    });
    await rig.apply("version: 1\ncfd_tunnel:\n  a: { state: absent }\n  b:\n  c:\n");
    const writes = rig.requests().filter((request) => !request.startsWith("GET"));
    expect(writes.map((request) => request.split(" ")[0])).toEqual(["POST", "POST", "DELETE"]);
  });

  it("is verified although lists lag", async () => {
    const rig = createRig({ switches: { list_lag: 2 } });
    const { verification } = await rig.apply(many(3));
    expect(verification).toEqual({ verified: true, because: "shown" });
  });

  it("is not verified when the account does not show what was applied", async () => {
    const rig = createRig();
    rig.fault = ({ method, path }) => {
      const [made] = rig.simulator.tunnels;
      if (method === "GET" && path.includes("per_page") && made !== undefined) {
        rig.simulator.rename(made.id, "meddled");
      }
      return undefined;
    };
    const { verification } = await rig.apply(WEB);
    expect(verification).toMatchObject({
      verified: false,
      because: "differs",
      differences: [{ code: "other_value", attribute: "name", expected: "web", found: "meddled" }],
    });
  });
});
