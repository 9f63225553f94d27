import { Interrupted } from "./user-error.ts";

/** The result of work that only reads; throws `Interrupted` as soon as the run is stopped. */
export async function untilStopped<T>(work: Promise<T>, stop: AbortSignal): Promise<T> {
  const ended = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new Interrupted());
    stop.addEventListener("abort", giveUp, { signal: ended.signal });
    if (stop.aborted) {
      giveUp();
    }
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    ended.abort();
  }
}
