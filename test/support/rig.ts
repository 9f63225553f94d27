import { keyOf } from "../../src/engine/model/account-index.ts";
import { Secret } from "../../src/base/secret.ts";
import { type CloudflareClient, createClient } from "../../src/cloudflare/client.ts";
import { loadDesiredState } from "../../src/config/load.ts";
import type { Plan } from "../../src/engine/model/change.ts";
import { execute, type Progress } from "../../src/engine/execute.ts";
import type { ComparedSecret } from "../../src/engine/decide/judge.ts";
import { readTargets, type Target } from "../../src/engine/decide/target.ts";
import { planAccount } from "../../src/engine/plan-account.ts";
import type { Outcome, Verification } from "../../src/engine/model/outcome.ts";
import { plan } from "../../src/engine/plan.ts";
import type { DesiredState, SecretReference } from "../../src/engine/model/resource.ts";
import { verify } from "../../src/engine/verify.ts";
import { kinds } from "../../src/kinds/index.ts";
import type { Fault, SimulatorRequest } from "../../src/simulator/exchange.ts";
import { simulatorFetch } from "../../src/simulator/fetch.ts";
import { seededBytes } from "../../src/simulator/random.ts";
import type { SeedTunnel } from "../../src/simulator/seed.ts";
import { createSimulator, type Simulator } from "../../src/simulator/simulator.ts";
import type { Switches } from "../../src/simulator/switches.ts";
import { FakeClock } from "./fake-clock.ts";

export const ACCOUNT = "0123456789abcdef0123456789abcdef";
const TOKEN = "a-token-that-opens-the-simulator-only";

/** A base64 secret of 32 bytes, all the same. */
export const secretOf = (byte: number): string => Buffer.alloc(32, byte).toString("base64");

export interface RigOptions {
  readonly tunnels?: readonly SeedTunnel[];
  readonly switches?: Partial<Switches>;
  readonly concurrency?: number;
  /** Values of `env` references. */
  readonly env?: { readonly [name: string]: string };
  readonly stop?: AbortSignal;
  /** Milliseconds after the rig is made. */
  readonly deadline?: number;
  /** How long connectors have for a configuration. Milliseconds; not given: nobody is asked. */
  readonly rolloutTimeout?: number;
  readonly progress?: Progress;
}

export interface Rig {
  readonly simulator: Simulator;
  readonly client: CloudflareClient;
  readonly clock: FakeClock;
  /** What goes wrong from now on, asked before each request. */
  fault: (request: SimulatorRequest) => Fault | undefined;
  /** `METHOD /path` of each request since the last call, the account left out. */
  readonly requests: () => readonly string[];
  /** `targets`: as `--target` names them. */
  plan(yaml: string, ...targets: readonly string[]): Promise<Plan>;
  /** Plans and executes, and throws where the plan is blocked. */
  apply(
    yaml: string,
    secrets?: readonly ComparedSecret[],
  ): Promise<{
    readonly plan: Plan;
    readonly outcomes: readonly Outcome[];
    readonly verification: Verification;
  }>;
  /** The names of the live tunnels of a kind, sorted, as they truly are. */
  live(kind?: string): readonly string[];
}

/** The program without its terminal, on a simulated account and a clock that never really waits. */
export function createRig(options: RigOptions = {}): Rig {
  const clock = new FakeClock();
  const deadline = options.deadline === undefined ? {} : { deadline: clock.now() + options.deadline };
  let seen: string[] = [];
  const simulator = createSimulator({
    account_id: ACCOUNT,
    credentials: [{ token: TOKEN }],
    now: () => clock.now(),
    random: seededBytes(1),
    switches: options.switches ?? {},
    intercept: (request) => {
      seen.push(`${request.method} ${request.path.replace(`/client/v4/accounts/${ACCOUNT}`, "")}`);
      return rig.fault(request);
    },
  });
  simulator.seed(options.tunnels ?? []);
  const client = createClient({
    baseUrl: "https://api.cloudflare.com/client/v4",
    accountId: ACCOUNT,
    credentials: { token: new Secret(TOKEN) },
    userAgent: "test",
    concurrency: options.concurrency ?? 8,
    timeoutMs: 30_000,
    clock,
    random: () => 0.5,
    ...deadline,
    fetch: simulatorFetch(simulator, { sleep: (ms, signal) => clock.sleep(ms, signal) }),
    ...(options.stop === undefined ? {} : { stop: options.stop }),
  });
  const secret = (reference: SecretReference) =>
    new Secret("env" in reference ? (options.env?.[reference.env] ?? "") : "");
  const planned = (desired: DesiredState, targets: readonly Target[] = []) =>
    planAccount({ desired, targets }, [], { client, kinds, secret, now: () => clock.now() });
  const rig: Rig = {
    simulator,
    client,
    clock,
    fault: () => undefined,
    requests: () => {
      const requests = seen;
      seen = [];
      return requests;
    },
    async plan(yaml, ...texts) {
      const desired = await load(yaml);
      const { targets, flaws } = readTargets(texts, desired);
      if (flaws.length > 0) {
        throw new Error(`no such entries: ${flaws.map(({ text }) => text).join()}`);
      }
      return (await planned(desired, targets)).plan;
    },
    async apply(yaml, secrets = []) {
      const desired = await load(yaml);
      const { actual } = await planned(desired);
      const made = plan(desired, actual, kinds, { now: clock.now(), secrets });
      if (made.blocked.length > 0) {
        throw new Error(`blocked: ${made.blocked.map(({ reason }) => reason.code).join(", ")}`);
      }
      const outcomes = await execute(made, {
        client,
        kinds,
        clock,
        ...deadline,
        concurrency: options.concurrency ?? 8,
        knownIds: new Set(actual.map(({ kind, id }) => keyOf(kind, id))),
        secret,
        rolloutTimeout: options.rolloutTimeout ?? 0,
        ...(options.stop === undefined ? {} : { stop: options.stop }),
      });
      const stop = options.stop === undefined ? {} : { stop: options.stop };
      const progress = options.progress === undefined ? {} : { progress: options.progress };
      const verification = await verify(outcomes, {
        client,
        kinds,
        clock,
        ...stop,
        ...deadline,
        rolloutTimeout: options.rolloutTimeout ?? 0,
        ...progress,
      });
      return { plan: made, outcomes, verification };
    },
    live: (kind = "cfd_tunnel") =>
      simulator.tunnels
        .filter((tunnel) => tunnel.deleted_at === null && tunnel.kind === kind)
        .map(({ name }) => name)
        .sort(),
  };
  return rig;
}

/** Understands a file; a test's own mistakes in it are thrown. */
export async function load(yaml: string): Promise<DesiredState> {
  const loaded = await loadDesiredState([{ path: "tunnels.yaml", text: yaml }], { env: {} });
  if (!loaded.ok) {
    throw new Error(loaded.problems.map(({ code, location }) => `${location.line}: ${code}`).join("\n"));
  }
  return loaded.value;
}
