import type { Plan } from "../engine/change.ts";
import { execute } from "../engine/execute.ts";
import type { ActualState } from "../engine/observe.ts";
import type { Report } from "../engine/outcome.ts";
import { verify } from "../engine/verify.ts";
import { kinds } from "../kinds/index.ts";
import { planDocument, reportDocument, toJson } from "../render/json.ts";
import { renderPlan } from "../render/plan.ts";
import type { Refusal } from "../render/refusal.ts";
import { renderReport } from "../render/report.ts";
import type { Io } from "./io.ts";
import type { ApiOptions } from "./options.ts";
import type { Printer } from "./printer.ts";
import { createProgress } from "./progress.ts";
import type { SecretValues } from "./secrets.ts";
import type { Session } from "./session.ts";
import { EXIT, type ExitCode } from "./user-error.ts";

/** Both kinds of tunnel run on a token. */
const tokenKinds = kinds.map(({ kind }) => kind);

/** How what is applied is shown. */
export interface ShowOptions extends ApiOptions {
  readonly showUnmanaged: boolean;
}

/** What an apply works with. */
export interface Desk {
  readonly session: Pick<Session, "client">;
  /** The account that the plan is for. */
  readonly accountId: string;
  readonly options: ShowOptions;
  readonly printer: Printer;
  readonly io: Io;
}

/** Does what the plan says, reads the account once more, reports, and says how it went. */
export async function carryOut(
  { plan, actual }: { readonly plan: Plan; readonly actual: ActualState },
  secret: SecretValues,
  desk: Desk,
): Promise<ExitCode> {
  const { session, options, printer, io } = desk;
  const { client } = session;
  const progress = createProgress(plan.changes.length, printer);
  const outcomes = await execute(plan, {
    client,
    kinds,
    clock: io.clock,
    stop: io.stop,
    concurrency: options.concurrency,
    knownIds: new Set(actual.map(({ id }) => id)),
    secret,
    progress,
  });
  progress.verifying();
  const verification = await verify(outcomes, kinds, client, io.clock, io.stop);
  progress.end();
  const report = { outcomes, verification };
  finish(report, desk);
  return exitCodeOf(report, io);
}

/** An apply that had nothing to do. */
export function nothingToDo(desk: Desk): ExitCode {
  finish({ outcomes: [], verification: { verified: true } }, desk);
  return EXIT.done;
}

/** Says why nothing was changed. The plan was shown before; a program gets it in the same document. */
export function refuse(plan: Plan, refusal: Refusal, { accountId, options, printer }: Desk): ExitCode {
  if (options.format === "json") {
    printer.result(toJson(planDocument(plan, accountId, refusal)));
  } else {
    printer.rendered(refusal.text);
  }
  return EXIT.refused;
}

/** The plan comes first, for people; a program gets one document, in the end. */
export function showChanges(
  plan: Plan,
  { asking }: { readonly asking: boolean },
  { options, printer }: Pick<Desk, "options" | "printer">,
): void {
  const { format, showUnmanaged } = options;
  const text = () => renderPlan(plan, { style: printer.style, showUnmanaged });
  if (format === "text") {
    printer.result(text());
  } else if (asking) {
    // Whoever is asked must see what for.
    printer.rendered(text());
  }
}

function exitCodeOf({ outcomes, verification }: Report, { stop }: Io): ExitCode {
  if (stop.aborted) {
    return EXIT.interrupted;
  }
  const done = verification.verified && outcomes.every(({ status }) => status === "applied");
  return done ? EXIT.done : EXIT.failed;
}

function finish(report: Report, { accountId, options, printer }: Desk): void {
  if (options.format === "json") {
    printer.result(toJson(reportDocument(report, accountId)));
  } else if (report.outcomes.length > 0) {
    printer.result(`\n${renderReport(report, { style: printer.style, tokenKinds })}`);
  }
}
