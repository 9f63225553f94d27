import { CommanderError } from "commander";
import { createPrinter } from "./printer.ts";
import type { Io } from "./io.ts";
import { createProgram } from "./program.ts";
import { EXIT, type ExitCode } from "./user-error.ts";

/** Runs one command line. Never throws: whatever goes wrong is printed and ends in the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  const printer = createPrinter(io);
  const program = createProgram(io, printer, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) {
      return EXIT.done;
    }
    const { reportError } = await import("./report-error.ts");
    return reportError(error, argv, printer);
  }
}
