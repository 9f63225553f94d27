#!/usr/bin/env node
import { systemClock } from "../base/clock.ts";
import type { Io, Output } from "./io.ts";
import { run } from "./run.ts";

const stop = new AbortController();
const abort = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (abort.signal.aborted) {
      process.exit(130);
    }
    (stop.signal.aborted ? abort : stop).abort();
  });
}

function output(stream: NodeJS.WriteStream): Output {
  // A reader that closes the pipe early (head, grep -q) is no failure of ours.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") {
      throw error;
    }
  });
  return {
    write: (text) => void stream.write(text),
    // Node leaves it undefined, whatever the types say, where there is no terminal.
    isTTY: stream.isTTY ?? false,
    // 0 where the terminal does not know its size.
    columns: stream.columns || null,
  };
}

// What only some runs need of Node is loaded when it is needed: `--version` and `--help` wait for none of it.

async function read(): Promise<Uint8Array> {
  const { buffer } = await import("node:stream/consumers");
  return buffer(process.stdin);
}

async function ask(question: string): Promise<string | null> {
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // On a terminal readline takes Ctrl-C for itself.
  lines.on("SIGINT", () => stop.abort());
  try {
    // `question` alone would wait for ever on an input that has ended.
    const ended = new Promise<null>((resolve) => {
      lines.once("close", () => resolve(null));
    });
    return await Promise.race([lines.question(question, { signal: stop.signal }), ended]);
  } catch {
    return null;
  } finally {
    lines.close();
  }
}

const io: Io = {
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  stdin: {
    // Asked for late: Node opens the stream at the first look at it.
    get isTTY() {
      return process.stdin.isTTY ?? false;
    },
    read,
    ask,
  },
  env: process.env,
  cwd: process.cwd(),
  clock: systemClock,
  random: Math.random,
  stop: stop.signal,
  abort: abort.signal,
};

process.exitCode = await run(process.argv.slice(2), io);
if (stop.signal.aborted) {
  // An interrupted reading may have left a request open; nobody waits for it.
  process.exit();
}
