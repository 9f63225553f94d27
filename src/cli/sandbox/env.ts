import { Secret } from "../../base/secret.ts";
import { SANDBOX_ACCOUNT_ID, SANDBOX_TOKEN } from "../../simulator/serve.ts";
import type { Run } from "../command.ts";
import type { Io } from "../io.ts";
import { EXIT, type ExitCode, UserError } from "../user-error.ts";
import { askSandbox } from "./control.ts";

/** How often a sandbox is looked for that has just been started: every tenth of a second, for five. */
const LOOKS = 50;

/** Prints the variables that lead a shell, and what it runs, to the sandbox on a port. */
export async function env({
  options,
  printer,
  io,
  waiting,
}: Run<{ readonly port: number }>): Promise<ExitCode> {
  const url = `http://127.0.0.1:${options.port}/client/v4`;
  await waiting.reading(`Waiting for a sandbox at ${url}`, untilServed(url, io));
  printer.secretResult(new Secret(SANDBOX_TOKEN), (token) =>
    [
      `export CLOUDFLARE_BASE_URL=${url}`,
      // Wrangler's name for it: one that led elsewhere would be an error.
      `export CLOUDFLARE_API_BASE_URL=${url}`,
      `export CLOUDFLARE_ACCOUNT_ID=${SANDBOX_ACCOUNT_ID}`,
      `export CLOUDFLARE_API_TOKEN=${token}\n`,
    ].join("\n"),
  );
  return EXIT.done;
}

async function untilServed(url: string, { clock, stop }: Io): Promise<void> {
  for (let look = 1; ; look += 1) {
    try {
      return await askSandbox(url, "GET", "switches");
    } catch (error) {
      if (!(error instanceof UserError) || look === LOOKS || stop.aborted) {
        throw error;
      }
    }
    await clock.sleep(100, stop);
  }
}
