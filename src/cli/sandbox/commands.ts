import type { Command } from "commander";
import { addApiOptions, addOutputOptions, collect, wholeNumber } from "../args/options.ts";
import { nearest } from "../../base/spelling.ts";
import type { Act, Run } from "../command.ts";
import { UserError } from "../user-error.ts";
import type { ServeOptions } from "./serve.ts";

/** `sandbox`, which serves one, and what is said to one that is served. */
export function sandboxCommand(command: Command, act: Act): Command {
  command
    .description("serve a local Cloudflare Tunnel API, to try everything without an account")
    .option("--port <n>", "the port on 127.0.0.1; 0 takes a free one", wholeNumber(0, 65_535), 0)
    .option("--state <file>", "keep the state in this file (default: in memory only)")
    .option(
      "--zone <name>",
      "a zone that the account is to have; repeat it for several (default: example.com and example.net)",
      collect,
      [],
    )
    .option("--delay <ms>", "let each request wait so long, as a network does", wholeNumber(0, 60_000), 0)
    .allowExcessArguments()
    .action(
      act(async (_: Run<ServeOptions>, word?: string) => {
        if (word !== undefined) {
          const known = command.commands.map((each) => each.name());
          const near = nearest(word, known) ?? known.join(", ");
          throw new UserError("usage", `unknown command 'sandbox ${word}'\n(Did you mean ${near}?)`);
        }
        return (await import("./serve.ts")).serve;
      }),
    );
  command
    .command("env")
    .description("print the variables that lead a shell to the sandbox on a port, for eval")
    .option("--port <n>", "the port that it was given", wholeNumber(1, 65_535), 8_787)
    .action(act(async () => (await import("./env.ts")).env));
  addOutputOptions(addApiOptions(command.command("connect").argument("<tunnel>", TUNNEL)), ["json"])
    .description("let a connector of the tunnel appear, which lives until it is stopped")
    .option("--connections <n>", "how many of its four connections stand", wholeNumber(1, 4), 4)
    .action(act(async () => (await import("./connectors.ts")).connect));
  addOutputOptions(addApiOptions(command.command("disconnect").argument("<tunnel>", TUNNEL)), ["json"])
    .description("stop the tunnel's connectors")
    .option("--connector <id>", "this one alone")
    .action(act(async () => (await import("./connectors.ts")).stop));
  return command;
}

const TUNNEL = "kind/name, a name, or an id";
