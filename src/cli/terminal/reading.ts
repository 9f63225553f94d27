import { plural } from "../../render/words/plural.ts";
import type { Clock } from "../../base/clock.ts";
import type { Printer } from "./printer.ts";

/** Tells whoever sits at a terminal that the account is being read. */
export interface Reading {
  /** To be called for each answer of the API. */
  answered(): void;
  /** Waits for the work. If that takes longer than a moment, a line says so, which is gone in the end. */
  during<T>(work: Promise<T>): Promise<T>;
}

/** A reading that is over sooner shows nothing. Milliseconds. */
const MOMENT = 1_000;

export function createReading(printer: Pick<Printer, "hasStatus" | "status">, clock: Clock): Reading {
  let answers = 0;
  let shown = false;
  const show = () => {
    printer.status(`Reading the account: ${plural(answers, "answer")} so far`);
  };
  const showLater = async (over: AbortSignal) => {
    await clock.sleep(MOMENT, over);
    if (!over.aborted) {
      shown = true;
      show();
    }
  };
  return {
    answered: () => {
      answers += 1;
      if (shown) {
        show();
      }
    },
    during: async (work) => {
      if (!printer.hasStatus()) {
        return work;
      }
      const over = new AbortController();
      void showLater(over.signal);
      try {
        return await work;
      } finally {
        over.abort();
        if (shown) {
          shown = false;
          printer.status(null);
        }
      }
    },
  };
}
