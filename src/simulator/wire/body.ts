import type { Call } from "./endpoint.ts";
import { unreadable, type Refusal, type Reply } from "./envelope.ts";
import { isObject, parseJson, type JsonObject } from "./json.ts";

/** What a body field must be: a JSON type, a text of at most so many characters, or one of some words. */
export type FieldType = "string" | "boolean" | "object" | number | readonly string[];

type Fields = { readonly [field: string]: FieldType };

/** Reads a JSON object out of a request, or refuses as the API does. */
export function readBody(request: {
  readonly headers: { readonly [name: string]: string };
  readonly body: string | null;
}): { readonly ok: true; readonly body: JsonObject } | Refusal {
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    return unreadable("Expected request with `Content-Type: application/json`");
  }
  const body = parseJson(request.body ?? "");
  if (body === undefined) {
    return unreadable("Json deserialize error: the body is not JSON");
  }
  if (!isObject(body)) {
    return unreadable("Json deserialize error: expected an object");
  }
  return { ok: true, body };
}

/** The answer to a request whose body has fields of these types. */
export function withBody(call: Call, fields: Fields, answer: (body: JsonObject) => Reply): Reply {
  const read = readBody(call.request);
  if (!read.ok) {
    return read;
  }
  return checkFields(read.body, fields, call.account.switches.unknown_fields) ?? answer(read.body);
}

/** The JSON of a request to the control path, whatever it calls itself: `{}` of none, undefined where it is not JSON. */
export function controlBody({ body }: { readonly body: string | null }): unknown {
  return body === null || body === "" ? {} : parseJson(body);
}

/**
 * Checks the fields that an endpoint knows. A field that is null counts as left out. Unknown fields are ignored, or
 * refused in strict mode. Returns null when all is well.
 */
export function checkFields(
  body: JsonObject,
  fields: Fields,
  unknown: "ignored" | "refused",
): Refusal | null {
  for (const [field, value] of Object.entries(body)) {
    const type = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (type === undefined) {
      if (unknown === "refused") {
        return unreadable(`Json deserialize error: unknown field \`${field}\``);
      }
    } else if (value !== null && !hasType(value, type)) {
      return unreadable(`Json deserialize error: invalid value for \`${field}\`, expected ${expected(type)}`);
    }
  }
  return null;
}

function hasType(value: unknown, type: FieldType): boolean {
  if (type === "object") {
    return isObject(value);
  }
  if (type === "string" || type === "boolean") {
    return typeof value === type;
  }
  if (typeof type === "number") {
    return typeof value === "string" && value.length <= type;
  }
  return typeof value === "string" && type.includes(value);
}

function expected(type: FieldType): string {
  if (typeof type === "number") {
    return `a string of at most ${type} characters`;
  }
  return typeof type === "string" ? `a ${type}` : `one of ${type.join(", ")}`;
}

/** The field as text; undefined when it is left out. To be asked after `checkFields`. */
export function textField(body: JsonObject, field: string): string | undefined {
  const value = body[field];
  return typeof value === "string" ? value : undefined;
}

/** The field as a flag; undefined when it is left out. To be asked after `checkFields`. */
export function flagField(body: JsonObject, field: string): boolean | undefined {
  const value = body[field];
  return typeof value === "boolean" ? value : undefined;
}
