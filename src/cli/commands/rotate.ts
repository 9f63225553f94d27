import type { Run } from "../command.ts";
import { randomBytes } from "node:crypto";
import { Secret } from "../../base/secret.ts";
import type { SecretReference } from "../../engine/model/resource.ts";
import { readConnectors } from "../../tunnels/api.ts";
import type { Connector, ManagedTunnel } from "../../tunnels/tunnel-row.ts";
import { tunnelSecretFlaw } from "../../kinds/tunnel/tunnel-secret.ts";
import { count } from "../../render/words/cut.ts";
import { requireConsent } from "../planning/consent.ts";
import { findDeclaredSecret } from "../tunnel/declared-secret.ts";
import { findFiles } from "../files/find-files.ts";
import type { FileOptions } from "../args/options.ts";
import { requireOwnFile } from "../files/not-an-input.ts";
import { carryOutRotation, type FollowUpOptions, type RotationTask } from "../tunnel/rotation.ts";
import { describeReference, readSecrets } from "../planning/secrets.ts";
import { type Session, withSession } from "../session/session.ts";
import { type TokenOptions, withOutFile } from "../tunnel/token-result.ts";
import { requireCfdTunnel, resolveTunnel, showTunnel } from "../tunnel/tunnel-argument.ts";
import type { ExitCode } from "../user-error.ts";

export interface RotateOptions extends FollowUpOptions, FileOptions, TokenOptions {
  readonly secretEnv?: string;
  readonly secretFile?: string;
  readonly yes: boolean;
}

/**
 * Puts a new secret in the place of a tunnel's old one: id, name and routes stay. Hands out the new token, then cuts
 * the old connections and watches the connectors, if that was asked for.
 */
export async function rotate(run: Run<RotateOptions>, argument: string): Promise<ExitCode> {
  const { options, io } = run;
  await requireOwnFile(
    options.out,
    [
      ...(await findFiles(options.file, io)),
      ...(options.secretFile === undefined ? [] : [options.secretFile]),
    ],
    io,
  );
  const reference = givenReference(options);
  const secret = await newSecret(reference, run);
  return withOutFile(options, io, (file) =>
    withSession(run, async (session) => {
      const { tunnel, connectors } = await run.waiting.reading(
        "Reading the tunnel",
        look(argument, options, session),
      );
      await tellWhatIsDeclared(tunnel, reference, run);
      tellWhatItMeans(tunnel, connectors, run);
      const { accountId } = session;
      await requireConsent(
        `Replace the secret of ${showTunnel(tunnel)} (${tunnel.id}) in account ${accountId}?`,
        { yes: options.yes, stdinTaken: options.file.includes("-") },
        session,
        io,
      );
      return carryOutRotation({ tunnel, connectors, secret, file }, session, run);
    }),
  );
}

function givenReference({ secretEnv, secretFile }: RotateOptions): SecretReference | null {
  if (secretEnv !== undefined) {
    return { env: secretEnv };
  }
  return secretFile === undefined ? null : { file: secretFile };
}

async function newSecret(reference: SecretReference | null, run: Run): Promise<Secret> {
  if (reference === null) {
    const secret = new Secret(randomBytes(32).toString("base64"));
    run.printer.hide(secret);
    return secret;
  }
  const values = await readSecrets([{ reference, flaw: tunnelSecretFlaw }], run);
  return values(reference);
}

async function look(
  argument: string,
  { disconnect, wait }: RotateOptions,
  session: Session,
): Promise<Pick<RotationTask, "tunnel" | "connectors">> {
  const tunnel = await resolveTunnel(argument, session);
  if (disconnect) {
    requireCfdTunnel(tunnel, "--disconnect");
  }
  if (wait !== undefined) {
    requireCfdTunnel(tunnel, "--wait");
  }
  return { tunnel, connectors: await readConnectors(session.client, tunnel) };
}

async function tellWhatIsDeclared(
  tunnel: ManagedTunnel,
  given: SecretReference | null,
  { options, printer, io }: Run<RotateOptions>,
): Promise<void> {
  const declared = await findDeclaredSecret(tunnel, options, io);
  switch (declared.found) {
    case "nothing":
      return;
    case "problems":
      printer.note(
        "The file here has errors or cannot be read, so nobody looked whether it declares this secret. See warren validate.",
      );
      return;
    case "reference": {
      const { reference, entry } = declared;
      const { file, line } = entry.source;
      if (given === null || describeReference(given) !== describeReference(reference)) {
        printer.note(
          `${file}:${line} declares the secret of ${showTunnel(tunnel)} (${describeReference(reference)}): apply --verify-secrets would put that one back, unless the new secret is stored there, too.`,
        );
      }
    }
  }
}

function tellWhatItMeans(
  tunnel: ManagedTunnel,
  connectors: readonly Connector[] | null,
  { options, printer }: Run<RotateOptions>,
): void {
  if (connectors === null || connectors.length === 0) {
    return;
  }
  const until = options.disconnect
    ? "They are cut once the new secret is in force, and refused from then on"
    : "They keep running, and are refused at their next reconnect";
  printer.note(
    `${count(connectors.length)} of ${showTunnel(tunnel)} on the present secret. ${until}, until they are given the new token.`,
  );
}
