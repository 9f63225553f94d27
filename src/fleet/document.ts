import { isObject } from "../base/json.ts";
import type { Stamp } from "../base/stamp.ts";

/** What a document tells of an account, in little: documents are large, and there are many. */
export interface Facts {
  readonly file: string;
  readonly command: Stamp["command"] | null;
  readonly account: string | null;
  readonly account_id: string | null;
  readonly run: string | null;
  readonly status: DocumentStatus;
  readonly counts: Counts;
  /** The first of what was planned or done. */
  readonly lines: readonly Line[];
  /** How many more there are. */
  readonly more: number;
  /** The first of what went wrong, or is in the way. */
  readonly errors: readonly DocumentError[];
}

/** `differs`: a drift found something. `changed`: there is something to apply, or it was applied. */
export type DocumentStatus = "failed" | "refused" | "differs" | "changed" | "unchanged";

export interface Counts {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  readonly replace: number;
  readonly blocked: number;
}

/** One change. */
export interface Line {
  readonly action: Action;
  readonly kind: string;
  readonly name: string;
}

export interface DocumentError {
  readonly code: string;
  readonly message: string;
}

type Action = Exclude<keyof Counts, "blocked">;

const COMMANDS: readonly unknown[] = ["plan", "apply", "drift"] satisfies readonly Stamp["command"][];
const ACTIONS: readonly unknown[] = ["create", "update", "delete", "replace"] satisfies readonly Action[];
/** So much of each document is kept. */
const MOST_LINES = 100;
const MOST_ERRORS = 5;
const LONGEST = 400;

const NONE: Counts = { create: 0, update: 0, delete: 0, replace: 0, blocked: 0 };

/** What a file tells that holds no document. */
export function noDocument(file: string, message: string): Facts {
  const unknown = { command: null, account: null, account_id: null, run: null };
  const errors = [{ code: "bad_document", message }];
  return { file, ...unknown, status: "failed", counts: NONE, lines: [], more: 0, errors };
}

/** Reads what `plan`, `apply` or `drift` printed with `--json`. Whatever else it is given is a failure. */
export function readDocument(file: string, text: string): Facts {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return noDocument(file, text.trim() === "" ? "the file is empty" : "the file is cut off, or no JSON");
  }
  if (!isObject(document) || !isObject(document["made_from"]) || !isCommand(document["command"])) {
    return noDocument(file, "not what plan, apply or drift print with --json");
  }
  const { command, made_from, format_version } = document;
  const { account, account_id, run } = made_from;
  const made = { account: textOf(account), account_id: textOf(account_id), run: textOf(run) };
  const told = /^1\.\d+$/.test(String(format_version)) ? tell(document, command) : null;
  return told === null
    ? { ...noDocument(file, `no document of ${command} that this version knows`), command, ...made }
    : { file, command, ...made, ...told };
}

type Told = Pick<Facts, "status" | "counts" | "lines" | "more" | "errors">;

function tell(document: Members, command: Stamp["command"]): Told | null {
  const { changes, blocked, outcomes, errors } = document;
  if (command === "apply" && Array.isArray(outcomes)) {
    return tellReport(document, outcomes);
  }
  if (Array.isArray(changes) && Array.isArray(blocked)) {
    return tellPlan(document, command, changes, blocked);
  }
  return Array.isArray(errors) && errors.length > 0
    ? { status: "failed", counts: NONE, lines: [], more: 0, errors: errorsOf(errors) }
    : null;
}

function tellPlan(
  document: Members,
  command: Stamp["command"],
  changes: readonly unknown[],
  blocked: readonly unknown[],
): Told {
  const errors = Array.isArray(document["errors"]) ? document["errors"] : [];
  const { rollout } = document;
  const behind = isObject(rollout) && Array.isArray(rollout["behind"]) ? rollout["behind"] : [];
  const some = changes.length + blocked.length + behind.length > 0;
  return {
    status: statusOf(command, { errors: errors.length, blocked: blocked.length, some }),
    counts: { ...countOf(changes), blocked: blocked.length },
    ...linesOf(changes),
    errors: errorsOf([...errors, ...blocked, ...behind]),
  };
}

/** An apply prints a plan only where it refuses it; any other error beside a plan made the command fail. */
function statusOf(
  command: Stamp["command"],
  { errors, blocked, some }: { readonly errors: number; readonly blocked: number; readonly some: boolean },
): DocumentStatus {
  if (command === "apply") {
    return "refused";
  }
  if (command === "plan" && blocked > 0) {
    return "refused";
  }
  if (command === "drift" && some) {
    return "differs";
  }
  return errors > 0 ? "failed" : some ? "changed" : "unchanged";
}

function tellReport(document: Members, outcomes: readonly unknown[]): Told {
  const applied = outcomes.filter((one) => isObject(one) && one["status"] === "applied");
  const failed = outcomes.flatMap((one) =>
    isObject(one) && one["status"] === "failed" ? [one["error"]] : [],
  );
  const { verified, verification } = document;
  const unseen = verified === true ? [] : [verification];
  const whole = applied.length === outcomes.length && verified === true;
  const changes = applied.map((one) => (isObject(one) ? one["change"] : null));
  return {
    status: !whole ? "failed" : applied.length > 0 ? "changed" : "unchanged",
    counts: { ...NONE, ...countOf(changes) },
    ...linesOf(changes),
    errors: errorsOf([...failed, ...unseen]),
  };
}

type Members = { readonly [key: string]: unknown };

function countOf(changes: readonly unknown[]): Counts {
  const counts = { ...NONE };
  for (const change of changes) {
    const action = isObject(change) ? change["action"] : null;
    if (isAction(action)) {
      counts[action] += 1;
    }
  }
  return counts;
}

function linesOf(changes: readonly unknown[]): { readonly lines: readonly Line[]; readonly more: number } {
  const lines = changes.slice(0, MOST_LINES).flatMap((change) => {
    const { action, kind, name } = isObject(change) ? change : {};
    return isAction(action) ? [{ action, kind: shortText(kind), name: shortText(name) }] : [];
  });
  return { lines, more: changes.length - lines.length };
}

function errorsOf(errors: readonly unknown[]): readonly DocumentError[] {
  return errors.slice(0, MOST_ERRORS).flatMap((error) => {
    const { code, reason, message } = isObject(error) ? error : {};
    return typeof message === "string"
      ? [{ code: shortText(code ?? reason), message: shortText(message) }]
      : [];
  });
}

function isAction(value: unknown): value is Action {
  return ACTIONS.includes(value);
}

function isCommand(value: unknown): value is Stamp["command"] {
  return COMMANDS.includes(value);
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? shortText(value) : null;
}

/** A copy: a slice alone would keep the whole document alive. */
function shortText(value: unknown): string {
  const text = typeof value === "string" ? value : "";
  const short = text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
  return Buffer.from(short, "utf8").toString("utf8");
}
