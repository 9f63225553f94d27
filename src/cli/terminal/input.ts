import type { Io } from "../io.ts";
import type { Waiting } from "./waiting.ts";

/**
 * Standard input, as `Io` has it. Node opens the stream at the first look at it, so `stdin` is called late. Ctrl-C while
 * a question stands aborts `stop`, since the terminal gives it to the question, and not to the process.
 */
export function openInput(
  stdin: () => NodeJS.ReadStream,
  stderr: NodeJS.WritableStream,
  stop: AbortController,
): Io["stdin"] {
  return {
    get isTTY() {
      // Node leaves it undefined, whatever the types say, where there is no terminal.
      return stdin().isTTY ?? false;
    },
    read: (most) => read(stdin(), most),
    ask: (question) => ask(question, stdin(), stderr, stop),
  };
}

/**
 * The same process, where what comes through a pipe says what is waited for. At a terminal somebody types, and knows.
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
  return Object.create(io, { stdin: { value: stdin } }) as Io;
}

async function read(stdin: NodeJS.ReadStream, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    size += bytes.length;
    if (size > most) {
      break;
    }
  }
  return Buffer.concat(chunks, size);
}

async function ask(
  question: string,
  input: NodeJS.ReadStream,
  output: NodeJS.WritableStream,
  stop: AbortController,
): Promise<string | null> {
  // Loaded when it is needed: most runs ask nothing.
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input, output });
  lines.on("SIGINT", () => stop.abort());
  try {
    // `question` alone would wait for ever on an input that has ended, or on a terminal that has gone.
    const ended = new Promise<null>((resolve) => {
      lines.once("close", () => resolve(null));
      lines.on("error", () => resolve(null));
    });
    return await Promise.race([lines.question(question, { signal: stop.signal }), ended]);
  } catch {
    return null;
  } finally {
    lines.close();
  }
}
