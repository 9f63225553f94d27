import packageJson from "../../package.json" with { type: "json" };
import type { Io } from "./io.ts";
import { EXIT, type ExitCode } from "./user-error.ts";

/** Runs one command line. Never throws: whatever goes wrong is printed and ends in the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const [first = "", ...others] = argv;
  // Asked by programs more than by people, over and over: it waits for no command line to be built.
  if (others.length === 0 && ["--version", "-V"].includes(first)) {
    io.stdout.write(`${packageJson.version}\n`);
    return EXIT.done;
  }
  const { runProgram } = await import("./program.ts");
  return runProgram(argv, io);
}
