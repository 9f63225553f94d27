import type { Clock } from "../../src/base/clock.ts";
import type { FetchLike, ResponseLike } from "../../src/cloudflare/wire/transport.ts";
import type { Answer } from "../../src/simulator/wire/envelope.ts";
import type { Delivery, Fault } from "../../src/simulator/exchange.ts";
import {
  API_PATH,
  createSimulator,
  type Simulator,
  type SimulatorOptions,
} from "../../src/simulator/simulator.ts";
import { newestOf, subjectOf } from "./account.ts";
import type { Fate, Faults } from "./faults.ts";
import type { Sender } from "./sender.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** One request, seen from Cloudflare's side. */
export interface Call {
  /** Counts the requests of a scenario from 1. */
  readonly number: number;
  readonly sender: Sender;
  readonly method: string;
  /** Below the account, or of zones, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly kind: string;
  /** The resource that it speaks of; null for a list and a create. */
  readonly id: string | null;
  readonly body: { readonly [field: string]: unknown } | null;
  readonly sentAt: number;
  /** The resource that the API changed or made by it; null while it has not acted, and when nothing came of it. */
  effect: string | null;
  /** Whether it may still have an effect after its sender has given it up. */
  late: boolean;
}

/** Looks on. */
export interface Observer {
  /** Before anything has become of a request. */
  sent(call: Call): void;
  /** The API is about to act. */
  acting(call: Call): void;
  /** The API has acted. */
  acted(call: Call): void;
  /** What the sender received: no body where it broke off; null for nothing. `refused`: never connected. */
  answered(call: Call, arrived: Answer | null, refused: boolean): void;
}

/** Does things to the account while a request is about to be carried out. */
export type Actors = (call: Call, simulator: Simulator) => void;

export interface NetworkOptions extends Omit<SimulatorOptions, "now" | "intercept"> {
  readonly clock: VirtualClock;
  readonly observer: Observer;
}

/** The network between programs and the simulated API. */
export interface Network {
  readonly simulator: Simulator;
  /** What happens to requests from now on. */
  faults: Faults;
  actors: Actors;
  /** The built-in fetch's stand-in for one program. */
  fetchOf(sender: Sender): FetchLike;
  /** Resolves when nothing is under way any more, late requests included. */
  quiet(): Promise<void>;
}

export function createNetwork(options: NetworkOptions): Network {
  const { clock, observer } = options;
  /** The fault of the request that the simulator is being given right now. */
  let fault: Fault | undefined;
  const simulator = createSimulator({ ...options, now: () => clock.now(), intercept: () => fault });
  let number = 0;
  const late = new Set<Call>();

  /** The API acts, at this very moment. */
  const act = (call: Call, request: Parameters<Simulator["receive"]>[0], fate: Fate): Delivery => {
    network.actors(call, simulator);
    fault = fate.fault;
    const exchange = simulator.receive(request);
    fault = undefined;
    const { revision } = simulator;
    observer.acting(call);
    const delivery = exchange.act();
    if (simulator.revision !== revision) {
      call.effect = call.id ?? newestOf(simulator, call.kind);
    }
    observer.acted(call);
    return delivery;
  };

  const network: Network = {
    simulator,
    faults: () => {
      throw new Error("No faults were given");
    },
    actors: () => {},
    async quiet() {
      while (late.size > 0) {
        await clock.sleep(1_000);
      }
    },
    fetchOf: (sender) => async (url, init) => {
      const headers: { [name: string]: string } = {};
      init.headers.forEach((value, name) => {
        headers[name] = value;
      });
      const path = url.slice(url.indexOf(API_PATH));
      const request = { method: init.method, path, headers, body: init.body ?? null };
      number += 1;
      const call = callOf(number, sender, request, clock.now());
      const isList = call.method === "GET" && call.id === null;
      const fate = network.faults({
        method: call.method,
        path: call.path,
        isList,
        headers,
        body: request.body,
      });
      observer.sent(call);
      const acted: { delivery?: Delivery } = {};
      const carryOut = () => (acted.delivery ??= act(call, request, fate));
      const actLate = async () => {
        await clock.sleep(fate.there);
        late.delete(call);
        if (!sender.dead) {
          carryOut();
        }
      };
      const death = sender.begin(carryOut);
      if (fate.actsAnyway) {
        call.late = true;
        late.add(call);
        void actLate();
      }
      try {
        await clock.sleep(fate.there, init.signal);
        if (sender.dead) {
          return await never();
        }
        if (init.signal.aborted) {
          throw aborted();
        }
        if (death === "before") {
          return await sender.die(carryOut);
        }
        const arrives = carryOut();
        if (death === "after") {
          return await sender.die(carryOut);
        }
        if (fate.back > 0) {
          await clock.sleep(fate.back, init.signal);
        }
        if (sender.dead) {
          return await never();
        }
        if (init.signal.aborted) {
          throw aborted();
        }
        const { response, arrived } = deliver(arrives, init.signal);
        observer.answered(call, arrived, false);
        return response;
      } catch (error) {
        const { delivery } = acted;
        observer.answered(call, null, delivery?.type === "lost" && delivery.code === "ECONNREFUSED");
        throw error;
      } finally {
        sender.end(carryOut);
      }
    },
  };
  return network;
}

/** A clock that stops for a program that has died. */
export function clockOf(sender: Sender, clock: Clock): Clock {
  return {
    now: () => clock.now(),
    sleep: async (ms, signal) => {
      await clock.sleep(ms, signal);
      if (sender.dead) {
        await never();
      }
    },
  };
}

function never(): Promise<never> {
  return new Promise(() => {});
}

function callOf(
  number: number,
  sender: Sender,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body: string | null },
  sentAt: number,
): Call {
  const [whole = "", search = ""] = path.split("?");
  const own = whole.slice(API_PATH.length).replace(/^\/accounts\/[^/]*/, "");
  return {
    number,
    sender,
    method,
    path: own,
    query: new URLSearchParams(search),
    ...subjectOf(own),
    // The program's own body, which is an object.
    body: body === null ? null : (JSON.parse(body) as Call["body"]),
    sentAt,
    effect: null,
    late: false,
  };
}

/**
 * Hands over what reaches the client. Light doubles of `Response`, since real ones read their bodies in a number of
 * turns that differs between versions of Node.
 */
function deliver(
  delivery: Delivery,
  signal: AbortSignal,
): { readonly response: ResponseLike; readonly arrived: Answer } {
  if (delivery.type === "lost") {
    throw new TypeError("fetch failed", { cause: coded(delivery.code) });
  }
  const { answer, part } = delivery;
  const bytes = Buffer.from(answer.body);
  const response = {
    status: answer.status,
    headers: { get: (name: string) => answer.headers[name.toLowerCase()] ?? null },
    body: part === null ? [bytes] : partOf(bytes, part, signal),
  };
  const whole = part?.end === "clean" && part.bytes >= bytes.length;
  // Of an answer that stalls the sender has the headers, but it waits for the rest before it looks at them.
  const headers = part?.end === "stall" ? {} : answer.headers;
  return {
    response,
    arrived: part === null || whole ? answer : { status: answer.status, headers, body: "" },
  };
}

async function* partOf(
  bytes: Uint8Array,
  part: { readonly bytes: number; readonly end: "clean" | "cut" | "stall" },
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  yield bytes.subarray(0, part.bytes);
  if (part.end === "cut") {
    throw new TypeError("terminated", { cause: coded("ECONNRESET") });
  }
  if (part.end === "stall") {
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    throw aborted();
  }
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function aborted(): Error {
  return new DOMException("This operation was aborted", "AbortError");
}
