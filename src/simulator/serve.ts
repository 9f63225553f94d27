import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { canonicalName } from "./dns/name.ts";
import type { Fault, SimulatorRequest } from "./exchange.ts";
import { httpServer } from "./http-server.ts";
import { allTables } from "./kinds/index.ts";
import type { RandomBytes } from "./random.ts";
import { API_PATH, createSimulator, type Simulator } from "./simulator.ts";
import { StateFile } from "./state/file.ts";
import { keepBy, keepNothing } from "./state/keep.ts";
import type { Switches } from "./switches.ts";
import { USER_EMAIL } from "./user.ts";
import type { Credential } from "./wire/auth.ts";

/** The account and token of every sandbox that is not told otherwise. The token is no secret: it opens nothing else. */
export const SANDBOX_ACCOUNT_ID = "5a9db0c05a9db0c05a9db0c05a9db0c0";
export const SANDBOX_TOKEN = "sandbox-token-0000000000000000000000000000";
/** Its global key, for clients that know no token: it opens nothing else either. */
export const SANDBOX_KEY = "5a9db0c05a9db0c05a9db0c05a9db0c05a9db";

export interface SandboxOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Where the account is kept; without it, in memory only. */
  readonly stateFile?: string;
  /** The names of zones that the account is to have; a new one has `example.com` and `example.net` without. */
  readonly zones?: readonly string[];
  readonly switches?: Partial<Switches>;
  /** Accepted besides the sandbox's own token and key. */
  readonly credentials?: readonly Credential[];
  readonly intercept?: (request: SimulatorRequest, position: number) => Fault | undefined;
  /** How long `close` waits for requests under way before it cuts them: a second, where nothing else is said. */
  readonly graceMs?: number;
  /** The machine's clock, where none is given. */
  readonly now?: () => number;
  readonly random?: RandomBytes;
}

export interface Sandbox {
  /** For CLOUDFLARE_BASE_URL: ends in `/client/v4`. */
  readonly url: string;
  readonly accountId: string;
  readonly token: string;
  /** The global key and its owner, in place of the token. */
  readonly email: string;
  readonly key: string;
  /** What stands behind the port: for connectors, seeds and counts. */
  readonly simulator: Simulator;
  /**
   * Takes no new request, lets those under way end or cuts them after a while, and resolves when the state is written
   * and the port free. Calls after the first are the first one's.
   */
  close(): Promise<void>;
}

/** Serves a sandbox on 127.0.0.1. Throws a `StateFileError` for a state file that it cannot use. */
export async function serveSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { stateFile, port = 0 } = options;
  const opened = stateFile === undefined ? null : await StateFile.open(stateFile, allTables);
  const { account_id = SANDBOX_ACCOUNT_ID, token = SANDBOX_TOKEN, contents } = opened?.state ?? {};
  const simulator = createSimulator({
    account_id,
    credentials: [{ token }, { email: USER_EMAIL, key: SANDBOX_KEY }, ...(options.credentials ?? [])],
    now: options.now ?? (() => Date.now()),
    random: options.random ?? randomBytes,
    ...(contents && { contents }),
    // Asked for, they are added below, so that they are kept.
    ...(options.zones && { zones: [] }),
    ...(options.switches && { switches: options.switches }),
    ...(options.intercept && { intercept: options.intercept }),
  });
  const keep = opened
    ? keepBy((kept) => opened.file.save({ account_id, token, contents: kept }), simulator)
    : keepNothing;
  addZones(simulator, options.zones ?? []);
  const serving = httpServer(simulator, keep, options.graceMs ?? 1_000);
  const { server } = serving;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const end = async () => {
    await serving.close();
    await keep();
  };
  let ended: Promise<void> | null = null;
  const address = server.address() as AddressInfo; // A TCP server that listens has one.
  return {
    url: `http://127.0.0.1:${address.port}${API_PATH}`,
    accountId: account_id,
    token,
    email: USER_EMAIL,
    key: SANDBOX_KEY,
    simulator,
    close: () => {
      ended ??= end();
      return ended;
    },
  };
}

/** Adds those that a kept account does not have yet. */
function addZones(simulator: Simulator, names: readonly string[]): void {
  const there = new Set(simulator.rows("zones").map(({ name }) => name));
  const missing = names.filter((name) => !there.has(canonicalName(name)));
  simulator.add(
    "zones",
    missing.map((name) => ({ name })),
  );
}
