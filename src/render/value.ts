import { referenceIn } from "../engine/model/reference.ts";
import type { JsonValue } from "../engine/model/resource.ts";
import { quoted, showName, visibleJson } from "./visible.ts";

/** Longer values are cut where they stand in one line. */
const LONGEST = 300;

/** A value on one line: text bare or quoted, all else as JSON. One that is too long is cut, and its length said. */
export function showValue(value: JsonValue): string {
  const reference = referenceIn(value);
  if (reference !== null) {
    return `(${reference.output} of ${reference.kind} ${showName(reference.name)}, known after apply)`;
  }
  const shown = typeof value === "string" ? showText(value) : visibleJson(JSON.stringify(sortKeys(value)));
  return shown.length <= LONGEST ? shown : `${cut(shown, LONGEST)}… (${shown.length} characters)`;
}

/** Whether a value needs more than one line to be read. */
export function isBlock(value: JsonValue): boolean {
  if (typeof value === "string") {
    return value.includes("\n");
  }
  return typeof value === "object" && value !== null && referenceIn(value) === null;
}

/**
 * The lines of such a value, of a list one an item, so that what was added, changed or moved is one line; keys sorted,
 * so that equal values have equal lines. Not yet made visible.
 */
export function blockLines(value: JsonValue): readonly string[] {
  if (typeof value === "object" && value !== null && isList(value)) {
    return value.length === 0 ? ["[]"] : value.map(itemLine);
  }
  const text = typeof value === "string" ? value : JSON.stringify(sortKeys(value), null, 2);
  return text.split("\n");
}

/** An item of a list on one line, keys sorted. Not yet made visible. */
export function itemLine(item: JsonValue): string {
  return JSON.stringify(sortKeys(item));
}

/** The first characters, never half of a surrogate pair. */
export function cut(text: string, most: number): string {
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(most - 1));
  return text.slice(0, splitsPair ? most - 1 : most);
}

/** The text `true` is quoted, so that it differs from the value true. */
function showText(text: string): string {
  return /^(?:true|false|null|[\d.]+(?:e\d+)?)$/i.test(text) ? quoted(text) : showName(text);
}

function sortKeys(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (isList(value)) {
    return value.map(sortKeys);
  }
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sortKeys(value[key] ?? null)]));
}

function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}
