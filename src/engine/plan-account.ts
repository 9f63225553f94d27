import type { Plan } from "./model/change.ts";
import type { ResourceKind } from "./model/kind.ts";
import type { Match, Matched } from "./model/match.ts";
import { keyOf } from "./model/account-index.ts";
import { closureOf } from "./model/reference.ts";
import { byKindAndName, type DesiredContainer } from "./model/resource.ts";
import { type EarlierPlan, kindsConcerned, planAgain, secretsConcerned } from "./compare/again.ts";
import { type ChangedChange, changedChanges, type Reading } from "./compare/same-changes.ts";
import {
  comparableSecrets,
  compareSecrets,
  type DeclaredSecret,
  type SecretSource,
} from "./decide/declared-secrets.ts";
import { kindsCounted, kindsHangingOn } from "./decide/hanging.ts";
import { matchAccount } from "./match/account.ts";
import type { Target } from "./decide/target.ts";
import { entriesToRead, kindsToRead, type PlanRequest, unseenParts } from "./decide/to-read.ts";
import type { ActualState } from "./observe.ts";
import { observeDeclared, readMatched } from "./observe-declared.ts";
import { planMatched, plan } from "./plan.ts";

/** What planning an account works with. */
export interface PlanAccountOptions extends SecretSource {
  readonly kinds: readonly ResourceKind[];
  /** What the API's clock shows once the account is read, in milliseconds since the epoch. */
  now(): number;
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
  const read = kindsToRead(wanted, kinds);
  const entries = entriesToRead(wanted, kinds);
  const first = await observeDeclared({ entries, containers: desired.containers }, read, client);
  const { matches } = matchAccount(desired, first, kinds);
  const secrets = await compareSecrets(comparableSecrets(declared, matches), options);
  const now = options.now();
  const seen = new Set(entries.map(({ kind, name }) => keyOf(kind, name)));
  const { actual, made } = await readWhatFollows(
    first,
    { read, containers: desired.containers },
    options,
    (actual) => {
      const matched = matchAccount(desired, actual, kinds);
      return { matched, plan: planMatched(desired, matched, kinds, { now, targets, secrets }) };
    },
    ({ matched }) => unseenParts(matched, targets, kinds, seen),
  );
  return { ...made, actual, secrets, targets };
}

/**
 * Plans, reads what the changes touch beyond what was declared (what hangs on a tunnel that goes, what lies in a network
 * that goes, all routes where one is added to their number, and what is `unseen`), and plans again, until nothing more is
 * asked for. So a file needs no permission that its plan does not.
 */
async function readWhatFollows<T extends { readonly plan: Plan }>(
  first: ActualState,
  declared: { readonly read: readonly ResourceKind[]; readonly containers: readonly DesiredContainer[] },
  { kinds, client }: PlanAccountOptions,
  make: (actual: ActualState) => T,
  unseen: (made: T) => readonly Match[] = () => [],
): Promise<{ readonly actual: ActualState; readonly made: T }> {
  const { containers } = declared;
  const read = new Set(declared.read);
  let actual = first;
  for (;;) {
    const made = make(actual);
    const { changes } = made.plan;
    const asked = [...kindsHangingOn(changes, kinds, containers), ...kindsCounted(changes, kinds)];
    const names = asked.map(({ kind }) => kind);
    const more = closureOf(names, kinds, []).filter((kind) => !read.has(kind));
    const parts = unseen(made);
    if (more.length === 0 && parts.length === 0) {
      return { actual, made };
    }
    const found = await Promise.all([
      observeDeclared({ entries: [], containers }, more, client),
      readMatched(parts, kinds, client),
    ]);
    actual = [...actual, ...found.flat()].sort(byKindAndName);
    for (const kind of more) {
      read.add(kind);
    }
  }
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
  const read = kinds.filter((kind) => concerned.has(kind.kind) || declared.includes(kind));
  const { containers } = files?.desired ?? earlier.desired;
  const first = await observeDeclared(
    {
      entries: [...earlier.desired.entries, ...(files === null ? [] : entriesToRead(files, kinds))],
      containers,
    },
    read,
    client,
  );
  const secrets = await compareSecrets(secretsConcerned(earlier), options);
  const now = options.now();
  const { actual, made } = await readWhatFollows(first, { read, containers }, options, (actual) => ({
    plan: planAgain(earlier, { actual, secrets }, kinds, now),
  }));
  const reading = { actual, secrets };
  const again = made.plan;
  const changed = changedChanges(earlier.plan, again, { ...reading, targets: earlier.targets }, kinds);
  if (files === null) {
    return { ...reading, plan: again, changed, byFiles: null };
  }
  const byFiles = plan(files.desired, actual, kinds, { now, targets: files.targets, secrets });
  const other = changedChanges(earlier.plan, byFiles, reading, kinds);
  return { ...reading, plan: again, changed, byFiles: { plan: byFiles, changed: other } };
}
