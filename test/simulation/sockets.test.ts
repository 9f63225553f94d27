/* A smaller set over real sockets: the server, the built-in fetch, the machine's clock, and faults that a socket can have. */
import { expect, it } from "vitest";
import { type Clock, systemClock } from "../../src/base/clock.ts";
import type { Io, Output } from "../../src/cli/io.ts";
import { run } from "../../src/cli/run.ts";
import type { Fault } from "../../src/simulator/exchange.ts";
import { seededBytes } from "../../src/simulator/random.ts";
import { serveSandbox } from "../../src/simulator/serve.ts";
import { seedConfigurations } from "./configurations.ts";
import { drawFrom } from "./draw.ts";
import { drawFile, type File, toYaml } from "./file.ts";
import { isTrueReason, unmet } from "./goal.ts";
import { BEGINNING, drawWorld } from "./world.ts";

const SEEDS = 150;
const TIMEOUT_S = 17;
const SECRET = Buffer.alloc(32, 7).toString("base64");

/** No fault that only a long time limit ends: this clock is a real one. */
const FAULTS: readonly Fault[] = [
  { type: "drop", acts: true },
  { type: "drop", acts: false },
  { type: "truncate", bytes: 30, end: "clean" },
  { type: "truncate", bytes: 30, end: "cut" },
  { type: "answer", acts: true, status: 502, body: "<html></html>" },
  { type: "answer", acts: false, status: 503, body: "" },
  { type: "answer", acts: false, status: 429, headers: { "retry-after-ms": "1" } },
  { type: "delay", ms: 3, acts: "last" },
];

it(`gets there over real sockets in ${SEEDS} seeds`, { timeout: 120_000 }, async () => {
  let faults = 0;
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const world = drawWorld(seed);
    const file = drawFile(seed, world, 1);
    const draw = drawFrom(seed, "sockets");
    const clock = new ShortClock();
    let isStorm = true;
    const sandbox = await serveSandbox({
      random: seededBytes(seed),
      now: () => clock.now(),
      switches: { ...world.switches, rate_limit: null },
      intercept: () => {
        if (!isStorm || !draw.chance(0.3)) {
          return undefined;
        }
        faults += 1;
        return draw.pick(FAULTS);
      },
    });
    try {
      const { contents } = sandbox.simulator;
      sandbox.simulator.restore({ ...contents, virtual_networks: world.networks });
      sandbox.simulator.seed(world.tunnels.slice(0, 60));
      seedConfigurations(seed, sandbox.simulator);
      await apply(sandbox, file, clock);
      isStorm = false;
      const { exit, stdout } = await apply(sandbox, file, clock);
      expect({ seed, stdout, mistake: stdout.includes("mistake in warren") }).toMatchObject({
        mistake: false,
      });
      if (exit === 3) {
        const { blocked } = JSON.parse(stdout) as { readonly blocked: Parameters<typeof isTrueReason>[0][] };
        const untrue = blocked.filter((item) => !isTrueReason(item, file, sandbox.simulator, clock.now()));
        expect({ seed, untrue }).toEqual({ seed, untrue: [] });
      } else if (sandbox.simulator.switches.names !== "shared") {
        expect({ seed, exit, left: unmet(file, sandbox.simulator) }).toEqual({ seed, exit: 0, left: [] });
      }
      expect(sandbox.simulator.traffic.counts().most_in_flight).toBeLessThanOrEqual(4);
    } finally {
      await sandbox.close();
    }
  }
  expect(faults).toBeGreaterThan(SEEDS);
});

/** Begins when the world does, and makes short work of waits, or the test would take minutes. Not of time limits. */
class ShortClock implements Clock {
  #now = BEGINNING;

  now(): number {
    return this.#now;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const end = this.#now + ms;
    await systemClock.sleep(ms === TIMEOUT_S * 1_000 ? ms : Math.min(ms, 2), signal);
    if (!signal?.aborted) {
      this.#now = Math.max(this.#now, end);
    }
  }
}

async function apply(
  sandbox: { readonly url: string; readonly accountId: string; readonly token: string },
  file: File,
  clock: Clock,
): Promise<{ readonly exit: number; readonly stdout: string }> {
  let stdout = "";
  const output = (write: (text: string) => void): Output => ({ write, isTTY: false, columns: null });
  const io: Io = {
    stdout: output((text) => {
      stdout += text;
    }),
    stderr: output(() => {}),
    stdin: { isTTY: false, read: async () => Buffer.from(toYaml(file)), ask: async () => null },
    env: {
      CLOUDFLARE_API_TOKEN: sandbox.token,
      CLOUDFLARE_ACCOUNT_ID: sandbox.accountId,
      CLOUDFLARE_BASE_URL: sandbox.url,
      SECRET_A: SECRET,
      SECRET_B: SECRET,
    },
    cwd: "/",
    clock,
    random: () => 0.5,
    stop: new AbortController().signal,
    abort: new AbortController().signal,
  };
  const exit = await run(
    ["apply", "--yes", "--json", "--concurrency", "4", "--timeout", String(TIMEOUT_S), "--file", "-"],
    io,
  );
  return { exit, stdout };
}
