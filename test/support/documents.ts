import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";

type Schema = { readonly [key: string]: unknown };

const validators = new Map<string, ValidateFunction>();

/** What is wrong with a document that the program printed, by the schema that describes its sort; null: nothing. */
export function flawOf(text: string): string | null {
  const document: unknown = JSON.parse(text);
  const name = sortOf(document);
  const validate = validators.get(name) ?? compile(name);
  validators.set(name, validate);
  return validate(document) ? null : `${name}: ${JSON.stringify(validate.errors)}`;
}

function sortOf(document: unknown): string {
  const has = (key: string) => typeof document === "object" && document !== null && key in document;
  const sorts = {
    changes: "plan",
    outcomes: "report",
    errors: "errors",
    passed: "explain",
    checks: "doctor",
    unexpected: "merge",
    removed: "matrix",
    health: "status",
  };
  return Object.entries(sorts).find(([key]) => has(key))?.[1] ?? "result";
}

/** A published schema lets unknown names pass; what we print may not have any, so here every object is closed. */
function compile(name: string): ValidateFunction {
  const path = join(import.meta.dirname, `../../schema/${name}.schema.json`);
  const schema = closed(JSON.parse(readFileSync(path, "utf8")));
  return new Ajv({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema as Schema);
}

/** The schema with no additional property allowed wherever properties are listed. */
export function closed(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(closed);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const members = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, closed(member)]));
  const open = "additionalProperties" in value || !("properties" in value) || !("required" in value);
  return open ? members : { ...members, additionalProperties: false };
}
