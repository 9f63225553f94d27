import type { Run } from "../command.ts";
import { readRunToken } from "../../tunnels/api.ts";
import { tunnelFields } from "../../render/text/show.ts";
import type { ApiOptions } from "../args/options.ts";
import { withSession } from "../session/session.ts";
import {
  handOut,
  type TokenOptions as OutOptions,
  UNKNOWN_FORM,
  withOutFile,
} from "../tunnel/token-result.ts";
import { resolveTunnel, showTunnel } from "../tunnel/tunnel-argument.ts";
import { EXIT, type ExitCode } from "../user-error.ts";

export interface TokenOptions extends ApiOptions, OutOptions {}

/** Prints the token that a tunnel's connectors run on: it alone, so that a shell or a secret store can take it. */
export async function token(run: Run<TokenOptions>, argument: string): Promise<ExitCode> {
  const { options, printer, io, waiting } = run;
  return withOutFile(options, io, (file) =>
    withSession(run, async (session) => {
      const { client, accountId } = session;
      const read = async () => {
        const tunnel = await resolveTunnel(argument, session);
        return { tunnel, ...(await readRunToken(client, tunnel)) };
      };
      const { tunnel, token, secret } = await waiting.reading("Reading the token", read());
      if (secret === null) {
        printer.note(UNKNOWN_FORM);
      }
      const what = `The token of ${showTunnel(tunnel)}`;
      const of = { what, accountId, fields: { tunnel: tunnelFields(tunnel) } };
      await handOut(token, file, of, run);
      return EXIT.done;
    }),
  );
}
