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
      return Array.isArray(value) ? convertList(shape.items, value) : value;
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

function convertList(shape: Shape, list: readonly unknown[]): unknown {
  const converted = list.map((item) => convert(shape, item));
  return converted.every((item, at) => item === list[at]) ? list : converted;
}

/** What holds nothing to convert is not copied. */
function convertMapping(
  keys: { readonly [key: string]: Shape },
  value: { readonly [key: string]: unknown },
): unknown {
  let converted: Record<string, unknown> | null = null;
  for (const key of Object.keys(value)) {
    const shape = Object.hasOwn(keys, key) ? keys[key] : undefined;
    const item = shape === undefined ? value[key] : convert(shape, value[key]);
    if (item !== value[key]) {
      converted ??= { ...value };
      converted[key] = item;
    }
  }
  return converted ?? value;
}
