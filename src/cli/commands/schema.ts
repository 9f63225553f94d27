import type { Run } from "../command.ts";
import schema from "../../../schema/tunnels.schema.json" with { type: "json" };
import { EXIT, type ExitCode } from "../user-error.ts";

/** Prints the JSON Schema of the file. */
export async function printSchema({ printer }: Run): Promise<ExitCode> {
  printer.result(`${JSON.stringify(schema, null, 2)}\n`);
  return EXIT.done;
}
