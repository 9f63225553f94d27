import { resolve } from "node:path";
import { Secret } from "../../base/secret.ts";
import { serveSandbox } from "../../simulator/serve.ts";
import type { Run } from "../command.ts";
import { EXIT, type ExitCode } from "../user-error.ts";
import { explainSandbox } from "./explain-sandbox.ts";

export interface ServeOptions {
  readonly port: number;
  readonly state?: string;
  /** Zones that the account is to have. */
  readonly zone: readonly string[];
  /** Milliseconds that each request waits. */
  readonly delay: number;
}

/** Serves the simulator until it is interrupted. Its first line of output tells a program where and with what. */
export async function serve(run: Run<ServeOptions>): Promise<ExitCode> {
  const { options, printer, io } = run;
  const { port, state, zone, delay } = options;
  const server = await explainSandbox(() =>
    serveSandbox({
      port,
      switches: { delay_ms: delay },
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
