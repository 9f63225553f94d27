import type { ClientOptions } from "../../cloudflare/client.ts";
import type { Printer } from "./printer.ts";

/** Notes, for the waits that the API's rate limits ask for: until when, and of one that is too long that once. */
export function tellWaits(printer: Pick<Printer, "note">): NonNullable<ClientOptions["onWait"]> {
  let refused = 0;
  return (wait) => {
    switch (wait.type) {
      case "wait_begins":
        printer.note(`Rate limit: waiting until ${clockTime(wait.until)}.`);
        return;
      case "wait_refused":
        // Many requests may need it, each with an answer that rounds to a second of its own.
        if (wait.until - refused > 1_000) {
          refused = wait.until;
          printer.note(
            `Rate limit: Cloudflare allows no more requests until ${clockTime(wait.until)}, which is too long a wait.`,
          );
        }
        return;
      case "wait_ends":
        return;
    }
  };
}

function clockTime(time: number): string {
  return new Date(time).toISOString();
}
