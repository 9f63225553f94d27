import type { Clock } from "../../base/clock.ts";
import type { ClientOptions } from "../../cloudflare/client.ts";
import type { ApiFailure } from "../../cloudflare/error.ts";
import type { Retry } from "../../cloudflare/wire/retry.ts";
import type { Printer } from "./printer.ts";

/** What a client tells of its requests. */
export type Told = {
  readonly [event in "onRequest" | "onWait" | "onRetry"]: NonNullable<ClientOptions[event]>;
};

/** What is known of a client's requests: how many answers came, and what waits for the API. */
export interface Traffic {
  /** Every wait that goes on now, with its end. */
  waits(): readonly string[];
  answers(): number;
  /**
   * For the client. Notes a wait that its rate limits ask for as it begins, and one that is too long, once. `changed` is
   * called whenever something is to be told otherwise.
   */
  told(changed: () => void): Told;
}

export function createTraffic(printer: Pick<Printer, "note">, clock: Clock): Traffic {
  let answers = 0;
  let limited: number | null = null;
  let refused = 0;
  const retries = new Set<Retry>();
  /** `4 s (12:00:05Z)`. */
  const ending = (until: number) =>
    `${Math.max(0, Math.ceil((until - clock.now()) / 1_000))} s (${clockTime(until).slice(11, 19)}Z)`;

  return {
    answers: () => answers,
    waits: () => [
      ...(limited === null ? [] : [`rate limit, going on in ${ending(limited)}`]),
      ...retryWords([...retries], ending),
    ],
    told: (changed) => ({
      onRequest: ({ status }) => {
        answers += status === null ? 0 : 1;
        changed();
      },
      onRetry: (retry, phase) => {
        if (phase === "begins") {
          retries.add(retry);
        } else {
          retries.delete(retry);
        }
        changed();
      },
      onWait: (wait) => {
        switch (wait.type) {
          case "wait_begins":
            limited = wait.until;
            printer.note(`Rate limit: waiting until ${clockTime(wait.until)}.`);
            break;
          case "wait_refused":
            // Many requests may need it, each with an answer that rounds to a second of its own.
            if (wait.until - refused > 1_000) {
              refused = wait.until;
              printer.note(
                `Rate limit: Cloudflare allows no more requests until ${clockTime(wait.until)}, which is too long a wait.`,
              );
            }
            break;
          case "wait_ends":
            limited = null;
            break;
        }
        changed();
      },
    }),
  };
}

/** All of them in one: how many, the first to be sent again, and what became of its last attempt. */
function retryWords(retries: readonly Retry[], ending: (until: number) => string): readonly string[] {
  const [first] = [...retries].sort((a, b) => a.until - b.until);
  if (first === undefined) {
    return [];
  }
  const what = retries.length === 1 ? "" : ` ${retries.length} requests`;
  return [`${FAILED[first.failure]}, trying${what} again in ${ending(first.until)}`];
}

const FAILED: { readonly [failure in ApiFailure]: string } = {
  refused: "refused",
  server: "Cloudflare failed",
  rate_limited: "rate limited",
  network: "no connection",
  timeout: "no answer in time",
  unreadable: "no readable answer",
  incomplete: "not the whole list",
  interrupted: "interrupted",
};

export function clockTime(time: number): string {
  return new Date(time).toISOString();
}
