import type { Command, Option } from "commander";
import { TUNNEL_KINDS } from "../../tunnels/tunnel-row.ts";
import type { Run } from "../command.ts";
import type { Io } from "../io.ts";
import { readDesiredState } from "../planning/make-plan.ts";
import { EXIT, type ExitCode } from "../user-error.ts";
import { SCRIPTS } from "./completion-scripts.ts";
import type { Shell } from "./shells.ts";

/**
 * Prints the script that a shell is to read; or, for the `words` that are typed so far, what may stand in place of the
 * last one, a line each. Nothing where that is for the shell to say: the path of a file, free text.
 */
export async function completion(
  { printer, io }: Run,
  program: Command,
  shell: Shell,
  words: readonly string[],
): Promise<ExitCode> {
  if (words.length === 0) {
    printer.result(SCRIPTS[shell]);
    return EXIT.done;
  }
  // PowerShell drops an empty word, so its script quotes it.
  const current = (words.at(-1) ?? "").replace(/^""$/, "");
  const found = await candidates(words.slice(0, -1), current, program, io);
  // Names that would need quotes are left out: no shell is given anything to interpret.
  const plain = found.filter((word) => word.startsWith(current) && /^[\w./@:+-]+$/.test(word));
  printer.result(plain.map((word) => `${word}\n`).join(""));
  return EXIT.done;
}

async function candidates(
  before: readonly string[],
  current: string,
  program: Command,
  io: Io,
): Promise<readonly string[]> {
  const [name, ...given] = before;
  const command = program.commands.find((each) => each.name() === name);
  if (command !== undefined && command.commands.some((each) => each.name() === given[0])) {
    return candidates(given, current, command, io);
  }
  if (name === undefined) {
    const commands = program.commands.map((command) => command.name());
    return current.startsWith("-") ? optionsOf(program) : [...commands, "help"];
  }
  if (command === undefined) {
    return [];
  }
  const option = optionAt(given.at(-1), command);
  if (option !== undefined) {
    const { argChoices = [], long } = option;
    return long === "--target" || long === "--tunnel" ? declared(given, long, io) : argChoices;
  }
  if (current.startsWith("-")) {
    return optionsOf(command);
  }
  if (given.length === 0 && command.commands.length > 0) {
    return command.commands.map((each) => each.name());
  }
  const [argument] = command.registeredArguments;
  const isFirst = given.every(
    (word, at) => word.startsWith("-") || optionAt(given[at - 1], command) !== undefined,
  );
  if (argument === undefined || !isFirst) {
    return [];
  }
  return argument.name() === "tunnel" ? declared(given, "tunnel", io) : (argument.argChoices ?? []);
}

function optionsOf(command: Command): readonly string[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long }) => (long === undefined || long === null ? [] : [long]));
}

/** The option whose value comes after this word. */
function optionAt(word: string | undefined, { options }: Command): Option | undefined {
  return word === undefined
    ? undefined
    : options.find(({ required, long, short }) => required && (word === long || word === short));
}

/** What the files declare, in the form that is asked for; nothing where they cannot be read. */
async function declared(
  given: readonly string[],
  as: "--target" | "--tunnel" | "tunnel",
  io: Io,
): Promise<readonly string[]> {
  const file = given.filter((_, at) => ["-f", "--file"].includes(given[at - 1] ?? ""));
  try {
    const { entries } = await readDesiredState(
      { file: file.filter((path) => path !== "-"), anyAccount: true },
      io,
    );
    const isTunnel = (kind: string) => TUNNEL_KINDS.some((tunnel) => tunnel === kind);
    return entries
      .filter(({ kind }) => as === "--target" || isTunnel(kind))
      .map(({ kind, name }) => (as === "--tunnel" ? name : `${kind}/${name}`));
  } catch {
    // Nobody reads a message in the middle of a word.
    return [];
  }
}
