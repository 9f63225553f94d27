import { observe } from "../../engine/observe.ts";
import { plan } from "../../engine/plan.ts";
import { kindsConcerned, planAgain, secretsConcerned } from "../../engine/compare/again.ts";
import type { ActualState } from "../../engine/observe.ts";
import type { DesiredState } from "../../engine/model/resource.ts";
import { changedChanges, type Reading } from "../../engine/compare/same-changes.ts";
import { kinds } from "../../kinds/index.ts";
import {
  otherAccountRefusal,
  type Refusal,
  refuse as refusalOf,
  refuseChanged,
} from "../../render/words/refusal.ts";
import { desiredDigest, type SavedPlan } from "../../saved/saved-plan.ts";
import { carryOut, type Desk, nothingToDo, refuse, showChanges } from "../planning/carry-out.ts";
import { compareSecrets } from "../planning/compare-secrets.ts";
import { namesAccount } from "../session/environment.ts";
import type { Io } from "../io.ts";
import { readPlan } from "../planning/plan-file.ts";
import type { Printer } from "../terminal/printer.ts";
import { kindsToRead, parseTargets, readDesiredState } from "../planning/make-plan.ts";
import { readSecrets, secretsOf } from "../planning/secrets.ts";
import { openSession, type Session } from "../session/session.ts";
import { openSummary } from "../planning/summary.ts";
import { type ExitCode, UserError } from "../user-error.ts";
import type { ApplyOptions } from "./apply.ts";
import { untilStopped } from "../terminal/until-stopped.ts";
import { accountWords, applyCommand } from "../args/command-words.ts";

/**
 * Applies exactly what a saved plan says, or refuses: also where the rules for any plan would refuse it today. The
 * plan is consent, so nothing is asked. With `--file`, the plan must be what the files ask for as well, so that it
 * has no authority of its own.
 */
export async function applySaved(
  path: string,
  options: ApplyOptions,
  printer: Printer,
  io: Io,
): Promise<ExitCode> {
  if (options.file.length === 0 && options.target.length > 0) {
    throw new UserError(
      "usage",
      "--target with a saved plan needs --file too: a plan was made for its targets already, or for all entries.",
    );
  }
  if (options.verifySecrets) {
    throw new UserError(
      "usage",
      `${options.requireSecrets ? "--require-secrets" : "--verify-secrets"} means nothing with a saved plan: whether secrets are compared is decided when the plan is made. Give it to plan --out instead.`,
    );
  }
  const summary = openSummary(options, printer, io);
  const saved = await readPlan(path, io, accountWords(options, options.accountId));
  const desired =
    options.file.length === 0
      ? null
      : await readDesiredState({ ...options, anyAccount: options.sandbox }, io);
  const session = await openSession(options, accountOf(saved, desired, options, io), printer, io);
  const desk: Desk = { session, accountId: saved.account_id, options, printer, summary, io };
  try {
    showChanges(saved.plan, { asking: false }, desk);
    const early =
      session.accountId === saved.account_id
        ? refusalOf(saved.plan, applyOfFiles(options))
        : otherAccountRefusal(saved.account_id);
    if (early !== null) {
      return await refuse(saved.plan, early, desk);
    }
    const secret = await readSecrets(secretsOf(saved.plan.changes), printer, io);
    const actual = await read(saved, desired, options, session, io);
    const comparing = compareSecrets(secretsConcerned(saved), {
      kinds,
      client: session.client,
      values: secret,
    });
    const secrets = await session.reading.during(untilStopped(comparing, io.stop));
    const checked = check(saved, desired, { actual, secrets }, options, session.apiClock.now());
    if ("refusal" in checked) {
      return await refuse(checked.plan, checked.refusal, desk);
    }
    return checked.plan.changes.length === 0
      ? await nothingToDo(desk)
      : await carryOut({ plan: checked.plan, actual }, secret, desk);
  } finally {
    await session.close();
  }
}

/** The plan's own account only where nothing else names one; so that another one that is named is noticed. */
function accountOf(
  saved: SavedPlan,
  desired: DesiredState | null,
  options: ApplyOptions,
  io: Io,
): string | null {
  const named = desired?.account_id ?? null;
  return named === null && !namesAccount(options.accountId, io.env) ? saved.account_id : named;
}

/** Null without `--file`: a plan knows the files that its entries stand in, but not all that it was made from. */
function applyOfFiles(options: ApplyOptions): readonly string[] | null {
  return options.file.length === 0 ? null : applyCommand(options);
}

/** Only the kinds that the plan changes something of, and those of the files. */
function read(
  saved: SavedPlan,
  desired: DesiredState | null,
  options: ApplyOptions,
  session: Session,
  io: Io,
): Promise<ActualState> {
  const concerned = kindsConcerned(saved, kinds);
  const declared = desired === null ? [] : kindsToRead(desired, parseTargets(options.target, desired));
  const wanted = kinds.filter((kind) => concerned.has(kind.kind) || declared.includes(kind));
  return session.reading.during(untilStopped(observe(wanted, session.client), io.stop));
}

/** The plan as the rules make it today, or why it is refused. */
function check(
  saved: SavedPlan,
  desired: DesiredState | null,
  reading: Reading,
  options: ApplyOptions,
  now: number,
): { readonly plan: SavedPlan["plan"]; readonly refusal?: Refusal } {
  const command = applyOfFiles(options);
  const again = planAgain(saved, reading, kinds, now);
  const changed = changedChanges(saved.plan, again, { ...reading, targets: saved.targets }, kinds);
  const stale = refuseChanged(again, changed, { why: "stale", command });
  if (stale !== null || desired === null) {
    return stale === null ? { plan: again } : { plan: again, refusal: stale };
  }
  const { actual, secrets } = reading;
  const targets = parseTargets(options.target, desired);
  const byFiles = plan(desired, actual, kinds, { now, targets, secrets });
  const why = desiredDigest(desired) === desiredDigest(saved.desired) ? "drifted" : "edited";
  const other = refuseChanged(byFiles, changedChanges(saved.plan, byFiles, reading, kinds), { why, command });
  return other === null ? { plan: byFiles } : { plan: byFiles, refusal: other };
}
