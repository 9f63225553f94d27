import type { Printer } from "./printer.ts";

/** Does work that an interruption lets come to its end, and says so at once when there is one. */
export async function finishing<T>(work: () => Promise<T>, printer: Printer, stop: AbortSignal): Promise<T> {
  const heard = () =>
    printer.note(
      "Interrupted: nothing new is begun, and what is under way is finished. Once more cuts it off.",
    );
  stop.addEventListener("abort", heard);
  try {
    return await work();
  } finally {
    stop.removeEventListener("abort", heard);
  }
}
