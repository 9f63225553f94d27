import { Command, CommanderError, type Option, type OptionValues } from "commander";
import type { ApplyOptions } from "./commands/apply.ts";
import packageJson from "../../package.json" with { type: "json" };
import { tellingInput } from "./terminal/telling-input.ts";
import { createWaiting } from "./terminal/waiting.ts";
import { createPrinter } from "./terminal/printer.ts";
import type { Io } from "./io.ts";
import {
  addApiOptions,
  addBaseOption,
  COMMON,
  addConsentOption,
  addFileOptions,
  addOutputOptions,
  addPlanningOptions,
  addSummaryOnly,
  type ApiOptions,
  type OutputOptions,
  collect,
  wholeNumber,
} from "./args/options.ts";
import { addExamples } from "./args/examples.ts";
import { fleetCommands } from "./fleet/commands.ts";
import { firstUseCommands } from "./first-use/commands.ts";
import { refuseBadValues } from "./args/option-values.ts";
import { sandboxCommand } from "./sandbox/commands.ts";
import { createStamping, type StampOptions } from "./planning/stamping.ts";
import type { Act, Define, Run, Work } from "./command.ts";
import { tunnelCommands } from "./tunnel-commands.ts";
import { EXIT, type ExitCode, UserError } from "./user-error.ts";

/** Understands one command line and does what it says. Never throws. */
export async function runProgram(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  const printer = createPrinter(io);
  const [name = ""] = argv;
  const stamping = createStamping(
    name,
    () => program.commands.find((command) => command.name() === name)?.opts<StampOptions>() ?? {},
    io.env,
  );
  const program = createProgram(name, { io, printer, stamping }, (code) => {
    exitCode = code;
  });
  for (const command of program.commands.flatMap((each) => [each, ...each.commands])) {
    refuseBadValues(command, argv);
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) {
      return EXIT.done;
    }
    const { reportError } = await import("./terminal/report-error.ts");
    return reportError(error, argv, printer, { stop: io.stop, stamping });
  }
}

/**
 * The command line: every command, option and help text; or one command alone, where the line begins with its name,
 * which says the same in a fraction of the time. A command's own code is loaded only when it is called, so that
 * `--help` loads none of it.
 */
function createProgram(
  first: string,
  context: Pick<Run, "io" | "printer" | "stamping">,
  end: (code: ExitCode) => void,
): Command {
  const { io, printer } = context;
  const program = new Command("warren")
    .description("Cloudflare Tunnels as code, without a state file")
    .version(packageJson.version)
    .exitOverride()
    // What stands behind a command's name is that command's: one below another may have an option of the same name.
    .enablePositionalOptions()
    .configureHelp({ optionDescription: describeOption, groupItems: commonLast })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // `run` prints errors, in the form that was asked for.
      outputError: () => {},
      getOutHelpWidth: () => io.stdout.columns ?? 80,
      getErrHelpWidth: () => io.stderr.columns ?? 80,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText("after", EXIT_CODES);

  const action: Act = <Options extends OptionValues>(
    load: (run: Run<Options>, ...args: string[]) => Promise<Work<Options>>,
  ) =>
    async function (this: Command): Promise<void> {
      checkTogether(this);
      if (this.opts<Partial<OutputOptions>>().quiet === true) {
        printer.silenceNotes();
      }
      const waiting = createWaiting(printer, io);
      const run = { options: this.opts<Options>(), ...context, io: tellingInput(io, waiting), waiting };
      const work = await load(run, ...this.args);
      end(await work(run, ...this.args));
    };

  const definitions: { readonly [name: string]: Define } = {
    validate: (command) =>
      addOutputOptions(addFileOptions(command), ["json"])
        .description("check the files, offline")
        .option("--strict", "count warnings as errors", false)
        .option("--allow <code>", "not this warning; repeat it for several", collect, [])
        .action(action(async () => (await import("./commands/validate.ts")).validate)),
    explain: (command) =>
      addOutputOptions(
        addApiOptions(addFileOptions(command.argument("<url>", "a URL, a host, or an address"))),
        ["json"],
      )
        .description("say which rule serves a URL, or which route an address, and why, offline")
        .option("--live", "say the same of the account, and where it differs", false)
        .option("--tunnel <name>", "by the rules of this tunnel (default: the only one that has rules)")
        .option("--expect <service>", "fail where another service serves it")
        .action(action(async () => (await import("./commands/explain.ts")).explainCommand)),
    plan: (command) =>
      addOutputOptions(addSummaryOnly(addBaseOption(addPlanningOptions(command))), ["json", "markdown"])
        .description("read the account and show what apply would do")
        .option("--detailed-exitcode", "exit with 2 when there are changes", false)
        .option("-o, --out <file>", "save the plan to this file, for apply")
        .action(action(async () => (await import("./commands/plan.ts")).planCommand)),
    apply: (command) =>
      addOutputOptions(addConsentOption(addPlanningOptions(command)), ["json", "markdown"])
        .argument("[plan]", "a plan that plan --out saved: applied without asking, or refused")
        .description("plan, ask, apply, verify; or apply a saved plan")
        .option(
          "--rollout-timeout <seconds>",
          "how long connectors have for a new configuration; 0 asks none",
          wholeNumber(0, 86_400),
          60,
        )
        .action(
          action(async (_: Run<ApplyOptions>, plan?: string) =>
            plan === undefined
              ? (await import("./commands/apply.ts")).apply
              : (await import("./commands/apply-saved.ts")).applySaved,
          ),
        ),
    "show-plan": (command) =>
      addOutputOptions(addSummaryOnly(command.argument("<plan>", "a plan that plan --out saved")), [
        "json",
        "markdown",
      ])
        .description("show a saved plan, offline")
        .option("--show-unmanaged", "list what no entry mentions", false)
        .option("--reasons", "say why each change is made, and not only where it is not plain", false)
        .action(action(async () => (await import("./commands/show-plan.ts")).showSavedPlan)),
    drift: (command) =>
      addOutputOptions(addSummaryOnly(addBaseOption(addPlanningOptions(command))), ["json", "markdown"])
        .description("as plan, for schedules: exit with 2 when the account differs from the files")
        .option("--rollout", "ask each connector for its configuration: one that is behind differs", false)
        .option("--metrics <file>", "write counts to this file, for Prometheus (a node exporter's textfile)")
        .action(action(async () => (await import("./commands/plan.ts")).drift)),
    ...tunnelCommands(action),
    ...fleetCommands(action),
    ...firstUseCommands(action, () => createProgram("", context, end)),
    sandbox: (command) => sandboxCommand(command, action),
    schema: (command) =>
      command
        .description("print the JSON Schema of the file")
        .action(action(async () => (await import("./commands/schema.ts")).printSchema)),
  };
  const isNamed = Object.hasOwn(definitions, first);
  for (const [name, define] of Object.entries(definitions)) {
    if (!isNamed || name === first) {
      addExamples(define(program.command(name)), name);
    }
  }
  return program;
}

/** Throws `UserError` for options that make no sense together, in any command that has them. */
function checkTogether(command: Command): void {
  const { json, format, sandbox } = command.opts<Partial<ApiOptions>>();
  if (json === true && format !== "json") {
    throw new UserError("usage", `--json and --format ${String(format)} contradict each other.`);
  }
  if (sandbox === false && command.getOptionValueSource("state") === "cli") {
    throw new UserError(
      "usage",
      "--state is where the embedded sandbox keeps its state, so it needs --sandbox. Without that, the account itself is meant.",
    );
  }
}

/** Groups of the help as commander makes them, what all commands share coming last. */
function commonLast<Item extends Command | Option>(
  _: Item[],
  visible: Item[],
  groupOf: (item: Item) => string,
): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of visible) {
    groups.set(groupOf(item), [...(groups.get(groupOf(item)) ?? []), item]);
  }
  const common = groups.get(COMMON);
  groups.delete(COMMON);
  return common === undefined ? groups : groups.set(COMMON, common);
}

/** Says a default only where it is more than "nothing". */
function describeOption({ description, argChoices, defaultValue }: Option): string {
  const plain = typeof defaultValue === "string" || typeof defaultValue === "number";
  const extra = [
    ...(argChoices === undefined ? [] : [argChoices.join(", ")]),
    ...(plain ? [`default: ${defaultValue}`] : []),
  ];
  return extra.length === 0 ? description : `${description} (${extra.join("; ")})`;
}

const EXIT_CODES = `
Exit codes:
  0    done, nothing to do, or a plan was made
  1    failed: a bad file or option, credentials, the API, or a change that failed or could not be verified
  2    differences (drift; plan --detailed-exitcode); a tunnel that is not healthy (status)
  3    refused, and nothing was changed
  130  interrupted

Environment: CLOUDFLARE_API_TOKEN (or CLOUDFLARE_API_KEY and CLOUDFLARE_EMAIL), CLOUDFLARE_ACCOUNT_ID,
CLOUDFLARE_BASE_URL, HTTPS_PROXY, NO_PROXY, NO_COLOR, FORCE_COLOR`;
