import { plural } from "../../render/words/plural.ts";
import { CommanderError } from "commander";
import { ApiError } from "../../cloudflare/error.ts";
import type { Problem } from "../../config/problem.ts";
import type { Annotation } from "../../render/annotations.ts";
import { apiErrorItem, type ErrorItem, errorItem, errorsDocument, toJson } from "../../render/json/json.ts";
import { problemsJson, renderAdvice, renderProblems } from "../../render/text/problem.ts";
import { commandLine } from "../../render/shell.ts";
import { visible } from "../../render/visible.ts";
import type { Stamping } from "../planning/stamping.ts";
import type { Printer } from "./printer.ts";
import { EXIT, type ExitCode, FileProblems, Interrupted, UserError } from "../user-error.ts";

/**
 * Prints what ended a command, as text to standard error or (`--json`) as one document to standard output, and says
 * which code it ends with: the error's own, or else 130 where the run was interrupted (`stop`), whatever came of that. A
 * mistake of ours is shown whole, since only we can mend it.
 */
export function reportError(
  error: unknown,
  argv: readonly string[],
  printer: Printer,
  { stop, stamping }: { readonly stop: AbortSignal; readonly stamping: Stamping },
): ExitCode {
  if (wantsJson(argv)) {
    printer.result(toJson(errorsDocument(errorItems(error, argv), adviceItems(error), stamping.now())));
  } else {
    printer.rendered(errorText(error, argv));
  }
  if (error instanceof FileProblems) {
    printer.annotate(problemAnnotations(error.problems));
  }
  const own = error instanceof UserError ? error.exitCode : null;
  return own ?? (stop.aborted ? EXIT.interrupted : EXIT.failed);
}

/** Problems for GitHub to show beside their lines. */
export function problemAnnotations(
  problems: readonly Problem[],
  level: NonNullable<Annotation["level"]> = "error",
): readonly Annotation[] {
  return problemsJson(problems).map(({ message, file, line, column }) => ({
    level,
    message,
    location: { file, line, column },
  }));
}

function errorText(error: unknown, argv: readonly string[]): string {
  if (error instanceof FileProblems) {
    const advice = renderAdvice(error.advice);
    return `${advice === "" ? "" : `${advice}\n`}${renderProblems(error.problems)}\n${plural(error.problems.length, "problem")}. Nothing was sent.\n`;
  }
  // Help was asked for by leaving the command out, and stands on standard error already.
  if (error instanceof CommanderError && error.code === "commander.help") {
    return "";
  }
  if (error instanceof Interrupted) {
    return `${error.message}\n`;
  }
  return errorItems(error, argv)
    .map(({ message }) => `error: ${message}\n`)
    .join("");
}

/** What is said of files beside their errors; null where an error is about something else. */
function adviceItems(error: unknown): Parameters<typeof errorsDocument>[1] {
  if (!(error instanceof FileProblems)) {
    return null;
  }
  const { warnings, notes } = error.advice;
  return { warnings: problemsJson(warnings), notes: problemsJson(notes) };
}

/** Messages are safe to print: what came from outside is made visible, line by line where lines were meant. */
function errorItems(error: unknown, argv: readonly string[]): readonly ErrorItem[] {
  if (error instanceof FileProblems) {
    return problemsJson(error.problems);
  }
  if (error instanceof Interrupted) {
    return [errorItem("interrupted", error.message, null)];
  }
  if (error instanceof ApiError) {
    return [apiErrorItem(error)];
  }
  if (error instanceof UserError) {
    const location = error.file === null ? null : { file: error.file, line: 1, column: 1 };
    return [errorItem(error.code, visibleLines(error.message), location)];
  }
  if (error instanceof CommanderError) {
    return [
      errorItem(
        "usage",
        `${visibleLines(error.message.replace(/^error: /, ""))}${fileHint(error, argv)}\nwarren --help shows every command.`,
        null,
      ),
    ];
  }
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    errorItem(
      "internal",
      `${visibleLines(details)}\nThis is a mistake in warren. Please report it, with the command you ran.`,
      null,
    ),
  ];
}

/** Files are named by an option, since arguments are tunnels and saved plans. */
function fileHint({ code }: CommanderError, argv: readonly string[]): string {
  const file = code === "commander.excessArguments" ? argv.find((word) => /\.ya?ml$/.test(word)) : undefined;
  return file === undefined ? "" : `\n(Did you mean ${commandLine(["--file", file])}?)`;
}

function visibleLines(text: string): string {
  return text.split("\n").map(visible).join("\n");
}

/** Whether a program reads the output: also when the command line itself is what is wrong. */
function wantsJson(argv: readonly string[]): boolean {
  return (
    argv.includes("--json") ||
    argv.includes("--format=json") ||
    argv.some((word, at) => word === "json" && argv[at - 1] === "--format")
  );
}
