import type { Change } from "../../engine/model/change.ts";
import type { Progress } from "../../engine/execute.ts";
import type { Printer } from "./printer.ts";

/** A progress display that is taken away when the work ends. */
export interface ProgressLine extends Progress {
  /** All changes have ended; the account is being read once more. */
  verifying(): void;
  end(): void;
}

/** On a terminal, one line that is written over: how many of how many are done, and what is in flight. */
export function createProgress(total: number, printer: Printer): ProgressLine {
  let done = 0;
  const inFlight = new Set<Change>();
  const show = () => {
    const names = [...inFlight].map(({ action, kind, name }) => `${action} ${kind}/${name}`);
    printer.status([`${done}/${total}`, ...names].join("  "));
  };
  return {
    started: (change) => {
      inFlight.add(change);
      show();
    },
    ended: ({ change }) => {
      inFlight.delete(change);
      done += 1;
      show();
    },
    verifying: () => printer.status("Reading the account once more"),
    end: () => printer.status(null),
  };
}
