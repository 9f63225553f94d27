#!/usr/bin/env node
import { systemClock } from "../base/clock.ts";
import { openInput } from "./input.ts";
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
    columns: stream.columns ?? null,
  };
}

const io: Io = {
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  stdin: openInput(() => process.stdin, process.stderr, stop),
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
