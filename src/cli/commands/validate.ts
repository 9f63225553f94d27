import { errorsDocument, toJson } from "../../render/json/json.ts";
import type { Printer } from "../terminal/printer.ts";
import type { Io } from "../io.ts";
import type { FileOptions, OutputOptions } from "../args/options.ts";
import { readDesiredState } from "../planning/make-plan.ts";
import { EXIT, type ExitCode } from "../user-error.ts";

/** Checks the files, offline. Secrets are not looked at: their references are enough. */
export async function validate(
  options: FileOptions & OutputOptions,
  printer: Printer,
  io: Io,
): Promise<ExitCode> {
  const desired = await readDesiredState({ ...options, anyAccount: false }, io);
  if (options.format === "json") {
    printer.result(toJson(errorsDocument([])));
    return EXIT.done;
  }
  const { length } = desired.entries;
  printer.result(`Valid: ${length} ${length === 1 ? "entry" : "entries"}.\n`);
  return EXIT.done;
}
