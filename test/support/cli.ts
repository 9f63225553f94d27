import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { expect, onTestFinished } from "vitest";
import { type Clock, systemClock } from "../../src/base/clock.ts";
import type { Io, Output } from "../../src/cli/io.ts";
import { run } from "../../src/cli/run.ts";
import type { ExitCode } from "../../src/cli/user-error.ts";
import { type Sandbox, type SandboxOptions, serveSandbox } from "../../src/simulator/serve.ts";
import { flawOf } from "./documents.ts";

export interface CliOptions {
  /** The whole environment: nothing of the test's own process is seen. */
  readonly env?: { readonly [name: string]: string | undefined };
  /** What can be read from standard input; on a terminal, its lines are the answers to questions. */
  readonly stdin?: string;
  /** Whether all three streams are a terminal, of `columns` characters; or which of them are. */
  readonly tty?: boolean | { readonly [stream in "stdin" | "stdout" | "stderr"]?: boolean };
  readonly columns?: number;
  /** Where the command runs; without it in a new, empty folder that is gone when the test ends. */
  readonly cwd?: string;
  /** Written below `cwd` before the command runs. */
  readonly files?: { readonly [path: string]: string };
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly stop?: AbortSignal;
  readonly abort?: AbortSignal;
  /** Told of everything that is written to either stream, as it is written. */
  readonly onOutput?: (text: string) => void;
}

export interface CliResult {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process, as `warren` does with the machine's own streams. */
export async function runCli(argv: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const { env = {}, stdin = "", tty = false, columns = 100, files = {}, onOutput } = options;
  const cwd = options.cwd ?? temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(resolve(cwd, path)), { recursive: true });
    writeFileSync(resolve(cwd, path), text);
  }
  const written = { stdout: "", stderr: "" };
  const isTTY = (stream: "stdin" | "stdout" | "stderr") =>
    typeof tty === "boolean" ? tty : (tty[stream] ?? false);
  const output = (stream: keyof typeof written): Output => ({
    write: (text) => {
      written[stream] += text;
      onOutput?.(text);
    },
    isTTY: isTTY(stream),
    columns: isTTY(stream) ? columns : null,
  });
  const stdout = output("stdout");
  const stderr = output("stderr");
  const answers = stdin.split("\n");
  const io: Io = {
    stdout,
    stderr,
    stdin: {
      isTTY: isTTY("stdin"),
      read: async () => Buffer.from(stdin),
      ask: async (question) => {
        stderr.write(question);
        return answers.shift() ?? null;
      },
    },
    env,
    cwd,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    stop: options.stop ?? new AbortController().signal,
    abort: options.abort ?? new AbortController().signal,
  };
  const code = await run(argv, io);
  if (argv.includes("--json") && written.stdout !== "") {
    // Every document that any test of any command sees.
    expect(flawOf(written.stdout)).toBeNull();
    const [command = ""] = argv;
    if (["plan", "apply", "drift"].includes(command)) {
      expect(JSON.parse(written.stdout)).toMatchObject({
        command,
        made_from: { base: expect.toSatisfy(isListOrNull) },
      });
    }
  }
  return { code, ...written };
}

function isListOrNull(value: unknown): boolean {
  return value === null || Array.isArray(value);
}

/** A folder that is gone when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "warren-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A sandbox on a real port, closed when the test ends, with the environment that leads a command to it. */
export async function servedSandbox(
  options: SandboxOptions = {},
): Promise<Sandbox & { readonly env: { readonly [name: string]: string } }> {
  const sandbox = await serveSandbox(options);
  onTestFinished(() => sandbox.close());
  return { ...sandbox, env: environmentFor(sandbox) };
}

/** What leads a command to a sandbox, with its all-powerful token or another one. */
export function environmentFor(
  { url, accountId, token }: Pick<Sandbox, "url" | "accountId" | "token">,
  apiToken = token,
): { readonly [name: string]: string } {
  return {
    CLOUDFLARE_BASE_URL: url,
    CLOUDFLARE_ACCOUNT_ID: accountId,
    CLOUDFLARE_API_TOKEN: apiToken,
  };
}
