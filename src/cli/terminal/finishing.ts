import type { Run } from "../command.ts";

/** Does work that an interruption lets come to its end, and says so at once when there is one. */
export async function finishing<T>(
  work: () => Promise<T>,
  { printer, io: { stop } }: Pick<Run, "printer" | "io">,
): Promise<T> {
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
