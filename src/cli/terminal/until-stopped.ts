import { Interrupted } from "../user-error.ts";

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
