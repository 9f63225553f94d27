import { visible } from "../render/visible.ts";

/** What is read of the document that warren prints. */
export interface Result {
  readonly hasChanges: boolean;
  /** By the names of the outputs. */
  readonly counts: { readonly [name: string]: number };
  /** One line each, with its place, safe to print. */
  readonly errors: readonly string[];
}

const COUNTS = [
  "create",
  "update",
  "delete",
  "replace",
  "blocked",
  "unchanged",
  "unmanaged",
  "applied",
  "failed",
  "skipped",
];

/** Reads the document; a text that is none is taken for nothing. */
export function readResult(text: string): Result {
  const document = parse(text);
  const summary = isObject(document["summary"]) ? document["summary"] : {};
  const counts = Object.fromEntries(
    COUNTS.flatMap((name) => {
      const count = summary[name];
      return typeof count === "number" ? [[name, count] as const] : [];
    }),
  );
  const lists = [document["changes"], document["blocked"], document["outcomes"], behindIn(document)];
  const errors: readonly unknown[] = Array.isArray(document["errors"]) ? document["errors"] : [];
  return {
    hasChanges: lists.some((list) => Array.isArray(list) && list.length > 0),
    counts,
    errors: errors.flatMap((error) =>
      isObject(error) && typeof error["message"] === "string" ? [placed(error, error["message"])] : [],
    ),
  };
}

/** What to show where warren made no page of its own: its errors, which nothing in them can break out of. */
export function errorPage(command: string, code: number, { errors }: Result): string {
  const lines = errors.length === 0 ? ["See the job's log."] : errors.slice(0, 20);
  const more = errors.length - lines.length;
  const text = [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join("\n").slice(0, 50_000);
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  const title =
    code === 0
      ? `\`warren ${command}\`: nothing is wrong`
      : `\`warren ${command}\` failed (exit code ${code})`;
  return code === 0 ? `### ${title}\n` : `### ${title}\n\n${fence}text\n${text}\n${fence}\n`;
}

/** Connectors that have not got what is live, where they were asked. */
function behindIn({ rollout }: { readonly [key: string]: unknown }): unknown {
  return isObject(rollout) ? rollout["behind"] : null;
}

/** A message is safe as warren prints it; a file's name is as the file has it. */
function placed(error: { readonly [key: string]: unknown }, message: string): string {
  const { file, line } = error;
  return typeof file === "string"
    ? `${visible(file)}:${typeof line === "number" ? `${line}:` : ""} ${message}`
    : message;
}

function parse(text: string): { readonly [key: string]: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
