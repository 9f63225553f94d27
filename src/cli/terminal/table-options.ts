import type { TableOptions } from "../../render/text/list.ts";
import type { Run } from "../command.ts";
import type { Session } from "../session/session.ts";

/** Of the commands that print a table. */
export interface WideOption {
  /** Nothing yields to the width of the terminal. */
  readonly wide: boolean;
}

/** On a terminal ages and what fits; elsewhere times as the API gave them, and all of it. */
export function tableOptions(
  { options, printer, io }: Run<WideOption>,
  { apiClock }: Pick<Session, "apiClock">,
): TableOptions {
  return {
    style: printer.style,
    width: options.wide ? null : printer.width,
    now: io.stdout.isTTY ? apiClock.now() : null,
  };
}
