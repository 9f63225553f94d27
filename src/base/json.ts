/** Whether a value is an object: no list, no null. */
export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a value is the text of a UUID, in either case: the form of every id of the tunnel API. */
export function isUuid(value: unknown): value is string {
  return typeof value === "string" && UUID.test(value);
}
