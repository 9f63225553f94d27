import type { Io } from "../io.ts";
import type { Waiting } from "./waiting.ts";

/**
 * The same process, where what comes through a pipe, from a file or from git says what is waited for. At a terminal
 * somebody types, and knows.
 * What is asked for late, as the folder, is so still.
 */
export function tellingInput(io: Io, waiting: Pick<Waiting, "reading">): Io {
  const stdin: Io["stdin"] = {
    get isTTY() {
      return io.stdin.isTTY;
    },
    read: (most) => {
      const bytes = io.stdin.read(most);
      return io.stdin.isTTY ? bytes : waiting.reading("Reading standard input", bytes);
    },
    ask: (question) => io.stdin.ask(question),
  };
  // All else is inherited, which the type of `Object.create` does not say.
  return Object.create(io, { stdin: { value: stdin }, reading: { value: waiting.reading } }) as Io;
}
