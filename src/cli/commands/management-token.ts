import type { Run } from "../command.ts";
import { requestManagementToken } from "../../tunnels/api.ts";
import { tunnelFields } from "../../render/text/show.ts";
import type { ApiOptions } from "../args/options.ts";
import { withSession } from "../session/session.ts";
import { handOut, type TokenOptions, withOutFile } from "../tunnel/token-result.ts";
import { requireCfdTunnel, resolveTunnel, showTunnel } from "../tunnel/tunnel-argument.ts";
import { EXIT, type ExitCode } from "../user-error.ts";

export interface ManagementTokenOptions extends ApiOptions, TokenOptions {
  readonly resource: string;
}

/** Asks for a short-lived token that opens a cfd tunnel's log stream, and prints it alone. Changes nothing. */
export async function managementToken(run: Run<ManagementTokenOptions>, argument: string): Promise<ExitCode> {
  const { options, io } = run;
  const resources = [options.resource];
  return withOutFile(options, io, (file) =>
    withSession(run, async (session) => {
      const { client, accountId } = session;
      const request = async () => {
        const tunnel = await resolveTunnel(argument, session);
        requireCfdTunnel(tunnel, "Management tokens");
        return { tunnel, token: await requestManagementToken(client, tunnel.id, resources) };
      };
      const { tunnel, token } = await run.waiting.reading("Asking for the token", request());
      const what = `The management token of ${showTunnel(tunnel)}`;
      const of = { what, accountId, fields: { tunnel: tunnelFields(tunnel), resources } };
      await handOut(token, file, of, run);
      return EXIT.done;
    }),
  );
}
