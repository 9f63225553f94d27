import { compileSchema } from "./compile-schema.ts";

let validate: ReturnType<typeof compileSchema> | undefined;

/** Where a document is not what `schema/saved-plan.schema.json` describes, as a JSON pointer; null where it is. */
export function violation(document: unknown): string | null {
  // At the first use: a command that reads no saved plan does not pay for it.
  validate ??= compileSchema();
  return validate(document) ? null : (validate.errors?.[0]?.instancePath ?? "");
}
