import { isObject } from "../../base/json.ts";

/** An object of a document. */
export type Row = { readonly [key: string]: unknown };

/** Whether it is a document of a format that this code reads, with what only one of its sort has. */
export function isDocument(value: unknown, member: string): value is Row {
  return isObject(value) && /^1\.\d+$/.test(textOf(value["format_version"])) && Array.isArray(value[member]);
}

export function rowsOf(value: unknown): readonly Row[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

export function messageOf(value: unknown): string | null {
  return isObject(value) ? textOf(value["message"]) : null;
}

export function oneOf<Word extends string>(words: readonly Word[], value: unknown): Word | null {
  return words.find((word) => word === value) ?? null;
}

export function addressOf({ kind, name }: Row): string | null {
  return typeof kind !== "string" ? null : typeof name === "string" ? `${kind}/${name}` : kind;
}

export function placeOf(value: unknown): string | null {
  return isObject(value) && typeof value["file"] === "string"
    ? `${value["file"]}:${numberOf(value["line"])}`
    : null;
}

export function countOf({ summary }: { readonly [member: string]: unknown }, of: string): number {
  return isObject(summary) ? numberOf(summary[of]) : 0;
}

export function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
