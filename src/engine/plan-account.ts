import type { Plan } from "./model/change.ts";
import type { ResourceKind } from "./model/kind.ts";
import type { Matched } from "./model/match.ts";
import { closureOf, isPartOf } from "./model/reference.ts";
import type { DesiredEntry, DesiredState } from "./model/resource.ts";
import { type EarlierPlan, kindsConcerned, planAgain, secretsConcerned } from "./compare/again.ts";
import { type ChangedChange, changedChanges, type Reading } from "./compare/same-changes.ts";
import {
  comparableSecrets,
  compareSecrets,
  type DeclaredSecret,
  type SecretSource,
} from "./decide/declared-secrets.ts";
import { matchAccount } from "./decide/match.ts";
import type { Target } from "./decide/target.ts";
import { observeDeclared } from "./observe-declared.ts";
import { planMatched, plan } from "./plan.ts";

/** What planning an account works with. */
export interface PlanAccountOptions extends SecretSource {
  readonly kinds: readonly ResourceKind[];
  /** What the API's clock shows once the account is read, in milliseconds since the epoch. */
  now(): number;
}

/** What is to be planned. */
export interface PlanRequest {
  readonly desired: DesiredState;
  readonly targets: readonly Target[];
}

/** A plan, and the reading that it rests on. */
export interface Planned extends Reading {
  readonly plan: Plan;
  readonly targets: readonly Target[];
  readonly matched: Matched;
}

/**
 * Reads the kinds that are declared (with targets, those of the targets) and all that these refer to, compares the
 * secrets that are given, and plans. Sends GETs only. Throws `ApiError` where the account cannot be read whole.
 */
export async function planAccount(
  { desired, targets }: PlanRequest,
  declared: readonly DeclaredSecret[],
  options: PlanAccountOptions,
): Promise<Planned> {
  const { kinds, client } = options;
  const wanted = { desired, targets };
  const actual = await observeDeclared(entriesToRead(wanted, kinds), kindsToRead(wanted, kinds), client);
  const matched = matchAccount(desired, actual, kinds);
  const secrets = await compareSecrets(comparableSecrets(declared, matched.matches), options);
  const made = planMatched(desired, matched, kinds, { now: options.now(), targets, secrets });
  return { plan: made, actual, secrets, targets, matched };
}

/** What an earlier plan comes to today. */
export interface PlannedAgain extends Reading {
  /** The earlier changes, made anew by today's rules. */
  readonly plan: Plan;
  /** Where they are not what they were. */
  readonly changed: readonly ChangedChange[];
  /** What the files ask for, and where that is not what the earlier plan says; null where no files are given. */
  readonly byFiles: { readonly plan: Plan; readonly changed: readonly ChangedChange[] } | null;
}

/**
 * Reads what an earlier plan concerns, and what the files declare where they are given, and plans both anew. Nothing may
 * be applied where any change has changed. Sends GETs only. Throws `ApiError` likewise.
 */
export async function planAccountAgain(
  earlier: EarlierPlan,
  files: PlanRequest | null,
  options: PlanAccountOptions,
): Promise<PlannedAgain> {
  const { kinds, client } = options;
  const concerned = kindsConcerned(earlier, kinds);
  const declared = files === null ? [] : kindsToRead(files, kinds);
  const actual = await observeDeclared(
    [...earlier.desired.entries, ...(files === null ? [] : entriesToRead(files, kinds))],
    kinds.filter((kind) => concerned.has(kind.kind) || declared.includes(kind)),
    client,
  );
  const secrets = await compareSecrets(secretsConcerned(earlier), options);
  const reading = { actual, secrets };
  const now = options.now();
  const again = planAgain(earlier, reading, kinds, now);
  const changed = changedChanges(earlier.plan, again, { ...reading, targets: earlier.targets }, kinds);
  if (files === null) {
    return { ...reading, plan: again, changed, byFiles: null };
  }
  const byFiles = plan(files.desired, actual, kinds, { now, targets: files.targets, secrets });
  const other = changedChanges(earlier.plan, byFiles, reading, kinds);
  return { ...reading, plan: again, changed, byFiles: { plan: byFiles, changed: other } };
}

/** The kinds that are declared, with targets those of the targets and of their parts; and all that these refer to. */
function kindsToRead(
  { desired, targets }: PlanRequest,
  kinds: readonly ResourceKind[],
): readonly ResourceKind[] {
  const named = targets.length === 0 ? desired.kinds : targets.map(({ kind }) => kind);
  const parts = kinds.filter((kind) => desired.kinds.includes(kind.kind) && named.some(isPartOf(kind)));
  return closureOf([...named, ...parts.map(({ kind }) => kind)], kinds);
}

/** The entries that reading is about: with targets, of parts only those of the targets. */
function entriesToRead(
  { desired, targets }: PlanRequest,
  kinds: readonly ResourceKind[],
): readonly DesiredEntry[] {
  const names = new Set(targets.map(({ name }) => name));
  const parts = new Set(kinds.flatMap(({ kind, partOf }) => (partOf === undefined ? [] : [kind])));
  return desired.entries.filter(
    ({ kind, name }) => targets.length === 0 || !parts.has(kind) || names.has(name),
  );
}
