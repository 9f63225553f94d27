import { isObject } from "../base/json.ts";
import { nearest } from "../base/spelling.ts";
import { parseDuration, wholeSeconds } from "./duration.ts";
import type { Collector, Path, RejectionDetail, ValueType } from "./finding.ts";
import {
  CONFIGURATION,
  type Configuration,
  type MappingShape,
  type ScalarShape,
  type Shape,
} from "./shape.ts";

/**
 * Reads a configuration as cloudflared reads the API's JSON: a key in any case, null as absent, unknown keys passed
 * over, and no type taken for another. What it cannot read is reported and left out. A key that is there twice, in
 * two cases, counts as it was written last.
 */
export function decode(document: unknown, report: Collector): Configuration {
  return decodeValue(CONFIGURATION, document, [], report) ?? {};
}

/** `path` is one list for the whole walk: what is reported gets a copy. */
function decodeValue(shape: Shape, value: unknown, path: Steps, report: Collector): unknown {
  if (value === null || value === undefined) {
    return undefined;
  }
  switch (shape.type) {
    case "list":
      if (!Array.isArray(value)) {
        return mistyped(shape, value, path, report);
      }
      // In a list, null is no absence: Go puts an empty value there.
      return value.map((item: unknown, at) => {
        path.push(at);
        const result = decodeValue(shape.items, item, path, report) ?? EMPTY[shape.items.type];
        path.pop();
        return result;
      });
    case "mapping":
      return isObject(value)
        ? decodeMapping(shape, value, path, report)
        : mistyped(shape, value, path, report);
    case "text":
    case "boolean":
    case "integer":
    case "unsigned":
    case "seconds":
    case "ignored":
      return decodeScalar(shape, value, path, report);
  }
}

type Steps = (string | number)[];

const EMPTY = {
  text: "",
  boolean: false,
  integer: 0,
  unsigned: 0,
  seconds: 0,
  ignored: null,
  list: [],
  mapping: {},
};

function decodeMapping(
  { keys }: MappingShape,
  value: { readonly [key: string]: unknown },
  path: Steps,
  report: Collector,
): unknown {
  const decoded: Record<string, unknown> = {};
  for (const written of Object.keys(value)) {
    const key = Object.hasOwn(keys, written) ? written : Object.keys(keys).find(sameIgnoringCase(written));
    path.push(written);
    if (key !== written) {
      const known = Object.keys(keys);
      const guess = nearest(written, known);
      report.refuse([...path], { code: "ingress_unknown_key", key: written, known, nearest: guess });
    }
    const shape = key === undefined ? undefined : keys[key];
    if (key !== undefined && shape?.type === "ignored") {
      report.warn([...path], { code: "setting_ignored", key });
    } else if (key !== undefined && shape !== undefined) {
      const result = decodeValue(shape, value[written], path, report);
      if (result !== undefined) {
        decoded[key] = result;
      }
    }
    path.pop();
  }
  return decoded;
}

/** Go's `encoding/json` folds these two letters of other scripts as well. */
function sameIgnoringCase(written: string): (key: string) => boolean {
  const folded = written.replaceAll("\u017F", "s").replaceAll("\u212A", "k").toLowerCase();
  return (key) => key.toLowerCase() === folded;
}

function decodeScalar(shape: ScalarShape, value: unknown, path: Steps, report: Collector): unknown {
  switch (shape.type) {
    case "text":
      return typeof value === "string" ? wellFormed(value) : mistyped(shape, value, path, report);
    case "boolean":
      return typeof value === "boolean" ? value : mistyped(shape, value, path, report);
    case "integer":
    case "unsigned":
      return decodeNumber(shape, value, path, report);
    case "seconds":
      return typeof value === "string"
        ? reject(path, badDuration(value), report)
        : decodeNumber(shape, value, path, report);
    case "ignored":
      return undefined;
  }
}

const SIGNED = { least: "-9223372036854775808", most: "9223372036854775807" };
const UNSIGNED = { least: "0", most: "18446744073709551615" };

function decodeNumber(shape: ScalarShape, value: unknown, path: Steps, report: Collector): unknown {
  if (typeof value !== "number" || !Number.isInteger(value)) {
    return mistyped(shape, value, path, report);
  }
  const unsigned = shape.type === "unsigned";
  // The ends of the range itself are no numbers of JavaScript, and print as larger ones.
  const inRange = unsigned ? value >= 0 && value < 2 ** 64 : value > -(2 ** 63) && value < 2 ** 63;
  if (!inRange) {
    return reject(path, { code: "number_out_of_range", ...(unsigned ? UNSIGNED : SIGNED) }, report);
  }
  return value;
}

/** Why a text is not the whole seconds that the API takes. */
function badDuration(text: string): RejectionDetail {
  if (/^[+-]?\d{1,15}$/.test(text)) {
    return { code: "bad_duration", why: "no_unit", write: Number(text) };
  }
  if (parseDuration(text) === null) {
    return { code: "bad_duration", why: "not_a_duration", write: null };
  }
  const write = wholeSeconds(text);
  return { code: "bad_duration", why: write === null ? "not_whole_seconds" : "with_unit", write };
}

const EXPECTED = {
  text: "text",
  boolean: "true_or_false",
  integer: "whole_number",
  unsigned: "whole_number",
  seconds: "seconds",
  ignored: "text",
  list: "list",
  mapping: "mapping",
} as const;

function mistyped(shape: Shape, value: unknown, path: Steps, report: Collector): undefined {
  return reject(
    path,
    {
      code: "ingress_wrong_type",
      expected: EXPECTED[shape.type],
      found: typeOf(value),
      write: meantValue(shape, value),
    },
    report,
  );
}

/** A value that lost its quotes, or has them and should not; and the other words for true and false that YAML had. */
function meantValue(shape: Shape, value: unknown): string | null {
  if (shape.type === "text") {
    return typeof value === "number" || typeof value === "boolean" ? JSON.stringify(String(value)) : null;
  }
  if (typeof value !== "string") {
    return null;
  }
  if (shape.type === "boolean") {
    return /^(?:true|yes|on|y)$/i.test(value) ? "true" : /^(?:false|no|off|n)$/i.test(value) ? "false" : null;
  }
  return (shape.type === "integer" || shape.type === "unsigned") && /^\d{1,15}$/.test(value) ? value : null;
}

function reject(path: Path, detail: RejectionDetail, report: Collector): undefined {
  report.rejectUnreadable([...path], detail);
}

function typeOf(value: unknown): ValueType {
  if (Array.isArray(value)) {
    return "list";
  }
  const type = typeof value;
  switch (type) {
    case "string":
      return "text";
    case "number":
    case "bigint":
      return "number";
    case "boolean":
      return "boolean";
    case "object":
      return value === null ? "nothing" : "mapping";
    case "undefined":
    case "function":
    case "symbol":
      return "nothing";
  }
}

/** The text as UTF-8 holds it: Go reads half of a surrogate pair as U+FFFD. */
function wellFormed(text: string): string {
  return /[\uD800-\uDFFF]/.test(text) ? text.replaceAll(/\p{Cs}/gu, "\uFFFD") : text;
}
