import { Ajv } from "ajv";
import schema from "../../schema/saved-plan.schema.json" with { type: "json" };

let validate: ReturnType<typeof compile> | undefined;

/** Where a document is not what `schema/saved-plan.schema.json` describes, as a JSON pointer; null where it is. */
export function violation(document: unknown): string | null {
  validate ??= compile();
  return validate(document) ? null : (validate.errors?.[0]?.instancePath ?? "");
}

/** Compiled at the first use: a command that reads no saved plan does not pay for it. */
function compile() {
  return new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
}
