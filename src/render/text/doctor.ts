import { visible } from "../visible.ts";

/** One thing that was looked at. */
export interface Check {
  /** `node`, `file`, `credentials`, `account`, `api`, `permission` or `clock`. */
  readonly check: string;
  readonly status: "ok" | "warning" | "failed";
  /** What was found. */
  readonly what: string;
  /** What to do about it; null where nothing need be done, or `what` says it. */
  readonly cure: string | null;
}

/** A line for each, and beneath it what to do. */
export function renderChecks(checks: readonly Check[]): string {
  const lines = checks.flatMap(({ check, status, what, cure }) => [
    `${status.padEnd(8)} ${check.padEnd(11)} ${visible(what)}`,
    ...(cure === null ? [] : [`${" ".repeat(21)}${visible(cure)}`]),
  ]);
  return lines.map((line) => `${line}\n`).join("");
}
