import type { CloudflareClient } from "../cloudflare/client.ts";
import { ApiError } from "../cloudflare/error.ts";
import type { SkipReason } from "./model/outcome.ts";
import type { StepResult } from "./steps/result.ts";

/** Looks at how writes and steps end for what the next ones would meet as well. */
export interface Halts {
  /** To be written through. */
  readonly client: CloudflareClient;
  ended(result: StepResult): void;
  /** Why nothing more is to be begun; null while it may. */
  reason(): SkipReason | null;
}

/** Writes in a row without an answer, after which nothing more is begun. */
const MOST_UNANSWERED = 3;

/**
 * A write that was refused in a way that every other would be refused too ends all: no permission, or no quota left. So
 * do a few in a row that had no answer at all, each of which may take its whole time limit, for as long as nothing else
 * has one either: then the network has gone.
 */
export function createHalts(client: CloudflareClient): Halts {
  let refused: SkipReason | null = null;
  let unanswered = 0;
  let last: ApiError | null = null;

  function heard(error: ApiError | null): void {
    last = error !== null && hasNoAnswer(error) ? error : null;
    unanswered = last === null ? 0 : unanswered + 1;
  }

  async function hear<T>(sent: Promise<T>, counts: (error: ApiError) => boolean): Promise<T> {
    try {
      const result = await sent;
      heard(null);
      return result;
    } catch (error) {
      if (error instanceof ApiError && counts(error)) {
        heard(error);
      }
      throw error;
    }
  }
  const write = <T>(sent: Promise<T>) => hear(sent, () => true);
  // Many reads may belong to one step: that they have no answer is told by its end.
  const read = <T>(sent: Promise<T>) => hear(sent, (error) => !hasNoAnswer(error));

  return {
    client: {
      ...client,
      get: (...args) => read(client.get(...args)),
      list: (...args) => read(client.list(...args)),
      find: (...args) => read(client.find(...args)),
      post: (...args) => write(client.post(...args)),
      put: (...args) => write(client.put(...args)),
      patch: (...args) => write(client.patch(...args)),
      delete: (...args) => write(client.delete(...args)),
    },
    ended: (result) => {
      const failure = result.status === "failed" ? result.failure : null;
      if (failure?.code !== "api") {
        return;
      }
      const { error } = failure;
      if (error.method === "GET") {
        heard(error);
      } else if (meetsEveryWrite(error)) {
        refused ??= { code: "stopped", error };
      }
    },
    reason: () =>
      refused ??
      (last !== null && unanswered >= MOST_UNANSWERED ? { code: "unreachable", error: last } : null),
  };
}

function hasNoAnswer({ status, failure }: ApiError): boolean {
  return status === null && (failure === "network" || failure === "timeout");
}

function meetsEveryWrite({ status, hint, failure }: ApiError): boolean {
  return status === 401 || status === 403 || hint === "quota" || failure === "rate_limited";
}
