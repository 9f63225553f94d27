/** What the step ends with where warren was interrupted, as warren itself does. */
const INTERRUPTED = 130;
const FAILED = 1;

/** How warren's process ended: its exit code, and where it had none what to say of that. */
export interface Ending {
  readonly code: number;
  readonly said: string | null;
}

/** Reads what Node says of a process that has ended. One that was killed midway has reported nothing. */
export function endingOf(code: number | null, signal: string | null): Ending {
  if (code !== null) {
    return { code, said: null };
  }
  if (signal === "SIGINT" || signal === "SIGTERM") {
    return { code: INTERRUPTED, said: null };
  }
  const by = signal === null ? "" : ` by ${signal}`;
  const why = signal === "SIGKILL" ? ", as a runner does that is out of memory" : "";
  return {
    code: FAILED,
    said: `warren was killed${by}${why}. What it had under way may have been done: plan again to see.`,
  };
}
