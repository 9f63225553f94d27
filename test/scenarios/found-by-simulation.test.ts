/* What the seeded simulation (docs/makers/simulation.md) has found, each as a scenario of its own. */
import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { Outcome } from "../../src/engine/model/outcome.ts";
import type { Fault } from "../../src/simulator/exchange.ts";
import { runCli, servedSandbox } from "../support/cli.ts";
import { createRig, secretOf } from "../support/rig.ts";

const ID = "0192c0de-0000-4000-8000-00000000000a";
const OLD = { kind: "cfd_tunnel", name: "old", id: ID, created_at: 0 };
const TOMBSTONE = "version: 1\ncfd_tunnel:\n  old: { state: absent }\n";
const RENAME = "version: 1\ncfd_tunnel:\n  new: { renamed_from: old }\n";

const emptyYes = {
  type: "answer",
  acts: false,
  status: 200,
  headers: { "content-type": "application/json" },
  body: '{"success":true,"errors":[],"messages":[],"result":null}',
} as const;
const limited: Fault = { type: "answer", acts: false, status: 429, headers: { "retry-after": "300" } };

describe("a write that was held up by a rate limit", () => {
  it.each([
    ["DELETE", TOMBSTONE],
    ["PATCH", RENAME],
  ])("looks again before its %s, and leaves alone what was renamed meanwhile", async (method, yaml) => {
    const rig = createRig({ tunnels: [OLD] });
    rig.fault = ({ method: sent }) => {
      if (sent !== method) {
        return undefined;
      }
      rig.fault = () => undefined;
      rig.simulator.rename(ID, "kept");
      return limited;
    };
    const { outcomes } = await rig.apply(yaml);
    expect(failureOf(outcomes)).toMatchObject({ code: "name_changed", live_name: "kept" });
    expect(rig.live()).toEqual(["kept"]);
    expect(rig.requests().filter((request) => request.startsWith(method))).toHaveLength(1);
  });

  it("is made after the wait where nothing has changed", async () => {
    const rig = createRig({ tunnels: [OLD] });
    let refusals = 0;
    rig.fault = ({ method }) => (method === "DELETE" && refusals++ < 1 ? limited : undefined);
    const { outcomes } = await rig.apply(TOMBSTONE);
    expect(outcomes).toMatchObject([{ status: "applied" }]);
    // What hangs on it is looked for first.
    expect(
      rig
        .requests()
        .filter((request) => !/teamnet|zerotrust/.test(request))
        .slice(1),
    ).toEqual([
      `GET /cfd_tunnel/${ID}`,
      `DELETE /cfd_tunnel/${ID}`,
      `GET /cfd_tunnel/${ID}`,
      `DELETE /cfd_tunnel/${ID}`,
      "GET /cfd_tunnel?is_deleted=false&page=1&per_page=1000",
    ]);
  });

  it("is given up in the end, and says why", async () => {
    const rig = createRig({ tunnels: [OLD] });
    rig.fault = ({ method }) =>
      method === "DELETE" ? { ...limited, headers: { "retry-after": "1" } } : undefined;
    const { outcomes } = await rig.apply(TOMBSTONE);
    expect(failureOf(outcomes)).toMatchObject({
      code: "api",
      error: { failure: "rate_limited", status: 429 },
    });
    expect(rig.live()).toEqual(["old"]);
  });
});

describe("an answer that says yes and shows no tunnel", () => {
  it.each([
    ["PATCH", RENAME, ["new"]],
    ["DELETE", TOMBSTONE, []],
  ])("is no proof: a %s is made good where the account does not show it", async (method, yaml, live) => {
    for (const acts of [true, false]) {
      const rig = createRig({ tunnels: [OLD] });
      let answers = 0;
      rig.fault = ({ method: sent }) =>
        sent === method && answers++ < 1 ? { ...emptyYes, acts } : undefined;
      const { outcomes } = await rig.apply(yaml);
      expect(outcomes).toMatchObject([{ status: "applied", confirmed: acts }]);
      expect(rig.live()).toEqual(live);
    }
  });
});

it.each(["GET", "DELETE"])("does not take a gateway's 404 to a %s for the API's own", async (method) => {
  const rig = createRig({ tunnels: [OLD] });
  rig.fault = (request) =>
    request.method === method && request.path.endsWith(ID)
      ? { type: "answer", acts: false, status: 404, body: "<html>Not found</html>" }
      : undefined;
  const { outcomes } = await rig.apply(TOMBSTONE);
  expect(failureOf(outcomes)).toMatchObject({ code: "api", error: { method, status: 404 } });
  expect(rig.live()).toEqual(["old"]);
});

it("does not call its own create somebody else's because the secret could not be compared", async () => {
  const rig = createRig({ env: { S: secretOf(1) } });
  rig.fault = ({ method, path }) => {
    if (method === "POST") {
      return { type: "drop", acts: true };
    }
    return path.endsWith("/token")
      ? { ...emptyYes, body: emptyYes.body.replace("null", '"text"') }
      : undefined;
  };
  const { outcomes } = await rig.apply(
    "version: 1\ncfd_tunnel:\n  web: { config_src: cloudflare, tunnel_secret: { env: S } }\n",
  );
  expect(failureOf(outcomes)).toMatchObject({
    code: "uncertain",
    error: { method: "POST", ambiguous: true },
  });
});

it("calls a create uncertain when an interruption cut the look for it short", async () => {
  const interruption = new AbortController();
  const rig = createRig({ switches: { list_lag: 1 }, stop: interruption.signal });
  rig.fault = ({ method }) => {
    if (method !== "POST") {
      return undefined;
    }
    interruption.abort();
    return { type: "drop", acts: true };
  };
  const { outcomes } = await rig.apply("version: 1\ncfd_tunnel:\n  web:\n");
  expect(failureOf(outcomes)).toMatchObject({ code: "uncertain", error: { method: "POST" } });
  expect(rig.live()).toEqual(["web"]);
});

it("calls a delete uncertain when the last look at it may be an old one", async () => {
  const interruption = new AbortController();
  const rig = createRig({ tunnels: [OLD], switches: { read_lag: 1 }, stop: interruption.signal });
  rig.fault = ({ method }) => {
    if (method !== "DELETE") {
      return undefined;
    }
    interruption.abort();
    return { type: "drop", acts: true };
  };
  const { outcomes } = await rig.apply(TOMBSTONE);
  expect(failureOf(outcomes)).toMatchObject({ code: "uncertain", error: { method: "DELETE" } });
  expect(rig.live()).toEqual([]);
});

it.each([
  ["POST", "version: 1\ncfd_tunnel:\n  web:\n", { list_lag: 3 }],
  ["PATCH", RENAME, { read_lag: 1 }],
  ["DELETE", TOMBSTONE, { read_lag: 1 }],
])(
  "does not let the refusal of a second %s hide that the first may have been done",
  async (method, yaml, switches) => {
    const rig = createRig({ tunnels: [OLD], switches });
    let sent = 0;
    rig.fault = (request) => {
      if (request.method !== method) {
        return undefined;
      }
      sent += 1;
      return sent === 1 ? { type: "drop", acts: true } : { type: "answer", acts: false, status: 403 };
    };
    const { outcomes } = await rig.apply(yaml);
    expect(sent).toBe(2);
    expect(failureOf(outcomes)).toMatchObject({ code: "uncertain", error: { method, status: null } });
  },
);

it("looks again after it compared a secret, which takes its time", async () => {
  const rig = createRig({ tunnels: [OLD], env: { S: secretOf(1) } });
  let patches = 0;
  rig.fault = ({ method, path }) => {
    if (path.endsWith("/token")) {
      rig.simulator.rename(ID, "kept");
    }
    return method === "PATCH" && patches++ < 1 ? { type: "drop", acts: false } : undefined;
  };
  const { outcomes } = await rig.apply("version: 1\ncfd_tunnel:\n  old: { tunnel_secret: { env: S } }\n", [
    { id: ID, attribute: "tunnel_secret", comparison: { verdict: "differs" } },
  ]);
  expect(failureOf(outcomes)).toMatchObject({ code: "name_changed", live_name: "kept" });
  expect(rig.requests().filter((request) => request.startsWith("PATCH"))).toHaveLength(1);
});

it("does not take what one create has made for what another one was to make", async () => {
  const rig = createRig({ concurrency: 1 });
  rig.fault = ({ method, body }) => {
    if (method !== "POST" || !body?.includes("second")) {
      return undefined;
    }
    const [made] = rig.simulator.tunnels;
    rig.simulator.rename(made?.id ?? "", "second");
    return { type: "answer", acts: false, status: 502 };
  };
  const { outcomes } = await rig.apply("version: 1\ncfd_tunnel:\n  first:\n  second:\n");
  expect(outcomes).toMatchObject([
    { status: "applied" },
    { status: "failed", failure: { code: "uncertain", error: { status: 502 } } },
  ]);
});

function failureOf([outcome]: readonly Outcome[]): unknown {
  return outcome?.status === "failed" ? outcome.failure : outcome;
}

describe("--deadline", () => {
  it("is over for the command line as well: nothing is begun, and the report says what is left", async () => {
    let now = Date.UTC(2026, 0, 1);
    const sandbox = await servedSandbox({
      intercept: () => {
        // Each reading takes two seconds.
        now += 2_000;
        return undefined;
      },
    });
    const { code, stdout } = await runCli(["apply", "--yes", "--json", "--deadline", "1"], {
      env: sandbox.env,
      files: { "tunnels.yaml": "version: 1\ncfd_tunnel:\n  new: {}\n" },
      clock: { now: () => now, sleep: (ms, signal) => systemClock.sleep(ms, signal) },
    });
    expect(JSON.parse(stdout)).toMatchObject({
      outcomes: [{ status: "skipped", skipped: { code: "deadline" } }],
    });
    expect(code).toBe(1);
    expect(sandbox.simulator.tunnels).toEqual([]);
  });
});
