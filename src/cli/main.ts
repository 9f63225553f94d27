#!/usr/bin/env node
import { systemClock } from "../base/clock.ts";
import { openInput } from "./terminal/input.ts";
import type { Io } from "./io.ts";
import { openOutput } from "./terminal/output.ts";
import { run } from "./run.ts";
import { EXIT, UserError } from "./user-error.ts";

const stop = new AbortController();
const abort = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (abort.signal.aborted) {
      process.exit(EXIT.interrupted);
    }
    (stop.signal.aborted ? abort : stop).abort();
  });
}
// The terminal has gone. Shell and system may both say so, which is no second Ctrl-C.
let hungUp = false;
process.on("SIGHUP", () => {
  hungUp = true;
  stop.abort();
});

const stdout = openOutput(process.stdout);
const stderr = openOutput(process.stderr);

const io: Io = {
  stdout,
  stderr,
  stdin: openInput(() => process.stdin, process.stderr, stop),
  env: process.env,
  // Asked for late: what needs no folder works without one.
  get cwd() {
    try {
      return process.cwd();
    } catch {
      throw new UserError("no_folder", "The current folder does not exist any more. Change to another one.");
    }
  },
  clock: systemClock,
  random: Math.random,
  stop: stop.signal,
  abort: abort.signal,
};

const exitCode = await run(process.argv.slice(2), io);
process.exitCode = exitCode;
for (const [name, stream] of Object.entries({ "standard output": stdout, "standard error": stderr })) {
  const error = await stream.flushed();
  if (error !== null) {
    process.exitCode = EXIT.failed;
    hungUp ||= stream.isTTY && error.code === "EIO";
    stderr.write(
      `error: Some of the output is lost: ${name} cannot be written (${error.code ?? "unknown"}).\n`,
    );
  }
}
if (hungUp) {
  // As the signal would have ended it. Node's own exit fails without the terminal that it began with.
  process.removeAllListeners("SIGHUP");
  process.kill(process.pid, "SIGHUP");
}
if (stop.signal.aborted) {
  await stderr.flushed();
  // An interrupted reading may have left a request open; nobody waits for it.
  process.exit();
}
