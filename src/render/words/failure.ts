import type { Difference, Failure, Laggard, SkipReason, Verification } from "../../engine/model/outcome.ts";
import { blockedReasonWords } from "./blocked.ts";
import { apiErrorWords } from "./error.ts";
import { laggardWords } from "./rollout.ts";
import { livenessWords, statusWords } from "./shown.ts";
import { code, name, say, type Sentence, value } from "./sentence.ts";

/**
 * Why a change failed; what state that leaves, and the way on. Or why one was not begun, or several: that speaks of none
 * of them.
 */
export function failureWords(failure: Failure | SkipReason): Sentence {
  switch (failure.code) {
    case "api":
      return apiErrorWords(failure.error);
    case "uncertain":
      return say`It is not known whether this was done: the answer was lost, and reading the account did not tell. ${apiErrorWords(failure.error)}`;
    case "came_alive":
      return say`It ${failure.because === null ? "has been live since the plan was made" : say`was live right before its delete (${livenessWords(failure.status, failure.because)})`}, so it was left alone. Stop its connectors first, or take the delete out of the file.`;
    case "forbidden":
      return say`Somebody else has changed it since the plan was made, so it was left alone. ${blockedReasonWords(failure.reason, failure.kind)}`;
    case "overtaken":
      return failure.written
        ? say`Somebody else wrote at the same time: the next version was to be ${name(failure.expected)}, and is ${name(failure.found)}. What they wrote is in an earlier version of the dashboard's history. Look at it, then plan again.`
        : say`Somebody else wrote since the plan: version ${name(failure.expected)} was to be changed, and it is ${name(failure.found)} now. Nothing was written. Plan again.`;
    case "name_changed":
      return say`Somebody renamed it to ${name(failure.live_name)} after the plan was made, so it was left alone.`;
    case "owner_changed":
      return say`Somebody moved it after the plan was made: its ${name(failure.attribute)} is ${value(failure.found)} now. It was left alone.`;
    case "owner_stays":
      return say`It was to go with ${name(`${failure.kind}/${failure.name}`)}, and that one stays, so it was left alone. ${failureWords(failure.cause)}`;
    case "not_promoted":
      return say`All of it was done but for making it the default: the next apply does that. ${failureWords(failure.cause)}`;
    case "gone":
      return say`Somebody deleted it after the plan was made, so there was nothing to change.`;
    case "name_taken":
      return failure.holder === null
        ? say`The API says that the name is taken, but no live one of this kind has it: one of another kind may. ${apiErrorWords(failure.error)}`
        : say`The name is taken by ${holderWords(failure.holder)}. A new plan adopts that one, if it is meant. ${apiErrorWords(failure.error)}`;
    case "created_by_someone_else":
      return say`The create had no answer, and ${name(failure.id)}, which has the name now, is not what was asked for: created by someone else? It was left alone. Look at it with ${code("show")} before the next apply.`;
    case "not_seen_gone":
      return say`The delete of the old one was accepted, but it was still there each time it was looked for, so the new one was not made. Give it a few minutes.`;
    case "replaced_half":
      if (failure.cause.code === "uncertain") {
        return say`The old one is deleted, and it is not known whether the new one was made: the answer was lost, and reading the account did not tell. The next apply makes it if it is missing. ${apiErrorWords(failure.cause.error)}`;
      }
      return say`The old one is deleted, and the new one was not made: the next apply makes it. ${failureWords(failure.cause)}`;
    case "left_aside":
      if (failure.cause.code === "uncertain") {
        return say`It was given the temporary name ${name(failure.name)}, and it is not known whether it was moved on: the answer was lost, and reading the account did not tell. The next apply moves it on if need be, by its ${code("id")} in the file. ${apiErrorWords(failure.cause.error)}`;
      }
      return say`It has the temporary name ${name(failure.name)}: the next apply moves it on, by its ${code("id")} in the file. ${failureWords(failure.cause)}`;
    case "interrupted":
      return say`The run was interrupted first.`;
    case "deadline":
      return say`The time that ${code("--deadline")} allows was over first.`;
    case "not_followed":
      return say`No connector had got ${name(`${failure.kind}/${failure.name}`)} within the time that ${code("--rollout-timeout")} allows, so nobody would have served it.`;
    case "needs_failed":
      return say`${name(`${failure.kind}/${failure.name}`)} comes first, and was not applied.`;
    case "unreachable":
      return say`Several changes in a row had no answer at all, so nothing more was begun. ${apiErrorWords(failure.error)} Once the network is back, apply again.`;
    case "stopped":
      return say`No further write would fare better than this one: ${apiErrorWords(failure.error)}`;
  }
}

/** One difference between the account, as read after the last change, and what was applied. */
export function differenceWords(difference: Difference | Laggard): Sentence {
  switch (difference.code) {
    case "not_arrived":
      return laggardWords(difference);
    case "missing":
      return say`It is not in the account.`;
    case "still_there":
      return say`It is still in the account.`;
    case "other_value":
      return say`Its ${name(difference.attribute)} is ${value(difference.found)}, and should be ${value(difference.expected)}.`;
  }
}

const WAIT_ENDED = {
  over: "",
  interrupted: " The wait for them was interrupted.",
  deadline: " The wait for them ended with the time that `--deadline` allows.",
};

/** What the reading after the last change showed, without the single differences. */
export function verificationWords(verification: Verification): Sentence {
  switch (verification.because) {
    case "shown":
      return say`Verified: the account was read again, and shows what was applied.`;
    case "nothing_applied":
      return say`Nothing to verify: no change is known to have been made.`;
    case "differs":
      return say`Not verified: the account was read again, and does not show all that was applied. Lists may lag; plan again in a minute.`;
    case "not_rolled_out":
      return say`Not verified: the account shows what was applied, and not every connector follows it yet.${WAIT_ENDED[verification.ended ?? "over"]}`;
    case "unreadable":
      return say`Not verified: the account could not be read again. ${apiErrorWords(verification.error)}`;
    case "interrupted":
      return say`Not verified: the run was interrupted, so the account was not read again.`;
  }
}

function holderWords(holder: {
  readonly id: string;
  readonly created_at: string | null;
  readonly status: string | null;
}): Sentence {
  const created =
    holder.created_at === null ? say`at a time not reported` : say`at ${name(holder.created_at)}`;
  return say`${name(holder.id)}, created ${created}, ${statusWords(holder.status)}`;
}
