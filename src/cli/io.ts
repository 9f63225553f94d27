import type { Clock } from "../base/clock.ts";
import type { ClientOptions } from "../cloudflare/client.ts";

/** A stream that takes text. */
export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  /** In characters; null where nobody knows. */
  readonly columns: number | null;
}

/** Everything of the process that the program touches. Tests pass their own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: {
    readonly isTTY: boolean;
    /** All of it, to its end; of more than `most` bytes, the first `most` and at least one more. */
    read(most: number): Promise<Uint8Array>;
    /** One line, after the question was written to stderr; null when the input ends or the run is interrupted. */
    ask(question: string): Promise<string | null>;
  };
  readonly env: { readonly [name: string]: string | undefined };
  readonly cwd: string;
  readonly clock: Clock;
  /** From 0 up to 1. */
  random(): number;
  /** Aborted by the first SIGINT or SIGTERM, and by SIGHUP: what is under way ends, and nothing new begins. */
  readonly stop: AbortSignal;
  /** Aborted by the second SIGINT or SIGTERM: what is under way is cut, and reported as uncertain. */
  readonly abort: AbortSignal;
  /** Waits for what only reads, and tells whoever waits with it what for. Throws `Interrupted`. A command's own has it. */
  readonly reading?: <T>(what: string, work: Promise<T>) => Promise<T>;
  /** In place of the machine's own network. */
  readonly network?: Pick<ClientOptions, "fetch" | "nextTurn">;
}
