import { isObject } from "../../base/json.ts";
import { type FleetPage, readFleetPage } from "../../render/html/read-fleet.ts";
import {
  type HealthPage,
  type PlanPage,
  readHealthPage,
  readPlanPage,
  readReportPage,
  type ReportPage,
} from "../../render/html/read.ts";
import { planDocument } from "../../render/json/json.ts";
import { parseSavedPlan } from "../../saved/saved-plan.ts";
import { readLarge } from "../files/read-large.ts";
import type { Io } from "../io.ts";
import { UserError } from "../user-error.ts";

/** What `--plan` names: a saved plan, or what `plan` or `drift` printed with `--json`. Throws `UserError`. */
export function readPlanFile(path: string, io: Io): Promise<PlanPage> {
  return readDocument(path, io, {
    read: (document, bytes) => readPlanPage(document) ?? readSavedPage(bytes),
    wanted: "a saved plan, or what `warren plan --json` or `warren drift --json` prints",
  });
}

/** What `--report` names: what `apply` printed with `--json`. Throws `UserError`. */
export function readReportFile(path: string, io: Io): Promise<ReportPage> {
  return readDocument(path, io, { read: readReportPage, wanted: "what `warren apply --json` prints" });
}

/** What `--status` names: what `status` printed with `--json`. Throws `UserError`. */
export function readStatusFile(path: string, io: Io): Promise<HealthPage> {
  return readDocument(path, io, { read: readHealthPage, wanted: "what `warren status --json` prints" });
}

/** What `--fleet` names: what `merge` printed with `--json`. Throws `UserError`. */
export function readFleetFile(path: string, io: Io): Promise<FleetPage> {
  return readDocument(path, io, { read: readFleetPage, wanted: "what `warren merge --json` prints" });
}

interface Reader<T> {
  /** Null for a document of another sort. */
  readonly read: (document: unknown, bytes: Uint8Array) => T | null;
  readonly wanted: string;
}

async function readDocument<T>(path: string, io: Io, { read, wanted }: Reader<T>): Promise<T> {
  const bytes = await readLarge(path, "bad_document", io);
  const document = parse(new TextDecoder().decode(bytes));
  const found = read(document, bytes);
  if (found !== null) {
    return found;
  }
  const why = errorOf(document);
  throw new UserError(
    "bad_document",
    why === null ? `${path} is not ${wanted}.` : `${path} is from a run that failed: ${why}`,
    { file: path },
  );
}

function readSavedPage(bytes: Uint8Array): PlanPage | null {
  const parsed = parseSavedPlan(bytes);
  if (!parsed.ok) {
    return null;
  }
  const { plan, account_id, made_from, base } = parsed.saved;
  const document = planDocument(plan, account_id, { command: "plan", made_from }, { base });
  return readPlanPage(parse(JSON.stringify(document)));
}

/** Undefined where it is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the first of a document's errors says, where it is one that tells of errors. */
function errorOf(document: unknown): string | null {
  const errors = isObject(document) ? document["errors"] : null;
  const first: unknown = Array.isArray(errors) ? errors[0] : null;
  return isObject(first) && typeof first["message"] === "string" ? first["message"] : null;
}
