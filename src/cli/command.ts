import type { Command, OptionValues } from "commander";
import type { Io } from "./io.ts";
import type { Printer } from "./terminal/printer.ts";
import type { Waiting } from "./terminal/waiting.ts";
import type { Stamping } from "./planning/stamping.ts";
import type { ExitCode } from "./user-error.ts";

/** What one run of a command works with. */
export interface Run<Options = unknown> {
  readonly options: Options;
  readonly printer: Printer;
  readonly io: Io;
  readonly waiting: Waiting;
  /** What the run's documents say of themselves. */
  readonly stamping: Stamping;
}

/** Gives a command its options, its help text and its work. */
export type Define = (command: Command) => Command;

/** A command's work, which is given the command's arguments as they were written. */
export type Work<Options> = (run: Run<Options>, ...args: string[]) => Promise<ExitCode>;

/** Makes a command's work, loaded only now that it is called, what the command does. */
export type Act = <Options extends OptionValues>(
  load: (run: Run<Options>, ...args: string[]) => Promise<Work<Options>>,
) => (this: Command) => Promise<void>;
