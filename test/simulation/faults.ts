import type { Fault } from "../../src/simulator/exchange.ts";
import { type Draw, drawFrom } from "./draw.ts";

/** What becomes of one request on its way. Milliseconds. */
export interface Fate {
  /** Until the API acts on it. */
  readonly there: number;
  /** From then until the answer arrives. */
  readonly back: number;
  readonly fault: Fault | undefined;
  /** Whether the API acts although the sender has hung up. */
  readonly actsAnyway: boolean;
}

/** What a fault is drawn for. */
export interface Target {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Whether it asks for a list. */
  readonly isList: boolean;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | null;
}

/** Decides about each request, in the order in which they are sent. */
export type Faults = (target: Target) => Fate;

/** Faults of a few sorts, at rates that are drawn once for the whole schedule. */
export function drawFaults(seed: number): Faults {
  const draw = drawFrom(seed, "faults");
  const count = draw.pick([0, 1, 2, 3, 4, 6, 9]);
  const sorts = draw.shuffle(SORTS).slice(0, count);
  const odds = draw.pick([0.03, 0.08, 0.2, 0.4]);
  const slow = draw.chance(0.3);
  return (target) => {
    const there = draw.between(1, slow ? 2_000 : 40);
    const back = draw.chance(0.3) ? draw.between(1, slow ? 2_000 : 40) : 0;
    const bend = sorts.length > 0 && draw.chance(odds) ? draw.pick(sorts) : calm;
    return { there, back, fault: undefined, actsAnyway: false, ...bend(draw, target) };
  };
}

/** Once faults have stopped: answers come, each at a time of its own. */
export function drawCalm(seed: number): Faults {
  const draw = drawFrom(seed, "calm");
  return () => ({ there: draw.between(1, 40), back: 0, fault: undefined, actsAnyway: false });
}

type Bend = (draw: Draw, target: Target) => Partial<Fate>;

const calm: Bend = () => ({});

const answer = (
  acts: boolean,
  status: number,
  body: string,
  headers: { readonly [name: string]: string } = { "content-type": "application/json" },
): Partial<Fate> => ({ fault: { type: "answer", acts, status, headers, body } });

const envelope = (success: boolean, errors: readonly object[], result: unknown): string =>
  JSON.stringify({ success, errors, messages: [], result });

const HTML = "<!DOCTYPE html><html><body><h1>Bad gateway</h1></body></html>";
const HTML_HEADERS = { "content-type": "text/html" };

const SORTS: readonly Bend[] = [
  // Lost after it was carried out; cut before; never connected.
  () => ({ fault: { type: "drop", acts: true } }),
  () => ({ fault: { type: "drop", acts: true } }),
  () => ({ fault: { type: "drop", acts: false } }),
  () => ({ fault: { type: "refuse" } }),
  // Too many requests: with seconds, with a date in the simulated time, with nothing.
  (draw) => tooMany({ "retry-after": String(draw.pick([0, 1, 5, 30, 300])) }),
  (draw) =>
    tooMany({ "retry-after": new Date(Date.UTC(2026, 0, 1) + draw.between(0, 600_000)).toUTCString() }),
  () => tooMany({}),
  // The edge and the gateway fail, having passed the request on or not.
  (draw) =>
    answer(draw.chance(0.5), draw.pick([500, 502, 503, 504, 520, 521, 522, 524]), HTML, {
      ...HTML_HEADERS,
      ...(draw.chance(0.2) && { "retry-after": String(draw.between(0, 20)) }),
    }),
  (draw) => answer(draw.chance(0.5), 500, '{"success":false,"errors":[{"code":10013,"message":"Unknown"}]}'),
  // A gateway that knows nothing of the path.
  () => answer(false, 404, HTML.replace("Bad gateway", "Not found"), HTML_HEADERS),
  // The API's router knows no such path, which says nothing of the tunnel.
  () => answer(false, 404, envelope(false, [{ code: 7003, message: "No route for that URI" }], null)),
  // A name that is taken by what nobody is shown.
  (_, { method }) =>
    method === "POST"
      ? answer(false, 409, envelope(false, [{ code: 1013, message: "You already have a tunnel" }], null))
      : {},
  // Bodies that end early, and bodies that are something else.
  (draw) => ({ fault: { type: "truncate", bytes: draw.between(0, 200), end: "clean" } }),
  (draw) => ({ fault: { type: "truncate", bytes: draw.between(0, 200), end: "cut" } }),
  (draw) => ({ fault: { type: "stall", bytes: draw.between(0, 50) } }),
  (draw) => answer(draw.chance(0.5), 200, draw.pick(["", "OK", HTML, "null", "[]", '{"result":'])),
  // A status that says yes with a body that says no.
  (draw) => answer(draw.chance(0.5), 200, envelope(false, [{ code: 1000, message: "Something" }], null)),
  (draw) => answer(draw.chance(0.5), 200, envelope(true, [{ code: 1000, message: "Something" }], null)),
  (draw) => answer(draw.chance(0.5), 200, envelope(true, [], draw.pick([null, {}, "text"]))),
  () => answer(false, 200, envelope(true, [], null)),
  // No permission, for once or for a while.
  (draw) =>
    answer(
      false,
      draw.pick([401, 403]),
      envelope(false, [{ code: 10000, message: "Authentication error" }], null),
    ),
  (draw, { isList }) =>
    isList || draw.chance(0.3)
      ? answer(false, 403, envelope(false, [{ code: 10000, message: "Authentication error" }], null))
      : {},
  // The API repeats what it was sent, secrets included.
  (_, { headers, body }) =>
    answer(
      false,
      400,
      envelope(false, [{ code: 1030, message: `Cannot parse ${headers["authorization"]} ${body}` }], null),
    ),
  // Late, by less than the time limit and by more; the API may act on what its sender has given up.
  (draw) => ({ there: draw.between(1_000, 29_000) }),
  (draw) => ({ back: draw.between(1_000, 60_000) }),
  (draw) => ({ there: draw.between(31_000, 90_000), actsAnyway: draw.chance(0.5) }),
];

function tooMany(wait: { readonly [name: string]: string }): Partial<Fate> {
  return "retry-after" in wait
    ? answer(false, 429, envelope(false, [{ code: 971, message: "Please wait" }], null), {
        "content-type": "application/json",
        ...wait,
      })
    : answer(false, 429, "error code: 1015", { "content-type": "text/plain" });
}
