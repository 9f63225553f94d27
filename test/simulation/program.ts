import type { Io, Output } from "../../src/cli/io.ts";
import { run } from "../../src/cli/run.ts";
import type { ExitCode } from "../../src/cli/user-error.ts";
import { drawFrom } from "./draw.ts";
import { clockOf, type Network } from "./network.ts";
import type { Sender } from "./sender.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** Where the program runs, and finds its files. */
export const FOLDER = "/work";
export const ACCOUNT = "0123456789abcdef0123456789abcdef";
export const TOKEN = "SimulatedTokenThatMustNeverBePrinted0001";

/** A run of the program that is over. */
export interface Ended {
  readonly sender: Sender;
  readonly exit: ExitCode | "died" | "hangs";
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly argv: readonly string[];
  /** What standard input holds. */
  readonly input: string;
  readonly env: { readonly [variable: string]: string };
  readonly network: Network;
  readonly clock: VirtualClock;
  readonly seed: number;
  /** Resolves when nothing can go on any more. */
  readonly stuck: Promise<void>;
}

/** Runs the whole program, its command line included, on the simulated network, clock and terminal. */
export async function runProgram(sender: Sender, options: ProgramOptions): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  const draw = drawFrom(options.seed, sender.name);
  const { consent } = sender;
  const isTTY = consent.by === "answer";
  const clock = clockOf(sender, options.clock);
  const output = (write: (text: string) => void): Output => ({ write, isTTY, columns: null });
  const io: Io = {
    stdout: output((text) => {
      stdout += text;
      sender.output += text;
    }),
    stderr: output((text) => {
      stderr += text;
    }),
    stdin: {
      isTTY,
      read: async () => Buffer.from(options.input),
      ask: async () => {
        if (consent.by !== "answer") {
          return null;
        }
        await clock.sleep(consent.after, sender.stop.signal);
        if (sender.stop.signal.aborted) {
          return null;
        }
        consent.meanwhile();
        if (consent.answer?.trim() === "yes") {
          sender.shown = stdout + stderr;
        }
        return consent.answer;
      },
    },
    env: { CLOUDFLARE_API_TOKEN: TOKEN, CLOUDFLARE_ACCOUNT_ID: ACCOUNT, NO_COLOR: "1", ...options.env },
    cwd: FOLDER,
    clock,
    random: () => draw.fraction(),
    stop: sender.stop.signal,
    abort: sender.abort.signal,
    network: { fetch: options.network.fetchOf(sender), nextTurn: async () => {} },
  };
  const exit = await Promise.race([
    run(options.argv, io),
    sender.died.then(() => "died" as const),
    options.stuck.then(() => "hangs" as const),
  ]);
  return { sender, exit, stdout, stderr };
}
