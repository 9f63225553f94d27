import type { Change } from "../engine/change.ts";
import type { Progress } from "../engine/execute.ts";
import { visible } from "../render/visible.ts";
import type { Io } from "./io.ts";

/** A progress display that is taken away when the work ends. */
export interface ProgressLine extends Progress {
  /** All changes have ended; the account is being read once more. */
  verifying(): void;
  end(): void;
}

/** On a terminal, one line on standard error that is written over: done, total, and what is in flight. Elsewhere nothing. */
export function createProgress(total: number, options: { readonly quiet: boolean }, io: Io): ProgressLine {
  if (options.quiet || !io.stderr.isTTY || io.env["TERM"] === "dumb") {
    return { verifying: () => {}, end: () => {} };
  }
  let done = 0;
  const inFlight = new Set<Change>();
  const write = (text: string) => io.stderr.write(`\r\u001B[K${cut(text, (io.stderr.columns ?? 80) - 1)}`);
  const show = () => {
    const names = [...inFlight].map(({ action, kind, name }) => `${action} ${kind}/${visible(name)}`);
    write([`${done}/${total}`, ...names].join("  "));
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
    verifying: () => write("Reading the account once more"),
    end: () => io.stderr.write("\r\u001B[K"),
  };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
