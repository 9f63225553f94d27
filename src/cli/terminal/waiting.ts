import type { Progress } from "../../engine/execute.ts";
import { plural } from "../../render/words/plural.ts";
import type { Io } from "../io.ts";
import { Interrupted } from "../user-error.ts";
import type { Printer } from "./printer.ts";
import { createTally, type Tally } from "./tally.ts";
import { createTraffic, type Told } from "./traffic.ts";

/**
 * The one that waits for all that takes time, and tells whoever waits with it. On a terminal, what takes longer than a
 * moment has a line that is gone in the end: what is waited for, how far that is, and every wait for the API with its
 * end. Elsewhere the same is a line of its own every 30 seconds, the waits between two activities included.
 */
export interface Waiting {
  /** Waits for work that only reads; throws `Interrupted` as soon as the run is stopped. `what`: "Reading the account". */
  reading<T>(what: string, work: Promise<T>): Promise<T>;
  /** Waits for a time to come, which an interruption ends by itself. */
  pausing(what: string, pause: Promise<void>): Promise<void>;
  /** Waits for work that an interruption lets come to its end, and says so at once when there is one. */
  finishing<T>(what: string, work: () => Promise<T>): Promise<T>;
  /** The same for the changes of a plan, counted by how they end. */
  applying<T>(total: number, work: (progress: Progress) => Promise<T>): Promise<T>;
  /** For the client, which tells of its requests. */
  readonly told: Told;
}

/** What is waited for; the waits of the API stand in its middle, so that a narrow terminal shows them. */
type Line = () => { readonly head: string; readonly tail?: string };

/** What is over sooner shows nothing. Milliseconds. */
const MOMENT = 500;
/** Where there is no terminal. A CI that hears nothing for longer may take the job for dead. Milliseconds. */
const PERIOD = 30_000;

export function createWaiting(
  printer: Pick<Printer, "hasStatus" | "status" | "note">,
  { clock, stop }: Pick<Io, "clock" | "stop">,
): Waiting {
  const traffic = createTraffic(printer, clock);
  let saidAt = clock.now();
  /** Shows anew what is waited for now; nothing while that is nothing, or too young. */
  let show = () => {};

  async function during<T>(line: Line, work: () => Promise<T>): Promise<T> {
    const over = new AbortController();
    const outer = show;
    void tell(line, over.signal);
    try {
      return await work();
    } finally {
      over.abort();
      if (show !== outer) {
        show = outer;
        printer.status(null);
      }
    }
  }

  async function tell(line: Line, over: AbortSignal): Promise<void> {
    const whole = () => {
      const { head, tail = "" } = line();
      return `${[head, ...traffic.waits()].join("; ")}${tail === "" ? "" : `: ${tail}`}`;
    };
    if (printer.hasStatus()) {
      await clock.sleep(MOMENT, over);
      if (!over.aborted) {
        let shown = "";
        show = () => {
          const text = whole();
          if (text !== shown) {
            shown = text;
            printer.status(text);
          }
        };
        show();
      }
      return;
    }
    for (;;) {
      await clock.sleep(saidAt + PERIOD - clock.now(), over);
      if (over.aborted) {
        return;
      }
      // Some clocks end a sleep before its time.
      if (clock.now() >= saidAt + PERIOD) {
        saidAt = clock.now();
        printer.note(`${whole()}.`);
      }
      await nextTurn();
    }
  }

  /** Says at once that an interruption was heard. */
  async function heeding<T>(tally: Tally | null, work: () => Promise<T>): Promise<T> {
    const heard = () => {
      const counts = tally === null ? "" : ` (${tally.counts()})`;
      printer.note(
        `Interrupted: nothing new is begun, and what is under way is finished${counts}. Once more cuts it off.`,
      );
    };
    stop.addEventListener("abort", heard);
    try {
      return await work();
    } finally {
      stop.removeEventListener("abort", heard);
    }
  }

  const answers = (what: string) => {
    const before = traffic.answers();
    return () => {
      const count = traffic.answers() - before;
      return { head: count === 0 ? what : `${what}, ${plural(count, "answer")} so far` };
    };
  };

  return {
    reading: (what, work) => during(answers(what), () => untilStopped(work, stop)),
    pausing: (what, pause) =>
      during(
        () => ({ head: what }),
        () => pause,
      ),
    finishing: (what, work) => during(answers(what), () => heeding(null, work)),
    applying: (total, work) => {
      const tally = createTally(total, () => show());
      return during(
        () => tally.line(),
        () => heeding(tally, () => work(tally.progress)),
      );
    },
    told: traffic.told(() => show()),
  };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** The result of work that only reads; throws `Interrupted` as soon as the run is stopped. */
export async function untilStopped<T>(work: Promise<T>, stop: AbortSignal): Promise<T> {
  let giveUp = () => {};
  const stopped = new Promise<never>((_, reject) => {
    giveUp = () => reject(new Interrupted());
  });
  stop.addEventListener("abort", giveUp);
  if (stop.aborted) {
    giveUp();
  }
  try {
    return await Promise.race([work, stopped]);
  } finally {
    stop.removeEventListener("abort", giveUp);
  }
}
