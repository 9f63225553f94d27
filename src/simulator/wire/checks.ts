import { isHex, isObject, isUuid, type JsonObject } from "./json.ts";

/** Whether a value that came from outside is what it should be. */
export type Check = (value: unknown) => boolean;

export type Checks = { readonly [field: string]: Check };

export function isText(value: unknown): value is string {
  return typeof value === "string";
}

export function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

export function isFlag(value: unknown): value is boolean {
  return typeof value === "boolean";
}

export function isId(value: unknown): boolean {
  return isText(value) && isUuid(value);
}

export function isHexId(value: unknown): boolean {
  return isText(value) && isHex(value);
}

/** Milliseconds since the Unix epoch. */
export function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

export function isOneOf(...values: readonly unknown[]): Check {
  return (value) => values.includes(value);
}

export function orNull(check: Check): Check {
  return (value) => value === null || check(value);
}

export function isList(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

/** Whether it is an object that has each of these fields, whatever else it has. */
export function isFields(checks: Checks): Check {
  const fields = Object.entries(checks);
  return (value) => isObject(value) && fields.every(([field, check]) => check(value[field]));
}

/**
 * Reads an object of which each field is known and may be left out. Throws an `Error` that names what is wrong with
 * `what`.
 */
export function readFields(value: unknown, checks: Checks, what: string): JsonObject {
  if (!isObject(value)) {
    throw new Error(`${what} is an object.`);
  }
  for (const [field, each] of Object.entries(value)) {
    const check = Object.hasOwn(checks, field) ? checks[field] : undefined;
    if (!check) {
      throw new Error(`${what} has no field "${field}".`);
    }
    if (!check(each)) {
      throw new Error(`${what} has a value in "${field}" that it does not take.`);
    }
  }
  return value;
}
