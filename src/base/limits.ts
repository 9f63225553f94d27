import type { Clock } from "./clock.ts";

/** How long work may go on. */
export interface Limits {
  readonly clock: Clock;
  /** Aborted: nothing new is begun, and nothing is sent again. */
  readonly stop?: AbortSignal;
  /** Milliseconds since the epoch: likewise from then on. */
  readonly deadline?: number;
}

/** Why nothing more may be begun; null while it may. */
export function whyOver({ clock, stop, deadline }: Limits): "interrupted" | "deadline" | null {
  if (stop?.aborted) {
    return "interrupted";
  }
  return deadline !== undefined && clock.now() >= deadline ? "deadline" : null;
}

/** Waits so many milliseconds, but no longer than until nothing more may be begun. */
export function wait(ms: number, { clock, stop, deadline }: Limits): Promise<void> {
  const left = deadline === undefined ? ms : Math.max(0, deadline - clock.now());
  return clock.sleep(Math.min(ms, left), stop);
}
