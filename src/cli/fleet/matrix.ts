import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { type FleetAccount, readAccountIds } from "../../config/fleet/account-ids.ts";
import { type FleetFiles, findAccounts } from "../../config/fleet/load-fleet.ts";
import type { Result } from "../../config/problem.ts";
import { nearest } from "../../base/spelling.ts";
import { type Engine, ENGINES, type Matrix, type RemovedAccount } from "../../fleet/matrix.ts";
import { renderMatrix } from "../../render/fleet/matrix.ts";
import type { Run } from "../command.ts";
import { readFile } from "../files/files.ts";
import { findFiles, sortOf } from "../files/find-files.ts";
import type { Io } from "../io.ts";
import { runOf } from "../planning/stamping.ts";
import { EXIT, type ExitCode, FileProblems, UserError } from "../user-error.ts";
import { type Changes, changesSince } from "./changes.ts";

export interface MatrixOptions {
  readonly fleet: string;
  readonly format: Engine;
  readonly changedSince?: string;
  readonly wave?: string;
  readonly max?: number;
  readonly group?: number;
  readonly runId?: string;
  readonly extends: string;
}

/** Says which accounts a run takes, for the engine that runs them. Offline. */
export async function matrix(run: Run<MatrixOptions>): Promise<ExitCode> {
  const { options, printer, io, waiting } = run;
  const { format, group = null, changedSince, runId } = options;
  const accounts = await waiting.reading("Reading the accounts' files", readFleet(options.fleet, io));
  const inWave = ofWave(accounts, options.wave);
  const changes = changedSince === undefined ? null : await changesSince(changedSince, io);
  const taken = changes === null ? inWave : await changedOf(inWave, changes, run);
  const chosen: Matrix = {
    run: runId ?? runOf(io.env),
    include: taken.map(({ account, account_id, files, environment, wave }) => ({
      account,
      account_id,
      files,
      environment,
      wave,
    })),
    removed: changes === null ? [] : await removedSince(accounts, changes, run),
  };
  refuseTooMany(taken.length, options);
  printer.result(
    renderMatrix(chosen, { format, group, extends: options.extends, since: changes?.base ?? null }),
  );
  return EXIT.done;
}

async function readFleet(path: string, io: Io): Promise<readonly FleetAccount[]> {
  const files: FleetFiles = {
    find: (path) => findOrNone(path, io),
    read: async (path) => ({ path, text: await readFile(path, io) }),
  };
  const hint = " It lists the accounts of a fleet.";
  const found = valueOf(await findAccounts({ path, text: await readFile(path, io, hint) }, files));
  return valueOf(await readAccountIds(found, files));
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) {
    throw new FileProblems(result.problems, result);
  }
  return result.value;
}

async function findOrNone(path: string, io: Io): Promise<readonly string[]> {
  // A path that leads nowhere is said with its place in the file.
  if (!path.includes("*") && (await sortOf(path, io)) === null) {
    return [];
  }
  try {
    return await findFiles([path], io);
  } catch (error) {
    if (error instanceof UserError && error.code === "file_unreadable") {
      return [];
    }
    throw error;
  }
}

function ofWave(accounts: readonly FleetAccount[], wave: string | undefined): readonly FleetAccount[] {
  const waves = [...new Set(accounts.flatMap((one) => one.wave ?? []))].sort();
  if (wave === undefined) {
    return accounts;
  }
  if (!waves.includes(wave)) {
    const near = nearest(wave, waves);
    const others = waves.length === 0 ? "No account has a wave." : `There are: ${waves.join(", ")}.`;
    throw new UserError(
      "unknown_wave",
      `--wave ${wave}: no account of the fleet is in it. ${near === null ? others : `Did you mean ${near}?`}`,
    );
  }
  return accounts.filter((one) => one.wave === wave);
}

/** All, where the fleet itself has changed: what that means for one account cannot be told. */
async function changedOf(
  accounts: readonly FleetAccount[],
  changes: Changes,
  { options, printer, io }: Run<MatrixOptions>,
): Promise<readonly FleetAccount[]> {
  if (changes.touch([options.fleet])) {
    printer.note(`${options.fleet} has changed, so every account is taken.`);
    return accounts;
  }
  const changed: FleetAccount[] = [];
  for (const one of accounts) {
    // Where a file is a link, what it leads to counts as well.
    const real = await Promise.all(one.read.map((path) => realpath(resolve(io.cwd, path))));
    if (changes.touch([...one.watched, ...one.read, ...real])) {
      changed.push(one);
    }
  }
  return changed;
}

/** The accounts that the fleet had and has not any more, by their ids: one under another name is there still. */
async function removedSince(
  accounts: readonly FleetAccount[],
  changes: Changes,
  { options, printer }: Run<MatrixOptions>,
): Promise<readonly RemovedAccount[]> {
  const { before } = changes;
  const fleet = await before.read(options.fleet);
  if (fleet.text.length === 0) {
    return [];
  }
  const found = await findAccounts(fleet, before);
  if (!found.ok) {
    printer.note(`${options.fleet} was not valid then, so accounts that are gone are not known.`);
    return [];
  }
  const removed: RemovedAccount[] = [];
  for (const one of found.value) {
    const there = accounts.find(({ account }) => account === one.account);
    const isTouched = there === undefined || changes.touch([...one.watched, ...one.read, options.fleet]);
    const ids = isTouched ? await readAccountIds([one], before) : null;
    const account_id = ids?.ok === true ? (ids.value[0]?.account_id ?? null) : null;
    const isGone =
      account_id === null ? there === undefined : !accounts.some((each) => each.account_id === account_id);
    if (isGone) {
      removed.push({ account: one.account, account_id });
    }
  }
  return removed;
}

const ENGINE_NAMES = { github: "GitHub", gitlab: "GitLab", json: "" } as const;

/** Throws `UserError` for more accounts in one matrix than the engine takes, or than `--max`: nothing is cut. */
function refuseTooMany(count: number, { format, group, max }: MatrixOptions): void {
  const engine = ENGINES[format];
  const most = Math.min(engine, max ?? engine);
  const whose = max !== undefined && max <= engine ? "--max allows" : `${ENGINE_NAMES[format]} takes`;
  if (group !== undefined && group > most) {
    throw new UserError("usage", `--group ${group} is more than ${whose}: ${most} in one matrix.`);
  }
  if (group === undefined && count > most) {
    throw new UserError(
      "too_many_accounts",
      `${count} accounts are selected, and ${whose} ${most} in one matrix. --group ${most} prints several; --wave and --changed-since select fewer.`,
    );
  }
}
