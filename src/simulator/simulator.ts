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
import type { Account } from "./account.ts";
import { authenticate, forbidden, type Credential } from "./auth.ts";
import {
  attach,
  detach,
  letConnectorsReturn,
  type ConnectorOptions,
  type DetachOptions,
} from "./connectors.ts";
import { control, CONTROL_PATH, migrate } from "./control.ts";
import { respond } from "./endpoints.ts";
import { envelope, noRoute, type Answer, type Reply } from "./envelope.ts";
import { exchangeOf, type Exchange, type Fault, type SimulatorRequest } from "./exchange.ts";
import type { RandomBytes } from "./random.ts";
import { RateLimit } from "./rate-limit.ts";
import { destinationOf, type Destination } from "./route.ts";
import { showsSameRows } from "./rows.ts";
import { seed, type SeedTunnel } from "./seed.ts";
import { Store } from "./store.ts";
import { withSwitches, type Switches } from "./switches.ts";
import { Traffic } from "./traffic.ts";
import { withConnectors, type Connector, type Tunnel } from "./tunnel.ts";

export interface SimulatorOptions {
  /** 32 hexadecimal digits. */
  readonly account_id: string;
  readonly credentials: readonly Credential[];
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly random: RandomBytes;
  /** Those that differ from the defaults. */
  readonly switches?: Partial<Switches>;
  /** What is in the account from the start, oldest first. */
  readonly tunnels?: readonly Tunnel[];
  /** Asked once for each request of the API; `position` counts them from 0. */
  readonly intercept?: (request: SimulatorRequest, position: number) => Fault | undefined;
}

export interface Simulator {
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
  /** Stops a tunnel's connectors, or one, or drops some connections. */
  disconnect(id: string, options?: DetachOptions): void;
  /** Puts tunnels into the account as if they had always been there. */
  seed(tunnels: readonly SeedTunnel[]): readonly Tunnel[];
  /** Makes a locally configured tunnel a remotely configured one, as the dashboard can. */
  migrate(id: string): void;
  /** Renames a tunnel as someone else would, at once and whatever the rules: may be called from `intercept`. */
  rename(id: string, name: string): void;
  /** Deletes a tunnel and drops its connections, likewise. */
  remove(id: string): void;
  /** Puts the account back to what `tunnels` was, lags forgotten. */
  restore(tunnels: readonly Tunnel[]): void;
  readonly switches: Switches;
  setSwitches(change: Partial<Switches>): void;
  /** Replaces what is accepted from now on: a token revoked, or narrowed. */
  setCredentials(credentials: readonly Credential[]): void;
  readonly traffic: Traffic;
}

/** The path below which the API lies. */
export const API_PATH = "/client/v4";

export function createSimulator(options: SimulatorOptions): Simulator {
  let { credentials } = options;
  let account: Account = {
    id: options.account_id,
    store: new Store(options.tunnels ?? []),
    switches: withSwitches(options.switches ?? {}),
    now: options.now,
    random: options.random,
    rowTexts: new WeakMap(),
    heldNames: new Map(),
    returning: new Set(options.tunnels?.filter(awaitsConnector).map((tunnel) => tunnel.id)),
  };
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
        const reply = sender.ok ? control(account, traffic, setSwitches, request, query) : sender;
        return envelope(reply, account.switches);
      });
    }
    const number = position++;
    const destination = path.startsWith(`${API_PATH}/`)
      ? destinationOf(request.method, path.slice(API_PATH.length), account.switches)
      : { endpoint: `${request.method} (no route)`, accountId: null, route: noRoute(404, path) };
    traffic.count(destination.endpoint);
    const fault = options.intercept?.(request, number);
    return exchangeOf(fault, () => {
      const { status, headers, body } = answer(request, query, destination);
      return { status, headers: { ...headers, ...edgeHeaders(account.now(), number) }, body };
    });
  };

  const known = (id: string): Tunnel => {
    const tunnel = account.store.get(id);
    if (!tunnel) {
      throw new Error(`The sandbox has no tunnel ${id}.`);
    }
    return tunnel;
  };

  return {
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
      return account.store.all();
    },
    tunnel: (id) => account.store.get(id),
    get revision() {
      return account.store.revision;
    },
    connect: (id, connector = {}) => attach(account, known(id), connector),
    disconnect: (id, which = {}) => detach(account, known(id), which),
    seed: (tunnels) => seed(account, tunnels),
    migrate: (id) => migrate(account, known(id).id),
    rename: (id, name) => account.store.put({ ...known(id), name }),
    remove: (id) => {
      const now = account.now();
      account.store.put({ ...withConnectors(known(id), [], now), deleted_at: now });
    },
    restore: (tunnels) => {
      account.store.restore(tunnels);
      account.returning.clear();
      for (const { id } of tunnels.filter(awaitsConnector)) {
        account.returning.add(id);
      }
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
  { route, accountId }: Destination,
): Reply {
  const sender = authenticate(request.headers, credentials);
  if (!sender.ok) {
    return sender;
  }
  if ("ok" in route) {
    return route;
  }
  if (accountId !== null && accountId !== account.id) {
    return forbidden(account.switches.forbidden_status);
  }
  return respond(account, route, sender.permissions, request, query);
}

function awaitsConnector(tunnel: Tunnel): boolean {
  return tunnel.connectors.some((connector) => connector.returns_at !== null);
}

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
