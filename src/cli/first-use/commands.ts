import { Argument, type Command } from "commander";
import { addApiOptions, addFileOptions, addOutputOptions, quietOption } from "../args/options.ts";
import type { Act, Define } from "../command.ts";
import { type Shell, SHELLS } from "./shells.ts";

/** The commands of the first five minutes. `whole` gives the program with every command. */
export function firstUseCommands(act: Act, whole: () => Command): { readonly [name: string]: Define } {
  return {
    init: (command) =>
      addApiOptions(command.option("--from-account", "write what the account has, as export does", false))
        .description("write a first tunnels.yaml")
        .addOption(quietOption())
        .action(act(async () => (await import("./init.ts")).init)),
    doctor: (command) =>
      addOutputOptions(addApiOptions(addFileOptions(command)), ["json"])
        .description("look whether all is there that plan and apply need, and say what to do where it is not")
        .action(act(async () => (await import("./doctor.ts")).doctor)),
    completion: (command) =>
      command
        .description("print a script that makes a shell complete commands, options and names")
        .addArgument(new Argument("<shell>", "for which shell").choices(SHELLS))
        .argument("[words...]", "what is typed so far: print what may come, instead of the script")
        .action(
          act(async () => {
            const { completion } = await import("./completion.ts");
            return (run, shell, ...words) => completion(run, whole(), shell as Shell, words);
          }),
        ),
  };
}
