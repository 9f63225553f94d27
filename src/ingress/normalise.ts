import { isObject } from "../base/json.ts";
import { wholeSeconds } from "./duration.ts";
import { CONFIGURATION, type Shape } from "./shape.ts";

/**
 * A configuration in the API's form, of one that may write whole seconds as config.yml does: `30s` and `1m30s` become
 * 30 and 90. All else stays as it is, also what is no duration.
 */
export function inSeconds(written: unknown): unknown {
  return convert(CONFIGURATION, written);
}

function convert(shape: Shape, value: unknown): unknown {
  switch (shape.type) {
    case "seconds":
      return typeof value === "string" ? (wholeSeconds(value) ?? value) : value;
    case "list":
      return Array.isArray(value) ? value.map((item: unknown) => convert(shape.items, item)) : value;
    case "mapping":
      return isObject(value) ? convertMapping(shape.keys, value) : value;
    case "text":
    case "boolean":
    case "integer":
    case "unsigned":
    case "ignored":
      return value;
  }
}

function convertMapping(
  keys: { readonly [key: string]: Shape },
  value: { readonly [key: string]: unknown },
): unknown {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const shape = Object.hasOwn(keys, key) ? keys[key] : undefined;
      return [key, shape === undefined ? item : convert(shape, item)];
    }),
  );
}
