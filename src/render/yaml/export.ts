import type { Spec } from "../../engine/model/resource.ts";
import { list, name as named, say, toText } from "../words/sentence.ts";
import { yamlKey, yamlText } from "./yaml.ts";

/** One entry of a file. */
export interface ExportedEntry {
  readonly kind: string;
  readonly name: string;
  /** Null where it is not to be pinned. */
  readonly id: string | null;
  /** The attributes that the API reported. */
  readonly spec: Spec;
}

/** A live tunnel, or several of one name, that no file can declare. */
export interface LeftOut {
  readonly kind: string;
  readonly name: string;
  readonly ids: readonly string[];
  readonly reason: "shared" | "empty" | "nul" | "lone_surrogate" | "uuid" | "too_long";
}

/** Where the schema lies for an editor, by the line that its YAML support reads. */
const MODELINE = "# yaml-language-server: $schema=./schema/tunnels.schema.json";

/** A whole file that declares these entries, in the order given; a kind with none is not written. */
export function renderExport(entries: readonly ExportedEntry[]): string {
  const kinds = [...new Set(entries.map(({ kind }) => kind))];
  const lines = [
    MODELINE,
    "version: 1",
    ...kinds.flatMap((kind) => [
      "",
      `${kind}:`,
      ...entries.filter((entry) => entry.kind === kind).flatMap(entryLines),
    ]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Which it is and why, and what to do; one line. */
export function leftOutWords({ kind, name, ids, reason }: LeftOut): string {
  const why = {
    shared: say`${String(ids.length)} live ones have this name. Give them names of their own, or delete all but one.`,
    empty: say`its name is empty.`,
    nul: say`its name holds a NUL character. Rename it in the dashboard.`,
    lone_surrogate: say`its name is not valid Unicode. Rename it in the dashboard.`,
    uuid: say`its name reads as an id. Rename it in the dashboard.`,
    too_long: say`its name is longer than 255 characters. Rename it in the dashboard.`,
  }[reason];
  return toText(say`${named(`${kind}/${name}`)} (${list(ids)}): ${why}`);
}

function entryLines({ name, id, spec }: ExportedEntry): readonly string[] {
  const pin = id === null ? [] : [`    id: ${yamlText(id)}`];
  const attributes = Object.entries(spec).map(
    ([attribute, value]) =>
      // JSON is YAML, too.
      `    ${attribute}: ${typeof value === "string" ? yamlText(value) : JSON.stringify(value)}`,
  );
  return [...yamlKey(name, "  "), ...pin, ...attributes];
}
