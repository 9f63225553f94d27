import type { ApiError } from "../../cloudflare/error.ts";
import { cardOf } from "../../kinds/cards.ts";
import { apiErrorWords } from "../words/error.ts";
import type { JsonValue, Spec } from "../../engine/model/resource.ts";
import { code, list, name as named, say, toText } from "../words/sentence.ts";
import { visibleJson } from "../visible.ts";
import { yamlKey, yamlText } from "./yaml.ts";

/** One entry of a file. */
export interface ExportedEntry {
  readonly kind: string;
  readonly name: string;
  /** Null where it is not to be pinned. */
  readonly id: string | null;
  /** The attributes that the API reported. */
  readonly spec: Spec;
  /** What of it no file can say. */
  readonly leftOut?: LeftOut;
}

/** A live tunnel, or several of one name, that no file can declare. */
export interface LeftOut {
  readonly kind: string;
  readonly name: string;
  readonly ids: readonly string[];
  readonly reason: "refused" | "unsaid" | "shared" | "empty" | "nul" | "lone_surrogate" | "uuid" | "too_long";
}

/** A kind that the credentials may not read. */
export interface Unread {
  readonly kind: string;
  readonly error: ApiError;
}

/**
 * A whole file that declares these entries, in the order given; a kind with none is not written, and one
 * that could not be read has a comment in its place. `modeline` tells an editor where the schema is.
 */
export function renderExport(
  modeline: string,
  entries: readonly ExportedEntry[],
  unread: readonly Unread[] = [],
): string {
  const kinds = [...new Set(entries.map(({ kind }) => kind))];
  const lines = [
    modeline,
    "version: 1",
    ...kinds.flatMap((kind) => [
      "",
      `${kind}:`,
      ...entries.filter((entry) => entry.kind === kind).flatMap(entryLines),
    ]),
    ...unread.flatMap(({ kind, error }) => ["", `# ${kind}: left out. ${unreadWords(kind, error)}`]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Which it is and why, and what to do; one line. */
export function leftOutWords({ kind, name, ids, reason }: LeftOut): string {
  const why = {
    shared: say`${String(ids.length)} live ones have this name. Give them names of their own, or delete all but one.`,
    refused: say`it holds what ${code("validate")} refuses in a file, as a password in a service, a key that nobody knows, or ${code("access")} for all rules.`,
    unsaid: say`it is as no file can say, such as a record that is not proxied.`,
    empty: say`its name is empty.`,
    nul: say`its name holds a NUL character. Rename it in the dashboard.`,
    lone_surrogate: say`its name is not valid Unicode. Rename it in the dashboard.`,
    uuid: say`its name reads as an id. Rename it in the dashboard.`,
    too_long: say`its name is longer than 255 characters. Rename it in the dashboard.`,
  }[reason];
  return toText(say`${named(`${kind}/${name}`)} (${list(ids)}): ${why}`);
}

/** That a kind could not be read, and why; one line. */
export function unreadWords(kind: string, error: ApiError): string {
  return toText(say`The ${cardOf(kind).noun}s could not be read. ${apiErrorWords(error)}`);
}

function entryLines({ name, id, spec, leftOut }: ExportedEntry): readonly string[] {
  const pin = id === null ? [] : [`    id: ${yamlText(id)}`];
  const attributes = Object.entries(spec).flatMap(([attribute, value]) =>
    Array.isArray(value)
      ? [`    ${attribute}:`, ...value.map((item: JsonValue) => `      - ${valueText(item)}`)]
      : [`    ${attribute}: ${valueText(value)}`],
  );
  const comment = leftOut === undefined ? [] : [`    # left out: ${leftOutWords(leftOut)}`];
  return [...yamlKey(name, "  "), ...pin, ...attributes, ...comment];
}

/** JSON is YAML, too. */
function valueText(value: JsonValue): string {
  return typeof value === "string" ? yamlText(value) : visibleJson(JSON.stringify(value));
}
