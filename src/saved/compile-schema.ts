import { Ajv, type ValidateFunction } from "ajv";
import schema from "../../schema/saved-plan.schema.json" with { type: "json" };

/**
 * The check of a document against the schema of saved plans. In the built program `build/standalone-schema.mjs` puts
 * the same check as plain JavaScript in this module's place.
 */
export function compileSchema(): ValidateFunction {
  return new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
}
