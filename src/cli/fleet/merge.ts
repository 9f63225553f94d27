import type { Stamp } from "../../base/stamp.ts";
import type { Facts } from "../../fleet/document.ts";
import { type FleetResult, judge } from "../../fleet/judge.ts";
import { fleetDocument } from "../../render/fleet/json.ts";
import { renderFleetMarkdown } from "../../render/fleet/markdown.ts";
import { renderFleet } from "../../render/fleet/text.ts";
import { toJson } from "../../render/json/json.ts";
import type { OutputOptions } from "../args/options.ts";
import type { Run } from "../command.ts";
import { EXIT, type ExitCode, UserError } from "../user-error.ts";
import { readDocuments, readExpected } from "./read-documents.ts";

export interface MergeOptions extends OutputOptions {
  readonly expect: string;
  readonly runId?: string;
  readonly command?: Stamp["command"];
}

/** Makes one page of what the jobs of a fleet printed, and ends as the gravest of them. Offline. */
export async function merge(run: Run<MergeOptions>, ...paths: string[]): Promise<ExitCode> {
  const { options, printer, io, waiting } = run;
  const matrix = await readExpected(options.expect, io);
  const reading = readDocuments(paths, options.expect, run);
  const documents = await waiting.reading("Reading the documents", reading);
  const result = judge(matrix, documents, {
    run: options.runId ?? matrix.run ?? onlyRun(documents),
    command: options.command ?? onlyCommand(documents),
  });
  switch (options.format) {
    case "text":
      printer.result(renderFleet(result, printer.style));
      break;
    case "json":
      printer.result(toJson(fleetDocument(result)));
      break;
    case "markdown":
      printer.result(renderFleetMarkdown(result));
      break;
  }
  return exitCodeOf(result);
}

/** Where nothing says which run is meant, documents of two would be taken for one. Throws `UserError`. */
function onlyRun(documents: readonly Facts[]): string | null {
  const runs = [...new Set(documents.filter(({ command }) => command !== null).map((one) => one.run))];
  const [first = null, second] = runs;
  if (second !== undefined) {
    const named = runs.map((one) => one ?? "none").join(", ");
    throw new UserError(
      "several_runs",
      `The documents are of several runs (${named}), and neither the matrix nor --run-id says which is meant.`,
    );
  }
  return first;
}

/** A plan is no report of an apply: one that was left in its place would look like one. Throws `UserError`. */
function onlyCommand(documents: readonly Facts[]): Stamp["command"] | null {
  const commands = [...new Set(documents.flatMap(({ command }) => command ?? []))].sort();
  const [first = null, second] = commands;
  if (second !== undefined) {
    throw new UserError(
      "several_commands",
      `The documents are of several commands (${commands.join(", ")}). Give those of one, or say which is meant: --command ${commands[0] ?? ""}`,
    );
  }
  return first;
}

function exitCodeOf({ rows, unexpected }: FleetResult): ExitCode {
  const has = (...statuses: readonly string[]) => rows.some(({ status }) => statuses.includes(status));
  if (unexpected.length > 0 || has("missing", "failed")) {
    return EXIT.failed;
  }
  return has("refused") ? EXIT.refused : has("differs") ? EXIT.differences : EXIT.done;
}
