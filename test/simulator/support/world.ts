import type { Credential } from "../../../src/simulator/wire/auth.ts";
import type { ResultInfo } from "../../../src/simulator/wire/envelope.ts";
import type { Fault, SimulatorRequest } from "../../../src/simulator/exchange.ts";
import { seededBytes } from "../../../src/simulator/random.ts";
import type { NewTunnelRow, TunnelRow } from "../../../src/simulator/tunnel/rows.ts";
import { API_PATH, createSimulator, type Simulator } from "../../../src/simulator/simulator.ts";
import type { Switches } from "../../../src/simulator/switches.ts";
import { expectDescribed } from "./described.ts";

export const ACCOUNT = "0123456789abcdef0123456789abcdef";
export const TOKEN = "all-powerful";
export const START = Date.parse("2026-11-25T08:00:00Z");
/** 32 bytes. */
export const SECRET = Buffer.alloc(32, 7).toString("base64");
export const OTHER_SECRET = Buffer.alloc(32, 8).toString("base64");
export const UNKNOWN_ID = "00000000-0000-4000-8000-000000000000";

/** An answer, its body read as JSON. */
export interface Reading {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly text: string;
  /** Null where the answer is not JSON. */
  readonly json: Envelope;
}

interface Envelope {
  readonly success: boolean;
  readonly errors: readonly {
    readonly code: number;
    readonly message: string;
    readonly error_chain?: readonly { readonly code: number }[];
  }[];
  readonly messages: readonly unknown[];
  readonly result: unknown;
  readonly result_info?: ResultInfo;
}

export interface World {
  readonly simulator: Simulator;
  /** Sends a request below the account, with the all-powerful token. */
  readonly call: (
    method: string,
    path: string,
    body?: unknown,
    headers?: { readonly [name: string]: string },
  ) => Reading;
  /** Sends a request to a whole path, with no headers but these. */
  readonly raw: (
    method: string,
    path: string,
    headers?: { readonly [name: string]: string },
    body?: string | null,
  ) => Reading;
  /** Creates a tunnel and returns its row. */
  readonly create: (kind: string, name: string, fields?: object) => NewTunnelRow;
  readonly advance: (ms: number) => void;
}

export interface WorldOptions {
  readonly switches?: Partial<Switches>;
  readonly credentials?: readonly Credential[];
  readonly seed?: number;
  readonly zones?: readonly string[];
  readonly intercept?: (request: SimulatorRequest, position: number) => Fault | undefined;
}

/** A simulator at a known time, with known ids. */
export function world({ seed = 1, credentials = [], ...options }: WorldOptions = {}): World {
  let now = START;
  const simulator = createSimulator({
    account_id: ACCOUNT,
    credentials: [{ token: TOKEN }, ...credentials],
    now: () => now,
    random: seededBytes(seed),
    ...options,
  });
  const raw: World["raw"] = (method, path, headers = {}, body = null) => {
    const answer = simulator.handle({ method, path, headers, body });
    if (answer.status === 200 && answer.headers["content-type"] === "application/json") {
      expectDescribed(method, path.slice(API_PATH.length), JSON.parse(answer.body));
    }
    return {
      status: answer.status,
      headers: answer.headers,
      text: answer.body,
      json: (answer.headers["content-type"] === "application/json"
        ? JSON.parse(answer.body)
        : null) as Envelope, // What the tests are about: they fail where it is none.
    };
  };
  const call: World["call"] = (method, path, body, headers = {}) =>
    raw(
      method,
      `/client/v4/accounts/${ACCOUNT}${path}`,
      { authorization: `Bearer ${TOKEN}`, "content-type": "application/json", ...headers },
      body === undefined ? null : JSON.stringify(body),
    );
  return {
    simulator,
    raw,
    call,
    create: (kind, name, fields = {}) => {
      const made = call("POST", `/${kind}`, { name, ...fields });
      if (made.status !== 200) {
        throw new Error(made.text);
      }
      return row(made);
    },
    advance: (ms) => {
      now += ms;
    },
  };
}

/** The row of an answer; `token` and `credentials_file` are there only where the API sends them. */
export function row(reading: Reading): NewTunnelRow {
  return reading.json.result as NewTunnelRow; // The test says what it expects of it.
}

/** The rows of a list. */
export function rows(reading: Reading): readonly TunnelRow[] {
  return reading.json.result as readonly TunnelRow[]; // The test says what it expects of them.
}

/** The names of a list's rows, in the order they came. */
export function names(reading: Reading): readonly string[] {
  return rows(reading).map((each) => each.name);
}

/** The code of a failure's first error; null where there is none. */
export function code(reading: Reading): number | null {
  return reading.json.errors[0]?.code ?? null;
}
