import { Ajv, type ValidateFunction } from "ajv";
import schema from "../../../schema/fleet.schema.json" with { type: "json" };

/** The check of a fleet against its schema. In the built program plain JavaScript stands in this module's place. */
export function compileSchema(): ValidateFunction {
  const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
  return ajv.compile(schema);
}
