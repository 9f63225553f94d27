import type { Run } from "../command.ts";
import { resolve } from "node:path";
import { Secret } from "../../base/secret.ts";
import { serveSandbox } from "../../simulator/serve.ts";
import { explainSandbox } from "../session/explain-sandbox.ts";
import { EXIT, type ExitCode } from "../user-error.ts";

export interface SandboxOptions {
  readonly port: number;
  readonly state?: string;
  /** Zones that the account is to have. */
  readonly zone: readonly string[];
}

/** Serves the simulator until it is interrupted. Its first line of output tells a program where and with what. */
export async function sandbox(run: Run<SandboxOptions>): Promise<ExitCode> {
  const { options, printer, io } = run;
  const { port, state, zone } = options;
  const server = await explainSandbox(() =>
    serveSandbox({
      port,
      ...(state === undefined ? {} : { stateFile: resolve(io.cwd, state) }),
      ...(zone.length === 0 ? {} : { zones: zone }),
    }),
  );
  const { url, accountId: account_id, token, email, key } = server;
  // Not `result`, which would hide the token where the environment holds it already.
  printer.secretResult(
    new Secret(token),
    (token) => `${JSON.stringify({ url, account_id, token, email, key })}\n`,
  );
  await new Promise<void>((done) => {
    if (io.stop.aborted) {
      done();
    }
    io.stop.addEventListener("abort", () => done());
  });
  await explainSandbox(() => server.close());
  // Being interrupted is how this command ends, so it is no failure.
  return EXIT.done;
}
