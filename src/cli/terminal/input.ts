import type { Io } from "../io.ts";

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
