import packageJson from "../../../package.json" with { type: "json" };
import { type Page, renderPage } from "../../render/html/page.ts";
import { readHealthPage, readPlanPage } from "../../render/html/read.ts";
import { healthFields } from "../../render/health/json.ts";
import { gapWords } from "../../render/health/words.ts";
import { planDocument, resultDocument } from "../../render/json/json.ts";
import type { ApiOptions, FileOptions } from "../args/options.ts";
import type { Run } from "../command.ts";
import { findFiles } from "../files/find-files.ts";
import { requireOwnFile } from "../files/not-an-input.ts";
import { openNewFile } from "../files/write-file.ts";
import { makePlan, readDesiredState } from "../planning/make-plan.ts";
import { openSession } from "../session/session.ts";
import { EXIT, type ExitCode } from "../user-error.ts";
import { readFleetFile, readPlanFile, readReportFile, readStatusFile } from "./documents.ts";
import { readHealthOf } from "./read-health.ts";

export interface ReportOptions extends ApiOptions, FileOptions {
  readonly out?: string;
  /** Documents in place of the account. */
  readonly plan?: string;
  readonly report?: string;
  readonly status?: string;
  readonly fleet?: string;
}

/** Writes a page for people to look at: of documents that are given, else of the account as it is. Sends GETs only. */
export async function report(run: Run<ReportOptions>): Promise<ExitCode> {
  const { options, printer, io } = run;
  const documents = [options.plan, options.report, options.status, options.fleet].filter(
    (path) => path !== undefined,
  );
  const isLive = documents.length === 0;
  await requireOwnFile(options.out, isLive ? await findFiles(options.file, io) : documents, io);
  const file =
    options.out === undefined ? null : await openNewFile(options.out, { option: "--out", mode: 0o644 }, io);
  try {
    const page = isLive ? await readAccount(run) : await readDocuments(run);
    const text = printer.redact(renderPage(page, `warren ${packageJson.version}`));
    if (file === null) {
      printer.result(text);
    } else {
      await file.write(text);
    }
    return EXIT.done;
  } finally {
    await file?.discard();
  }
}

async function readDocuments({ options, io }: Run<ReportOptions>): Promise<Page> {
  const { plan, report, status, fleet } = options;
  return {
    plan: plan === undefined ? null : await readPlanFile(plan, io),
    report: report === undefined ? null : await readReportFile(report, io),
    health: status === undefined ? null : await readStatusFile(status, io),
    fleet: fleet === undefined ? null : await readFleetFile(fleet, io),
  };
}

/** The same documents, made now: what differs from the files, and how the declared tunnels are. */
async function readAccount(run: Run<ReportOptions>): Promise<Page> {
  const { options, printer, io, waiting } = run;
  const desired = await readDesiredState({ ...options, anyAccount: options.sandbox }, io);
  const session = await openSession(run, desired.account_id);
  try {
    const { accountId } = session;
    const { plan } = await makePlan(desired, session, { ...run, options: { ...options, ...PLANNING } });
    const looking = readHealthOf({ by: "file", desired }, session);
    const health = await waiting.reading("Reading the account", looking);
    for (const gap of gapWords(health)) {
      printer.rendered(`${gap}\n`);
    }
    return {
      plan: readPlanPage(asRead(planDocument(plan, accountId, run.stamping.of("plan")))),
      report: null,
      fleet: null,
      health: readHealthPage(asRead(resultDocument(accountId, healthFields(health, accountId)))),
    };
  } finally {
    await session.close();
  }
}

const PLANNING = { target: [], verifySecrets: false } as const;

/** A document as whoever reads its file has it. */
function asRead(document: object): unknown {
  return JSON.parse(JSON.stringify(document));
}
