import { type Command, InvalidArgumentError, Option } from "commander";
import { ACCOUNT_NAME, RUN_ID } from "../../base/stamp.ts";

/** Where the embedded sandbox keeps its state unless `--state` says otherwise. */
export const DEFAULT_STATE = ".warren/sandbox.json";

/** Of every command that reads the YAML files. */
export interface FileOptions {
  readonly file: readonly string[];
}

/** Of every command that prints a result. */
export interface OutputOptions {
  readonly format: "text" | "json" | "markdown";
  readonly json?: boolean;
  readonly quiet: boolean;
}

/** Of every command that reaches the API. */
export interface ApiOptions extends OutputOptions {
  readonly accountId: string | null;
  readonly sandbox: boolean;
  readonly state: string;
  readonly concurrency: number;
  /** Seconds. */
  readonly timeout: number;
  /** Seconds. */
  readonly deadline?: number;
  readonly insecure: boolean;
  readonly verbose: boolean;
}

/** Of the commands that plan. */
export interface PlanningOptions extends FileOptions, ApiOptions {
  readonly target: readonly string[];
  readonly showUnmanaged: boolean;
  /** Gives the reason and the source of every change. */
  readonly reasons: boolean;
  /** Compare declared secrets with those that are in force. */
  readonly verifySecrets: boolean;
  /** One that cannot be compared makes the command fail. Implies `verifySecrets`. */
  readonly requireSecrets: boolean;
  /** Append the result as Markdown to the summary of a GitHub job. */
  readonly summary: boolean;
  readonly as?: string;
  readonly runId?: string;
}

export function addFileOptions(command: Command): Command {
  return command.option(
    "-f, --file <path>",
    "a YAML file, a folder or a glob; repeat it for several, `-` is standard input (default: tunnels.yaml, else tunnels.yml)",
    collect,
    [],
  );
}

/** What most commands share stands below this in the help, after a command's own options. */
export const COMMON = "Common options:";

function addCommon(command: Command, add: () => void): Command {
  const own = command.options.length;
  add();
  for (const option of command.options.slice(own)) {
    option.helpGroup(COMMON);
  }
  return command;
}

/** `formats` are those that the command can print beside text. */
export function addOutputOptions(command: Command, formats: readonly ("json" | "markdown")[]): Command {
  return addCommon(command, () =>
    command
      .addOption(
        new Option("--format <format>", "how to print the result")
          .choices(["text", ...formats])
          .default("text"),
      )
      .addOption(new Option("--json", "the same as --format json").implies({ format: "json" }))
      .addOption(quietOption()),
  );
}

export function quietOption(): Option {
  return new Option("-q, --quiet", "no progress and no notes on standard error")
    .default(false)
    .helpGroup(COMMON);
}

export function addApiOptions(command: Command): Command {
  return addCommon(command, () =>
    command
      .option(
        "--account-id <id>",
        "the account (default: the file's, or CLOUDFLARE_ACCOUNT_ID)",
        identity,
        null,
      )
      .option("--sandbox", "use the embedded sandbox instead of Cloudflare", false)
      .option("--state <file>", "where the embedded sandbox keeps its state", DEFAULT_STATE)
      .option("--concurrency <n>", "requests in flight at most", wholeNumber(1, 100), 8)
      .option("--timeout <seconds>", "time limit for one request, its answer included", seconds(3_600), 30)
      .option("--deadline <seconds>", "after so long begin no change and wait for nothing", seconds(86_400))
      .option("--insecure", "accept a base URL that is not https", false)
      .option("-v, --verbose", "show each request, its status and its time", false),
  );
}

export function addPlanningOptions(command: Command): Command {
  return addRunOptions(addApiOptions(addFileOptions(command)))
    .option("-t, --target <kind/name>", "only this entry; repeat it for several", collect, [])
    .option("--show-unmanaged", "list what no entry mentions", false)
    .option("--reasons", "say why each change is made, and not only where it is not plain", false)
    .option(
      "--verify-secrets",
      "compare declared secrets with those in force (needs permission to write)",
      false,
    )
    .addOption(
      new Option("--require-secrets", "the same, and fail where one cannot be compared")
        .default(false)
        .implies({ verifySecrets: true }),
    )
    .option("--summary", "append the result to the summary of a GitHub Actions job", false);
}

/** What a document is to say of itself. */
function addRunOptions(command: Command): Command {
  return addCommon(command, () =>
    command
      .option("--as <name>", "the account's name in its fleet, for JSON", accountName)
      .option("--run-id <id>", "the run that this belongs to, for JSON (default: the CI's own)", runId),
  );
}

/** Of the commands that show a plan and make none true. */
export function addSummaryOnly(command: Command): Command {
  return command.option(
    "--summary-only",
    "say how many changes of each kind there are, and nothing of what they hold",
    false,
  );
}

export function addBaseOption(command: Command): Command {
  return command.option(
    "--base <path|git-ref:path>",
    "what the files said before, a file or a folder: tells this change from drift; repeat it for several",
    collect,
    [],
  );
}

export function addConsentOption(command: Command): Command {
  return command
    .option("-y, --yes", "do not ask (also spelled --auto-approve)", false)
    .addOption(new Option("--auto-approve", "the same as --yes").implies({ yes: true }).hideHelp());
}

/** Gathers the values of an option that may be repeated. */
export function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

/** Parses the name of an account in a fleet. */
export function accountName(value: string): string {
  return matching(value, ACCOUNT_NAME, "It must be 1 to 63 of a-z, 0-9 and -.");
}

/** Parses the id of a CI's run. */
export function runId(value: string): string {
  return matching(value, RUN_ID, "It must be 1 to 200 letters, digits and any of _ . : @ / + -.");
}

function matching(value: string, pattern: RegExp, what: string): string {
  if (!pattern.test(value)) {
    throw new InvalidArgumentError(what);
  }
  return value;
}

function identity(value: string): string {
  return value;
}

/** A parser for whole numbers in a range. */
export function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}

function seconds(most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+(\.\d+)?$/.test(value) || number <= 0 || number > most) {
      throw new InvalidArgumentError(`It must be a number of seconds above 0, up to ${most}.`);
    }
    return number;
  };
}
