import schema from "../../../schema/tunnels.schema.json" with { type: "json" };
import type { Printer } from "../terminal/printer.ts";
import { EXIT, type ExitCode } from "../user-error.ts";

/** Prints the JSON Schema of the file. */
export function printSchema(printer: Printer): ExitCode {
  printer.result(`${JSON.stringify(schema, null, 2)}\n`);
  return EXIT.done;
}
