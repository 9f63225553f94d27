/*
 * Cloudflare's side of the tunnel API, in memory: a plain function from a request to an answer. It shares no code with
 * the program that is tested against it, so that one mistake cannot stand on both sides and cancel out.
 *
 * What it does is taken from public sources: the source of cloudflared (Cloudflare's own client), the Terraform
 * provider with its acceptance tests, the official TypeScript SDK, Cloudflare's documentation and changelog, its
 * OpenAPI description, and what users quote in issues of these projects. None of it is a recording of the live API.
 * Where the sources are silent or disagree there is a switch (`switches.ts`); docs/sandbox.md lists them with the
 * guesses that have none.
 *
 * Time and chance are passed in: the same requests in the same order give the same bytes.
 */
import { deleteRecord, type Account } from "./account.ts";
import { answerControl, CONTROL_PATH, controlTable } from "./control.ts";
import { exchangeOf, type Exchange, type Fault, type SimulatorRequest } from "./exchange.ts";
import { allKinds, allTables } from "./kinds/index.ts";
import { recordsOf, type Records } from "./kinds/records.ts";
import type { RandomBytes } from "./random.ts";
import { seedTunnel, type SeedTunnel } from "./seed.ts";
import { Tables, type Contents } from "./state/tables.ts";
import { withSwitches, type Switches } from "./switches.ts";
import {
  attach,
  configure,
  detach,
  letConnectorsReturn,
  type ConnectorOptions,
  type DetachOptions,
} from "./tunnel/connectors.ts";
import { migrate } from "./tunnel/control.ts";
import { showsSameRows } from "./tunnel/rows.ts";
import { awaitsConnector, tunnels, withConnectors, type Connector, type Tunnel } from "./tunnel/tunnel.ts";
import { userEndpoints } from "./user.ts";
import { authenticate, forbidden, type Credential } from "./wire/auth.ts";
import type { Call } from "./wire/endpoint.ts";
import { envelope, noRoute, type Answer, type Reply } from "./wire/envelope.ts";
import { RateLimit } from "./wire/rate-limit.ts";
import { RouteTable, type Destination } from "./wire/route-table.ts";
import { Traffic } from "./wire/traffic.ts";

export interface SimulatorOptions {
  /** 32 hexadecimal digits. */
  readonly account_id: string;
  readonly credentials: readonly Credential[];
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly random: RandomBytes;
  /** Those that differ from the defaults. */
  readonly switches?: Partial<Switches>;
  /** The names of the zones of a new account: `example.com` and `example.net`, where nothing is said. */
  readonly zones?: readonly string[];
  /** What is in the account from the start; a table that is left out holds what a new account has. */
  readonly contents?: Contents;
  /** Asked once for each request of the API; `position` counts them from 0. */
  readonly intercept?: (request: SimulatorRequest, position: number) => Fault | undefined;
}

export interface Simulator extends Records {
  readonly account_id: string;
  /** Answers a request. For tests without faults, or with faults that are plain answers; throws for one that is not. */
  handle(request: SimulatorRequest): Answer;
  /** Takes a request in and lets the caller carry it out, faults and all. Adapters use this. */
  receive(request: SimulatorRequest): Exchange;
  /** Every tunnel, deleted ones included, oldest first. The same list until the next write. */
  readonly tunnels: readonly Tunnel[];
  /** One tunnel as it truly is, whatever lists and reads show. */
  tunnel(id: string): Tunnel | undefined;
  /** Rises with every write. */
  readonly revision: number;
  /** Attaches a connector. Throws an `Error` with the edge's words where the edge would refuse it. */
  connect(id: string, options?: ConnectorOptions): Connector;
  /** Tells a connector how long to take for a new version of the configuration, or, with null, to refuse it. */
  configure(id: string, client_id: string, config_lag_ms: number | null): void;
  /** Stops a tunnel's connectors, or one, or drops some connections. */
  disconnect(id: string, options?: DetachOptions): void;
  /** Puts tunnels into the account as if they had always been there. */
  seed(tunnels: readonly SeedTunnel[]): readonly Tunnel[];
  /** Makes a locally configured tunnel a remotely configured one, as the dashboard can. */
  migrate(id: string): void;
  /** Renames a tunnel as someone else would, at once and whatever the rules: may be called from `intercept`. */
  rename(id: string, name: string): void;
  /** Deletes a tunnel, drops its connections and removes its routes, likewise. */
  remove(id: string): void;
  /** Every record, deleted ones included. The same value until the next write. */
  readonly contents: Contents;
  /** Puts the account back to what `contents` was, lags forgotten. */
  restore(contents: Contents): void;
  readonly switches: Switches;
  setSwitches(change: Partial<Switches>): void;
  /** Replaces what is accepted from now on: a token revoked, or narrowed. */
  setCredentials(credentials: readonly Credential[]): void;
  readonly traffic: Traffic;
}

/** The path below which the API lies. */
export const API_PATH = "/client/v4";

const api = new RouteTable([...userEndpoints, ...allKinds.flatMap(({ endpoints }) => endpoints)]);

export function createSimulator(options: SimulatorOptions): Simulator {
  let { credentials } = options;
  let account: Account = {
    id: options.account_id,
    tables: new Tables(allTables, { ...initialContents(options), ...options.contents }),
    references: allKinds.flatMap((kind) => kind.references ?? []),
    switches: withSwitches(options.switches ?? {}),
    now: options.now,
    random: options.random,
    rowTexts: new WeakMap(),
    heldNames: new Map(),
    returning: new Set(),
  };
  const store = account.tables.of(tunnels);
  const findReturning = () => {
    account.returning.clear();
    for (const { id } of store.all().filter(awaitsConnector)) {
      account.returning.add(id);
    }
  };
  findReturning();
  const traffic = new Traffic();
  const rateLimit = new RateLimit();
  let position = 0;

  const setSwitches = (switches: Switches): Switches => {
    const { rowTexts } = account;
    account = {
      ...account,
      switches,
      rowTexts: showsSameRows(account.switches, switches) ? rowTexts : new WeakMap(),
    };
    return switches;
  };
  const control = controlTable(traffic, setSwitches);

  const answer = (request: SimulatorRequest, query: URLSearchParams, destination: Destination): Answer => {
    letConnectorsReturn(account);
    const limit = rateLimit.take(account.switches, account.now());
    if ("refused" in limit) {
      traffic.countRateLimited();
      return limit.refused;
    }
    const reply = respondAt(account, credentials, request, query, destination);
    const { status, headers, body } = envelope(reply, account.switches);
    return { status, headers: { ...headers, ...limit.headers }, body };
  };

  const receive = (request: SimulatorRequest): Exchange => {
    const [path = "", search = ""] = split(request.path, "?");
    const query = new URLSearchParams(search);
    if (path === CONTROL_PATH || path.startsWith(`${CONTROL_PATH}/`)) {
      return exchangeOf(undefined, () => {
        letConnectorsReturn(account);
        const sender = authenticate(request.headers, credentials);
        if (!sender.ok) {
          return envelope(sender, account.switches);
        }
        const { found } = control.find(request.method, path.slice(CONTROL_PATH.length), account.switches);
        const { permissions } = sender;
        const reply = answerControl(() => answerAt(found, { account, request, query, permissions }));
        return envelope(reply, account.switches);
      });
    }
    const number = position++;
    const destination = path.startsWith(`${API_PATH}/`)
      ? api.find(request.method, path.slice(API_PATH.length), account.switches)
      : { name: `${request.method} (no route)`, accountId: null, found: noRoute(404, path) };
    traffic.count(destination.name);
    const fault = options.intercept?.(request, number);
    const exchange = exchangeOf(fault, () => {
      const { status, headers, body } = answer(request, query, destination);
      return { status, headers: { ...headers, ...edgeHeaders(account.now(), number) }, body };
    });
    return { ...exchange, before_ms: exchange.before_ms + account.switches.delay_ms };
  };

  const known = (id: string): Tunnel => {
    const tunnel = store.get(id);
    if (!tunnel) {
      throw new Error(`The sandbox has no tunnel ${id}.`);
    }
    return tunnel;
  };

  return {
    ...recordsOf(() => account),
    account_id: options.account_id,
    handle: (request) => {
      const delivery = receive(request).act();
      if (delivery.type === "answer" && !delivery.part) {
        return delivery.answer;
      }
      throw new Error("This fault is no plain answer: use an adapter.");
    },
    receive,
    get tunnels() {
      return store.all();
    },
    tunnel: (id) => store.get(id),
    get revision() {
      return account.tables.revision;
    },
    connect: (id, connector = {}) => attach(account, known(id), connector),
    configure: (id, client_id, config_lag_ms) => configure(account, known(id), client_id, config_lag_ms),
    disconnect: (id, which = {}) => detach(account, known(id), which),
    seed: (seeds) => seeds.map((each) => seedTunnel(account, each)),
    migrate: (id) => {
      migrate(account, known(id));
    },
    rename: (id, name) => store.put({ ...known(id), name }),
    remove: (id) => {
      deleteRecord(account, tunnels, withConnectors(known(id), [], account.now()), {
        all: true,
        lag: NO_LAG,
      });
    },
    get contents() {
      return account.tables.contents();
    },
    restore: (contents) => {
      account.tables.restore(contents);
      findReturning();
    },
    get switches() {
      return account.switches;
    },
    setSwitches: (change) => {
      setSwitches(withSwitches(change, account.switches));
    },
    setCredentials: (next) => {
      credentials = next;
    },
    traffic,
  };
}

function respondAt(
  account: Account,
  credentials: readonly Credential[],
  request: SimulatorRequest,
  query: URLSearchParams,
  { found, accountId }: Destination,
): Reply {
  const sender = authenticate(request.headers, credentials);
  if (!sender.ok) {
    return sender;
  }
  if (!("ok" in found) && accountId !== null && accountId !== account.id) {
    return forbidden(account.switches.forbidden_status);
  }
  return answerAt(found, { account, request, query, permissions: sender.permissions });
}

function answerAt(found: Destination["found"], call: Omit<Call, "param">): Reply {
  if ("ok" in found) {
    return found;
  }
  const { endpoint, params } = found;
  const lacks = endpoint.lacks(call.permissions, call.account.switches);
  return lacks ?? endpoint.answer({ ...call, param: (name) => params[name] ?? "" });
}

/** What a new account holds. */
function initialContents({ account_id, now, zones = DEFAULT_ZONES }: SimulatorOptions): Contents {
  const beginning = { accountId: account_id, now: now(), zones };
  return Object.fromEntries(
    allKinds.flatMap((kind) => (kind.initial ? [[kind.table.name, kind.initial(beginning)]] : [])),
  );
}

/** Names that are reserved for examples, so that an example works as it stands. */
const DEFAULT_ZONES = ["example.com", "example.net"];

const NO_LAG = { lists: 0, reads: 0 };

function split(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function edgeHeaders(now: number, position: number): { readonly [name: string]: string } {
  return {
    date: new Date(now).toUTCString(),
    "cf-ray": `${position.toString(16).padStart(16, "0")}-DFW`,
  };
}
