import type { ApiError } from "../../cloudflare/error.ts";
import type { Failure, Outcome, SkipReason, Verification } from "../../engine/model/outcome.ts";
import { differenceWords, failureWords, verificationWords } from "../words/failure.ts";
import { silentOf } from "../words/rollout.ts";
import { laggardItem, silentItem } from "./rollout.ts";
import { changeItem } from "./plan.ts";
import { toText } from "../words/sentence.ts";

/** A member of `outcomes`. */
export function outcomeItem(outcome: Outcome): object {
  const { status, change, id } = outcome;
  return {
    status,
    change: changeItem(change),
    id,
    confirmed: outcome.status === "applied" && outcome.confirmed,
    error: outcome.status === "failed" ? failureItem(outcome.failure) : null,
    skipped: outcome.status === "skipped" ? skipItem(outcome.because) : null,
  };
}

/** For an error of the API, its own sort says more than the code `api`. */
function failureItem(failure: Failure): object {
  const error = causeOf(failure);
  const code = failure.code === "api" ? failure.error.failure : failure.code;
  const message = toText(failureWords(failure));
  return { code, message, status: null, ...(error === null ? {} : apiDetails(error)) };
}

function skipItem(because: SkipReason): object {
  return { code: because.code, message: toText(failureWords(because)) };
}

/** The error of the API at the bottom of a failure, if one is there. */
function causeOf(failure: Failure | SkipReason): ApiError | null {
  if ("error" in failure) {
    return failure.error;
  }
  return "cause" in failure ? causeOf(failure.cause) : null;
}

/** What an error of the API adds to its sentence. */
export function apiDetails({ status, method, path, hint, errors }: ApiError): object {
  return { status, method, path, hint, api_errors: errors };
}

/** `verification`. */
export function verificationItem(verification: Verification): object {
  const differences = "differences" in verification ? verification.differences : [];
  return {
    reason: verification.verified ? null : verification.because,
    message: toText(verificationWords(verification)),
    differences: differences.map((difference) => {
      if (difference.code === "not_arrived") {
        return laggardItem(difference);
      }
      const { kind, name, id, code } = difference;
      return { kind, name, id, code, message: toText(differenceWords(difference)) };
    }),
    silent: silentOf(verification).map(silentItem),
  };
}
