import { ApiError } from "../../cloudflare/error.ts";
import { wait, whyOver } from "../../base/limits.ts";
import { isHealthy, type Health } from "../../tunnels/health.ts";
import { resultDocument, toJson } from "../../render/json/json.ts";
import { healthFields } from "../../render/health/json.ts";
import { renderStatus } from "../../render/health/table.ts";
import { gapWords } from "../../render/health/words.ts";
import { apiErrorWords } from "../../render/words/error.ts";
import { toText } from "../../render/words/sentence.ts";
import type { ApiOptions, FileOptions } from "../args/options.ts";
import type { Run } from "../command.ts";
import { readDesiredState } from "../planning/make-plan.ts";
import { clockTime } from "../terminal/traffic.ts";
import { openSession, type Session } from "../session/session.ts";
import { EXIT, type ExitCode, UserError } from "../user-error.ts";
import { readHealthOf } from "./read-health.ts";
import type { Selection } from "./subjects.ts";

export interface StatusOptions extends ApiOptions, FileOptions {
  readonly all: boolean;
  /** Seconds from one reading to the next; without it, one reading. */
  readonly watch?: number;
}

/** How tunnels are: those that are named, all, or those that the files declare. Exits 0 where every one is healthy. */
export async function status(run: Run<StatusOptions>, ...names: string[]): Promise<ExitCode> {
  const { options, printer, waiting } = run;
  if (options.watch !== undefined && options.format === "json") {
    throw new UserError("usage", "--watch repeats, and --json prints one document: use one of them.");
  }
  const { selection, fileAccountId } = await select(run, names);
  const session = await openSession(run, fileAccountId);
  try {
    const read = () => waiting.reading("Reading the account", readHealthOf(selection, session));
    let health = await read();
    show(health, session, run);
    sayGaps(health, run);
    while (options.watch !== undefined) {
      const pause = pauseAfter(health, options.watch);
      const next = clockTime(session.limits.clock.now() + pause).slice(11, 19);
      await waiting.pausing(`The next reading is at ${next}Z`, wait(pause, session.limits));
      const over = whyOver(session.limits);
      if (over !== null) {
        return over === "interrupted" ? EXIT.interrupted : exitCodeOf(health);
      }
      try {
        health = await read();
      } catch (error) {
        if (!(error instanceof ApiError)) {
          throw error;
        }
        printer.note(`Not read this time: ${toText(apiErrorWords(error))}`);
        continue;
      }
      show(health, session, run);
      if (clears(run)) {
        sayGaps(health, run);
      }
    }
    return exitCodeOf(health);
  } finally {
    await session.close();
  }
}

function exitCodeOf(health: Health): ExitCode {
  return isHealthy(health) ? EXIT.done : EXIT.differences;
}

/** No file is needed for tunnels that are named, or for all; one that is named still says the account. */
async function select(
  { options, io }: Run<StatusOptions>,
  names: readonly string[],
): Promise<{ readonly selection: Selection; readonly fileAccountId: string | null }> {
  if (options.all && names.length > 0) {
    throw new UserError("usage", "--all shows every tunnel: name none, or leave --all out.");
  }
  const isFree = options.all || names.length > 0;
  if (isFree && options.file.length === 0) {
    return {
      selection: options.all ? { by: "account" } : { by: "name", names },
      fileAccountId: null,
    };
  }
  const desired = await readDesiredState({ ...options, anyAccount: options.sandbox }, io);
  const selection: Selection = options.all
    ? { by: "account" }
    : names.length > 0
      ? { by: "name", names }
      : { by: "file", desired };
  return { selection, fileAccountId: desired.account_id };
}

/** A watch may take three requests a second, of the four that Cloudflare allows all who share a token. */
const PER_SECOND = 3;

function pauseAfter({ requests }: Health, seconds: number): number {
  return Math.max(seconds, Math.ceil(requests / PER_SECOND)) * 1_000;
}

function show(health: Health, session: Session, run: Run<StatusOptions>): void {
  const { options, printer, io } = run;
  const { accountId, apiClock } = session;
  if (options.format === "json") {
    printer.result(toJson(resultDocument(accountId, healthFields(health, accountId))));
    return;
  }
  const isTerminal = io.stdout.isTTY;
  const text = renderStatus(health, {
    style: printer.style,
    width: printer.width,
    accountId,
    now: isTerminal ? apiClock.now() : null,
  });
  printer.result(clears(run) ? `${CLEAR}${text}` : options.watch === undefined ? text : `${text}\n`);
}

/** What is missing; said once, or as often as the screen is cleared. */
function sayGaps(health: Health, { printer }: Run<StatusOptions>): void {
  for (const gap of gapWords(health)) {
    printer.rendered(`${gap}\n`);
  }
}

function clears({ options, io }: Run<StatusOptions>): boolean {
  return options.watch !== undefined && io.stdout.isTTY && io.env["TERM"] !== "dumb";
}

/** The screen, from its first line on. */
const CLEAR = "\u001B[H\u001B[2J";
