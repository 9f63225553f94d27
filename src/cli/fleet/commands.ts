import { Option } from "commander";
import { addOutputOptions, quietOption, runId, wholeNumber } from "../args/options.ts";
import type { Act, Define } from "../command.ts";

/** The commands for many accounts: what runs them is the CI's. */
export function fleetCommands(act: Act): { readonly [name: string]: Define } {
  return {
    matrix: (command) =>
      command
        .description("say which accounts of the fleet a CI is to run, a job each, offline")
        .option("--fleet <file>", "the file that lists the accounts", "fleet.yaml")
        .addOption(
          new Option("--format <format>", "for what: a GitHub matrix, a GitLab child pipeline, or any other")
            .choices(["json", "github", "gitlab"])
            .default("json"),
        )
        .option("--changed-since <ref>", "only accounts whose files have changed since this commit parted")
        .option("--wave <name>", "only accounts of this wave")
        .option("--max <n>", "fail for more accounts in one matrix", wholeNumber(1, 100_000))
        .option("--group <n>", "print several matrices of so many accounts at most", wholeNumber(1, 100_000))
        .option("--run-id <id>", "the run that this belongs to (default: the CI's own)", runId)
        .option("--extends <job>", "gitlab: the job that each account's extends", ".warren")
        .addOption(quietOption())
        .action(act(async () => (await import("./matrix.ts")).matrix)),
    merge: (command) =>
      addOutputOptions(
        command.argument("<files...>", "what the jobs printed with --json: files, or folders of *.json"),
        ["json", "markdown"],
      )
        .description(
          "make one page of what a fleet's jobs printed; an account without a document fails, offline",
        )
        .requiredOption("--expect <file>", "the accounts that were to be run, as matrix printed them")
        .option("--run-id <id>", "the run that all must be of (default: the matrix's)", runId)
        .addOption(
          new Option("--command <name>", "the command that all must be of (default: theirs)").choices([
            "plan",
            "apply",
            "drift",
          ]),
        )
        .action(act(async () => (await import("./merge.ts")).merge)),
  };
}
