import { type Command, InvalidArgumentError, type Option } from "commander";

/**
 * Makes every option of a command refuse a value that cannot be meant: an empty one, as an unset variable leaves it,
 * and the next option, which a value that was forgotten would swallow. `--name=-x` says that `-x` is meant.
 */
export function refuseBadValues(command: Command, argv: readonly string[]): void {
  for (const option of command.options.filter(({ required }) => required)) {
    const parse = option.parseArg?.bind(option);
    option.argParser((value: string, earlier: unknown) => {
      if (value === "") {
        throw new InvalidArgumentError("It is empty. Leave the option out, or give it a value.");
      }
      const parsed = parse === undefined ? value : parse(value, earlier);
      if (value.startsWith("-") && !isStandardInput(value, option) && isNextWord(value, option, argv)) {
        throw new InvalidArgumentError(`It begins with a dash, as options do. ${howToMeanIt(value, option)}`);
      }
      return parsed;
    });
  }
}

function howToMeanIt(value: string, { flags, long }: Option): string {
  return /<(?:file|path)/.test(flags)
    ? `For a file of that name write ./${value}`
    : `If it is meant, write ${long ?? ""}=${value}`;
}

function isStandardInput(value: string, { long }: Option): boolean {
  return value === "-" && ["--file", "--base"].includes(long ?? "");
}

/** Whether the value stands behind the option as a word of its own. */
function isNextWord(value: string, option: Option, argv: readonly string[]): boolean {
  return argv.some((word, at) => word === value && at > 0 && endsWithOption(argv[at - 1] ?? "", option));
}

/** `--out`, `-o`, or short options in one word of which it is the last: `-qo`. */
function endsWithOption(word: string, { long, short }: Option): boolean {
  return word === long || (short !== undefined && /^-[A-Za-z]+$/.test(word) && word.endsWith(short.slice(1)));
}
