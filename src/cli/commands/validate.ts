import { plural } from "../../render/words/plural.ts";
import type { Run } from "../command.ts";
import { loadDesiredState } from "../../config/load.ts";
import type { Problem } from "../../config/problem.ts";
import { errorsDocument, toJson } from "../../render/json/json.ts";
import { problemsJson, renderAdvice } from "../../render/text/problem.ts";
import type { FileOptions, OutputOptions } from "../args/options.ts";
import { readFiles } from "../files/files.ts";
import { problemAnnotations } from "../terminal/report-error.ts";
import { EXIT, type ExitCode, FileProblems } from "../user-error.ts";

export interface ValidateOptions extends FileOptions, OutputOptions {
  /** Warnings count as errors. */
  readonly strict: boolean;
  /** Codes of warnings that do not. */
  readonly allow: readonly string[];
}

/** Checks the files, offline. Secrets are not looked at: their references are enough. */
export async function validate(run: Run<ValidateOptions>): Promise<ExitCode> {
  const { options, printer, io } = run;
  const loaded = await loadDesiredState(await readFiles(options.file, io), { env: io.env });
  const isForbidden = ({ code }: Problem) => options.strict && !options.allow.includes(code);
  const errors = [...(loaded.ok ? [] : loaded.problems), ...loaded.warnings.filter(isForbidden)];
  const advice = { warnings: loaded.warnings.filter((one) => !isForbidden(one)), notes: loaded.notes };
  if (!loaded.ok || errors.length > 0) {
    throw new FileProblems(errors, advice);
  }
  if (options.format === "json") {
    const { warnings, notes } = advice;
    printer.result(
      toJson(errorsDocument([], { warnings: problemsJson(warnings), notes: problemsJson(notes) })),
    );
    return EXIT.done;
  }
  if (!options.quiet) {
    printer.rendered(renderAdvice(advice));
  }
  printer.annotate(problemAnnotations(advice.warnings, "warning"));
  const { length } = loaded.value.entries;
  const { length: warned } = advice.warnings;
  const count = warned === 0 ? "" : `, ${plural(warned, "warning")}`;
  printer.result(`Valid: ${plural(length, "entry", "entries")}${count}.\n`);
  return EXIT.done;
}
