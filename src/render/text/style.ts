import picocolors from "picocolors";
import type { Action } from "../../engine/model/change.ts";

type Paint = (text: string) => string;

/** Colours by what they mean. */
export type Style = {
  readonly [role in Action | "blocked" | "failed" | "applied" | "faint" | "bold"]: Paint;
};

/** The style for one stream; without colour, every text stays as it is. */
export function createStyle(colour: boolean): Style {
  // Its own detection colours piped output in CI, so it is always told.
  const paint = picocolors.createColors(colour);
  return {
    create: paint.green,
    update: paint.yellow,
    delete: paint.red,
    replace: paint.magenta,
    blocked: (text) => paint.bold(paint.red(text)),
    failed: (text) => paint.bold(paint.red(text)),
    applied: paint.green,
    faint: paint.dim,
    bold: paint.bold,
  };
}

/** Whether to colour one stream: `NO_COLOR`, then `FORCE_COLOR`, then whether it is a terminal that can. Empty is unset. */
export function wantsColour(stream: {
  readonly env: { readonly [name: string]: string | undefined };
  readonly isTTY: boolean;
}): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = stream.env;
  if (NO_COLOR !== undefined && NO_COLOR !== "") {
    return false;
  }
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") {
    return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  }
  return stream.isTTY && TERM !== "dumb";
}
