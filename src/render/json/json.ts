import type { Stamp } from "../../base/stamp.ts";
import type { ApiError } from "../../cloudflare/error.ts";
import type { BaseComparison } from "../../engine/compare/baseline.ts";
import type { Plan } from "../../engine/model/change.ts";
import type { Report, Rollout } from "../../engine/model/outcome.ts";
import type { Location } from "../../engine/model/resource.ts";
import { apiErrorWords } from "../words/error.ts";
import { baseItem, blockedItem, changeItem, noteItem, unknownItem, unmanagedItem } from "./plan.ts";
import { apiDetails, outcomeItem, verificationItem } from "./report.ts";
import { rolloutItem } from "./rollout.ts";
import type { Refusal } from "../words/refusal.ts";
import { countOutcomes } from "../outcomes.ts";
import { toText } from "../words/sentence.ts";
import { countPlan } from "../plan-counts.ts";
import { visibleJson } from "../visible.ts";

/** Additions raise the second number, and readers ignore names that they do not know; anything else raises the first. */
const FORMAT_VERSION = "1.0";

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

/** The same on one line. */
export function toJsonLine(document: object): string {
  return `${visibleJson(JSON.stringify(document))}\n`;
}

/** What a plan's document holds besides the plan. */
export interface PlanDocumentOptions {
  /** What a refused apply prints. */
  readonly refusal?: Refusal | null;
  /** Where each change comes from. */
  readonly base?: BaseComparison | null;
  /** How far connectors have got, where they were asked. */
  readonly rollout?: Rollout | null;
  /** Why the command fails though it made a plan. */
  readonly failure?: Pick<ErrorItem, "code" | "message"> | null;
}

/** `schema/plan.schema.json`. */
export function planDocument(
  plan: Plan,
  accountId: string,
  stamp: Stamp,
  { refusal = null, base = null, rollout = null, failure = null }: PlanDocumentOptions = {},
): object {
  return {
    format_version: FORMAT_VERSION,
    ...stamp,
    account_id: accountId,
    changes: plan.changes.map(changeItem),
    blocked: plan.blocked.map(blockedItem),
    unmanaged: plan.unmanaged.map(unmanagedItem),
    notes: plan.notes.map(noteItem),
    unknown: plan.unknown.map(unknownItem),
    summary: countPlan(plan),
    ...(base === null ? {} : { base: baseItem(base) }),
    ...(rollout === null ? {} : { rollout: rolloutItem(rollout) }),
    ...(refusal === null ? {} : { errors: refusalItems(refusal) }),
    ...(failure === null ? {} : { errors: [errorItem(failure.code, failure.message, null)] }),
  };
}

/** `schema/report.schema.json`. */
export function reportDocument(report: Report, accountId: string, stamp: Stamp): object {
  return {
    format_version: FORMAT_VERSION,
    ...stamp,
    account_id: accountId,
    outcomes: report.outcomes.map(outcomeItem),
    verified: report.verification.verified,
    verification: verificationItem(report.verification),
    summary: countOutcomes(report),
  };
}

/** What a command found or did, in a document of its own. */
export function resultDocument(accountId: string, fields: object): object {
  return { format_version: FORMAT_VERSION, account_id: accountId, ...fields };
}

/** What a command found without an account. */
export function documentOf(fields: object): object {
  return { format_version: FORMAT_VERSION, ...fields };
}

/** `schema/errors.schema.json`, with a stamp where the command has one. */
export function errorsDocument(
  errors: readonly ErrorItem[],
  advice: { readonly warnings: readonly ErrorItem[]; readonly notes: readonly ErrorItem[] } | null = null,
  stamp: Stamp | null = null,
): object {
  return { format_version: FORMAT_VERSION, ...stamp, errors, ...advice };
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

/** The refusal, then each thing that it speaks of. */
function refusalItems({ code, message, details, targets }: Refusal): readonly object[] {
  return [
    { ...errorItem(code, message.replace(/:$/, "."), null), targets },
    ...details.map((detail) => errorItem(code, detail, null)),
  ];
}
