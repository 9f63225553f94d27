import { HIDDEN } from "../base/secret.ts";
import type { ApiError } from "../cloudflare/error.ts";
import type { Blocked, Change, Note, Plan, Unknown } from "../engine/change.ts";
import type { Failure, Outcome, Report, SkipReason, Verification } from "../engine/outcome.ts";
import type { ActualResource, JsonValue, Location } from "../engine/resource.ts";
import { blockedWords } from "./blocked.ts";
import { apiErrorWords } from "./error.ts";
import { differenceWords, failureWords, verificationWords } from "./failure.ts";
import { noteWords, unknownWords } from "./note.ts";
import { connectorWarning, reasonWords } from "./reason.ts";
import type { Refusal } from "./refusal.ts";
import { countOutcomes } from "./report.ts";
import { type Sentence, toText } from "./sentence.ts";
import { summarize } from "./summary.ts";
import { visibleJson } from "./visible.ts";

/** Additions raise the second number, and readers ignore names that they do not know; anything else raises the first. */
export const FORMAT_VERSION = "1.0";

/** One member of an `errors` list. */
export interface ErrorItem {
  readonly code: string;
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

/** A document as text: two spaces, a line feed at its end, and no byte in it that could act on a terminal. */
export function toJson(document: object): string {
  return `${visibleJson(JSON.stringify(document, null, 2))}\n`;
}

/** `schema/plan.schema.json`. With a refusal: what a refused apply prints. */
export function planDocument(plan: Plan, accountId: string, refusal: Refusal | null = null): object {
  return {
    format_version: FORMAT_VERSION,
    account_id: accountId,
    changes: plan.changes.map(changeItem),
    blocked: plan.blocked.map(blockedItem),
    unmanaged: plan.unmanaged.map(unmanagedItem),
    notes: plan.notes.map(noteItem),
    unknown: plan.unknown.map(unknownItem),
    summary: summarize(plan),
    ...(refusal === null ? {} : { errors: [refusalItem(refusal)] }),
  };
}

/** `schema/report.schema.json`. */
export function reportDocument(report: Report, accountId: string): object {
  return {
    format_version: FORMAT_VERSION,
    account_id: accountId,
    outcomes: report.outcomes.map(outcomeItem),
    verified: report.verification.verified,
    verification: verificationItem(report.verification),
    summary: countOutcomes(report),
  };
}

/** `schema/errors.schema.json`. */
export function errorsDocument(errors: readonly ErrorItem[]): object {
  return { format_version: FORMAT_VERSION, errors };
}

/** A problem, or any other sentence about the input, as a member of `errors`. */
export function errorItem(code: string, message: string, location: Location | null): ErrorItem {
  const { file, line, column } = location ?? { file: null, line: null, column: null };
  return { code, message, file, line, column };
}

/** What the API or the network said, as a member of `errors`. */
export function apiErrorItem(error: ApiError): ErrorItem {
  return { ...errorItem(error.failure, toText(apiErrorWords(error)), null), ...apiDetails(error) };
}

function refusalItem({ code, message, targets }: Refusal): object {
  return { ...errorItem(code, message.replace(/:$/, "."), null), targets };
}

function changeItem(change: Change): object {
  const { action, kind, name, id, fields, reason, source } = change;
  return {
    action,
    kind,
    name,
    id,
    before: change.before === null ? null : flat(change.before),
    after: change.after === null ? null : wantedItem(change.after),
    fields,
    via: change.action === "update" ? change.via : null,
    reason: toText(reasonWords(change)),
    reason_code: reason.code,
    warning: textOrNull(connectorWarning(change)),
    source,
  };
}

function wantedItem({ name, spec, secrets }: NonNullable<Change["after"]>): object {
  const hidden = Object.keys(secrets).map((attribute) => [attribute, HIDDEN] as const);
  return fields(name, [...Object.entries(spec), ...hidden]);
}

/** What the API reported of a resource, attributes and facts side by side. */
function flat({ name, spec, facts }: ActualResource): object {
  return fields(name, [...Object.entries(facts), ...Object.entries(spec)]);
}

/** The name first, and then nothing else by that key. Keys become own properties, whatever they are called. */
function fields(name: string, others: readonly (readonly [string, JsonValue])[]): object {
  return Object.fromEntries([["name", name], ...others.filter(([key]) => key !== "name")]);
}

function blockedItem(blocked: Blocked): object {
  const { action, kind, name, id, reason, before, source } = blocked;
  const message = toText(blockedWords(blocked));
  return { action, kind, name, id, code: reason.code, message, before: before && flat(before), source };
}

function unmanagedItem(actual: ActualResource): object {
  return { ...flat(actual), kind: actual.kind, id: actual.id };
}

function noteItem(note: Note): object {
  const { kind, name, id, reason, source } = note;
  return { kind, name, id, code: reason.code, message: toText(noteWords(note)), source };
}

function unknownItem(unknown: Unknown): object {
  const { kind, name, id, attribute, source } = unknown;
  return { kind, name, id, attribute, message: toText(unknownWords(unknown)), source };
}

function outcomeItem(outcome: Outcome): object {
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
  if ("error" in failure) return failure.error;
  return "cause" in failure ? causeOf(failure.cause) : null;
}

function apiDetails({ status, method, path, hint, errors }: ApiError): object {
  return { status, method, path, hint, api_errors: errors };
}

function verificationItem(verification: Verification): object {
  const differences =
    !verification.verified && verification.because === "differs" ? verification.differences : [];
  return {
    reason: verification.verified ? null : verification.because,
    message: toText(verificationWords(verification)),
    differences: differences.map((difference) => {
      const { kind, name, id, code } = difference;
      return { kind, name, id, code, message: toText(differenceWords(difference)) };
    }),
  };
}

function textOrNull(sentence: Sentence | null): string | null {
  return sentence === null ? null : toText(sentence);
}
