import type { LiveAnswer } from "../../render/problem/explain-live.ts";
import type { Run } from "../command.ts";
import type { ApiOptions } from "../args/options.ts";
import { openSession } from "../session/session.ts";
import { type Asked, lookLive } from "../tunnel/live-answer.ts";

/** Says the same of the account. What reaches the API is loaded with this alone. Sends GETs only. */
export async function explainLive(
  run: Run<ApiOptions>,
  accountId: string | null,
  asked: Asked,
): Promise<LiveAnswer> {
  const session = await openSession(run, accountId);
  try {
    return await run.waiting.reading("Reading the tunnel", lookLive(asked, session));
  } finally {
    await session.close();
  }
}
