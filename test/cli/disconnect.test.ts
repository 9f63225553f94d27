import Cloudflare from "cloudflare";
import { describe, expect, test } from "vitest";
import type { Fault, SimulatorRequest } from "../../src/simulator/exchange.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { environmentFor, runCli, servedSandbox, type CliOptions } from "../support/cli.ts";
import { QuickClock } from "../support/quick-clock.ts";

const ID = "11111111-1111-4111-8111-111111111111";
const WARP_ID = "22222222-2222-4222-8222-222222222222";
const ONE = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
const TWO = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb";
const THREE = "cccccccc-cccc-4ccc-8ccc-cccccccccccc";
const NOW = Date.UTC(2026, 10, 25, 8);

type Intercept = (request: SimulatorRequest) => Fault | undefined;

async function seeded() {
  const clock = new QuickClock(NOW);
  const fault: { next: Fault | undefined } = { next: undefined };
  const hook: { intercept: Intercept } = {
    intercept: ({ method }) => (method === "DELETE" ? fault.next : undefined),
  };
  const sandbox = await servedSandbox({
    now: () => clock.now(),
    intercept: (request) => hook.intercept(request),
    credentials: [{ token: "reader", permissions: { cfd_tunnel: "read" } }],
  });
  const { simulator } = sandbox;
  simulator.seed([
    { kind: "cfd_tunnel", name: "web", id: ID },
    { kind: "warp_connector", name: "branch", id: WARP_ID },
  ]);
  simulator.connect(ID, { client_id: ONE });
  simulator.connect(ID, { client_id: TWO, reconnects: true });
  const disconnect = (argv: readonly string[], options: CliOptions = {}) =>
    runCli(["disconnect", ...argv], { env: sandbox.env, clock, ...options });
  const deletes = () => simulator.traffic.counts().by_endpoint["DELETE /cfd_tunnel/{id}/connections"] ?? 0;
  const connected = () =>
    simulator
      .tunnel(ID)
      ?.connectors.filter(({ connections }) => connections.length > 0)
      .map(({ id }) => id);
  return { clock, fault, hook, sandbox, simulator, disconnect, deletes, connected };
}

test("cuts all connectors, and says who came back", async () => {
  const { disconnect, deletes, connected, sandbox } = await seeded();
  const { code, stdout } = await disconnect(["web", "--yes"]);
  expect(code).toBe(0);
  expect(stdout).toBe(`Cut: 2 connectors.
    ${ONE} 2026.8.2 (dfw01 x2, ord02 x2)
    ${TWO} 2026.8.2 (dfw01 x2, ord02 x2)
Came back: 1 connector, as a connector does while its token holds.
    ${TWO} 2026.8.2 (dfw01 x4)
`);
  expect(deletes()).toBe(1);
  expect(connected()).toEqual([TWO]);
  const none = { apiKey: null, apiEmail: null, userServiceKey: null };
  const sdk = new Cloudflare({ ...none, apiToken: sandbox.token, baseURL: sandbox.url });
  const seen: string[] = [];
  for await (const { id } of sdk.zeroTrust.tunnels.cloudflared.connections.get(ID, {
    account_id: sandbox.accountId,
  })) {
    seen.push(id ?? "");
  }
  expect(seen).toEqual([TWO]);
});

test("one connector alone", async () => {
  const { disconnect, connected } = await seeded();
  const { code, stdout } = await disconnect(["web", "--connector", ONE, "--yes", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    tunnel: { kind: "cfd_tunnel", name: "web", id: ID },
    cut: [{ id: ONE }],
    returned: [],
    remained: [],
    unseen: null,
  });
  expect(connected()).toEqual([TWO]);
});

describe("consent", () => {
  test("without it nothing is cut, and what would be is said", async () => {
    const { disconnect, deletes } = await seeded();
    const { code, stdout, stderr } = await disconnect(["web"]);
    expect({ code, stdout, deletes: deletes() }).toEqual({ code: 3, stdout: "", deletes: 0 });
    expect(stderr).toContain(ONE);
    expect(stderr).toContain("--yes");
  });

  test("only yes is a yes", async () => {
    const { disconnect, deletes } = await seeded();
    expect((await disconnect(["web"], { tty: true, stdin: "y\n" })).code).toBe(3);
    expect(deletes()).toBe(0);
    expect((await disconnect(["web"], { tty: true, stdin: "yes\n" })).code).toBe(0);
    expect(deletes()).toBe(1);
  });

  test("is not needed where there is nothing to cut", async () => {
    const { simulator, disconnect, deletes } = await seeded();
    simulator.disconnect(ID);
    const { code, stdout } = await disconnect(["web"]);
    expect(code).toBe(0);
    expect(stdout).toContain("nothing was cut");
    expect(deletes()).toBe(0);
  });

  test.each([
    ["one more attaches", (simulator: Simulator) => simulator.connect(ID, { client_id: THREE })],
    ["one is gone", (simulator: Simulator) => simulator.disconnect(ID, { client_id: TWO })],
  ])("where %s while it is asked for, nothing is cut", async (_, change) => {
    const { simulator, disconnect, deletes } = await seeded();
    const { code, stdout, stderr } = await disconnect(["web", "--json"], {
      tty: true,
      stdin: "yes\n",
      onOutput: (text) => {
        if (text.includes("Only")) {
          change(simulator);
        }
      },
    });
    expect({ code, deletes: deletes() }).toEqual({ code: 3, deletes: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ errors: [{ code: "stale" }] });
    expect(stderr).toContain(TWO);
  });

  test("to one connector is not touched by what others do", async () => {
    const { simulator, disconnect, connected } = await seeded();
    const { code } = await disconnect(["web", "--connector", ONE], {
      tty: true,
      stdin: "yes\n",
      onOutput: (text) => {
        if (text.includes("Only")) {
          simulator.connect(ID, { client_id: THREE });
        }
      },
    });
    expect({ code, connected: connected() }).toEqual({ code: 0, connected: [TWO, THREE] });
  });

  test("an interrupt while it is asked for changes nothing", async () => {
    const { disconnect, deletes } = await seeded();
    const stop = new AbortController();
    const { code } = await disconnect(["web"], {
      tty: true,
      stdin: "yes\n",
      stop: stop.signal,
      onOutput: (text) => {
        if (text.includes("Only")) {
          stop.abort();
        }
      },
    });
    expect({ code, deletes: deletes() }).toEqual({ code: 130, deletes: 0 });
  });
});

describe("the look right before the cut", () => {
  test.each([
    ["renamed", (simulator: Simulator) => simulator.rename(ID, "other"), "is called other now"],
    ["deleted", (simulator: Simulator) => simulator.remove(ID), "is gone"],
  ])("of a tunnel that was %s since it was looked up: refused", async (_, move, words) => {
    const { hook, simulator, disconnect, deletes } = await seeded();
    hook.intercept = ({ path }) => {
      // After the look-up and the look at the connectors, which came before it.
      if (path.endsWith(`/cfd_tunnel/${ID}`)) {
        move(simulator);
      }
      return undefined;
    };
    const { code, stdout } = await disconnect(["web", "--yes", "--json"]);
    expect({ code, deletes: deletes() }).toEqual({ code: 3, deletes: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ errors: [{ code: "stale" }] });
    expect(stdout).toContain(words);
  });

  test("is taken again after a wait", async () => {
    const { hook, simulator, disconnect, deletes } = await seeded();
    hook.intercept = ({ method }) => {
      if (method !== "DELETE") {
        return undefined;
      }
      simulator.rename(ID, "other");
      return { type: "answer", acts: false, status: 429, headers: { "retry-after": "5" }, body: "" };
    };
    const { code, stderr } = await disconnect(["web", "--yes"]);
    expect({ code, deletes: deletes() }).toEqual({ code: 3, deletes: 1 });
    expect(stderr).toContain("is called other now");
  });
});

test("what is cut off while it is under way is uncertain, and ends with 130", async () => {
  const { disconnect, fault, sandbox } = await seeded();
  const stop = new AbortController();
  const abort = new AbortController();
  fault.next = { type: "stall", bytes: 0 };
  const ended = disconnect(["web", "--yes"], { stop: stop.signal, abort: abort.signal });
  while (!sandbox.simulator.traffic.counts().by_endpoint["DELETE /cfd_tunnel/{id}/connections"]) {
    await new Promise(setImmediate);
  }
  stop.abort();
  abort.abort();
  const { code, stderr } = await ended;
  expect(code).toBe(130);
  expect(stderr).toContain("may have done this: DELETE");
  expect(stderr).not.toContain("not sent");
});

describe("bad input", () => {
  test.each([
    [["branch", "--yes"], "cfd_tunnel only"],
    [["web", "--connector", "one", "--yes"], "--connector"],
    [["web", "--connector", WARP_ID, "--yes"], ONE],
    [["wbe", "--yes"], "No live tunnel"],
  ])("%j changes nothing", async (argv, expected) => {
    const { disconnect, deletes } = await seeded();
    const { code, stderr } = await disconnect(argv);
    expect({ code, deletes: deletes() }).toEqual({ code: 1, deletes: 0 });
    expect(stderr).toContain(expected);
  });

  test("a token that may only read", async () => {
    const { disconnect, sandbox, connected } = await seeded();
    const { code, stderr } = await disconnect(["web", "--yes"], {
      env: environmentFor(sandbox, "reader"),
    });
    expect(code).toBe(1);
    expect(stderr).toContain("Cloudflare Tunnel: Edit");
    expect(connected()).toEqual([ONE, TWO]);
  });
});

describe("an answer that is lost", () => {
  test("after the cut: the look at the connectors tells", async () => {
    const { fault, disconnect, deletes } = await seeded();
    fault.next = { type: "drop", acts: true };
    const { code, stdout } = await disconnect(["web", "--yes"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Cut: 2 connectors.");
    // It is not sent again: that would cut who came back.
    expect(deletes()).toBe(1);
  });

  test("before the cut: they are still there, which is an error", async () => {
    const { fault, disconnect } = await seeded();
    fault.next = { type: "drop", acts: false };
    const { code, stdout, stderr } = await disconnect(["web", "--yes"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("no whole answer");
  });
});

test("a connector that is still shown after a while makes it exit 1", async () => {
  const { fault, clock, disconnect } = await seeded();
  const body = JSON.stringify({ success: true, errors: [], messages: [], result: null });
  fault.next = { type: "answer", acts: false, status: 200, body };
  const { code, stdout } = await disconnect(["web", "--yes"]);
  expect(code).toBe(1);
  expect(stdout).toContain("Still shown as connected: 2 connectors.");
  expect(clock.sleeps).toEqual([2_000, 2_000, 4_000]);
});
