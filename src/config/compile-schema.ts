import { Ajv, type ValidateFunction } from "ajv";
import schema from "../../schema/tunnels.schema.json" with { type: "json" };

/**
 * The check of a file's plain data against the JSON Schema. In the built program `build/standalone-schema.mjs` puts
 * the same check as plain JavaScript in this module's place, since compiling takes longer than all the rest of a start.
 */
export function compileSchema(): ValidateFunction {
  const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
  return ajv.compile(schema);
}
