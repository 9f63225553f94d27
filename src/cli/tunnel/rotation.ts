import type { Run } from "../command.ts";
import type { Secret } from "../../base/secret.ts";
import { ApiError } from "../../cloudflare/error.ts";
import { type Limits, whyOver } from "../../base/limits.ts";
import { rotateSecret } from "../../tunnels/rotate.ts";
import { readConnectors } from "../../tunnels/api.ts";
import type { Connector, ManagedTunnel } from "../../tunnels/tunnel-row.ts";
import type { Moved } from "../../tunnels/write-after-look.ts";
import { count, cutFields, renderCut } from "../../render/words/cut.ts";
import { apiErrorWords } from "../../render/words/error.ts";
import { renderWatched, watchedFields } from "../../render/words/rotate.ts";
import { toText } from "../../render/words/sentence.ts";
import { tunnelFields } from "../../render/text/show.ts";
import { type Cut, cut } from "../../tunnels/cut.ts";
import type { ApiOptions } from "../args/options.ts";
import type { Printer } from "../terminal/printer.ts";
import { rotationError, unsavedTokenError } from "./rotation-error.ts";
import type { Session } from "../session/session.ts";
import { printTokenDocument, saveToken, UNKNOWN_FORM } from "./token-result.ts";
import { movedWords, showTunnel } from "./tunnel-argument.ts";
import { EXIT, type ExitCode, UserError } from "../user-error.ts";
import { type Watched, watchConnectors } from "../../tunnels/watch.ts";
import type { NewFile } from "../files/write-file.ts";

/** A rotation that was consented to. */
export interface RotationTask {
  readonly tunnel: ManagedTunnel;
  /** As they were before anybody was asked; null where the server does not show them. */
  readonly connectors: readonly Connector[] | null;
  readonly secret: Secret;
  /** Where the new token goes; null for standard output. */
  readonly file: NewFile | null;
}

/** What is to be done once the new secret is in force. */
export interface FollowUpOptions extends ApiOptions {
  readonly disconnect: boolean;
  /** Seconds. */
  readonly wait?: number;
}

/**
 * Rotates, hands the new token out, and only then cuts connections and watches connectors: nothing that fails later
 * can keep the token from its reader. Throws `UserError` where there is no new token to hand out.
 */
export async function carryOutRotation(
  task: RotationTask,
  session: Session,
  run: Run<FollowUpOptions>,
): Promise<ExitCode> {
  const { options, printer, io, waiting } = run;
  const { tunnel, secret, file } = task;
  const { client, accountId } = session;
  const work = () => rotateSecret(client, tunnel, secret, session.limits);
  const rotation = await waiting.finishing("Replacing the secret", work);
  if (rotation.holds !== "new" || rotation.token === null) {
    throw rotationError(rotation, tunnel, session.sameAccount);
  }
  const { token, confirmed, known } = rotation;
  const at = session.apiClock.latest();
  printer.hide(token);
  const how = confirmed ? " (confirmed by reading back)" : "";
  printer.note(`The new secret of ${showTunnel(tunnel)} is in force${how}.`);
  if (!known) {
    printer.note(UNKNOWN_FORM);
  }
  const what = `The new token of ${showTunnel(tunnel)}`;
  if (file !== null) {
    await save(token, file, what, tunnel, session, printer);
  } else if (options.format !== "json") {
    printer.secretResult(token);
  }
  const after = await followUp(task, at, session, run);
  if (options.format === "json") {
    const fields = {
      tunnel: tunnelFields(tunnel),
      confirmed,
      disconnected: after.cut,
      connectors: after.watched,
    };
    printTokenDocument(token, file, { what, accountId, fields }, printer);
  }
  return io.stop.aborted ? EXIT.interrupted : after.exitCode;
}

async function save(
  token: Secret,
  file: NewFile,
  what: string,
  tunnel: ManagedTunnel,
  { sameAccount }: Session,
  printer: Printer,
): Promise<void> {
  try {
    await saveToken(token, file, { what }, printer);
  } catch (error) {
    throw error instanceof UserError ? unsavedTokenError(error, tunnel, sameAccount) : error;
  }
}

interface FollowUp {
  readonly exitCode: ExitCode;
  /** For the document; null where it was not asked for. */
  readonly cut: object | null;
  readonly watched: object | null;
}

async function followUp(
  { tunnel, connectors }: RotationTask,
  at: number | null,
  { client, limits }: Session,
  { options, printer, waiting }: Run<FollowUpOptions>,
): Promise<FollowUp> {
  const { disconnect, wait } = options;
  const before = connectors ?? [];
  let exitCode: ExitCode = EXIT.done;
  let cutResult: object | null = null;
  let watched: object | null = null;
  if (disconnect && whyOver(limits) === null) {
    // All that are connected by now are cut, and not only those of before.
    const work = async () => cut(client, tunnel, (await readConnectors(client, tunnel)) ?? [], null, limits);
    const result = await waiting.finishing("Cutting the connections", () => cutOrError(work));
    if (result instanceof ApiError || "became" in result) {
      const message =
        result instanceof ApiError
          ? toText(apiErrorWords(result))
          : `${showTunnel(tunnel)} ${movedWords(result)}.`;
      printer.rendered(`The connections were not cut. ${message}\n`);
      cutResult = { error: message };
      exitCode = EXIT.failed;
    } else {
      printer.rendered(renderCut(result));
      cutResult = cutFields(result);
      exitCode = isWhole(result) ? exitCode : EXIT.failed;
    }
  }
  if (disconnect && cutResult === null) {
    printer.rendered(`${notCutBecause(limits)}, so the connections were not cut.\n`);
    exitCode = EXIT.failed;
  }
  if (wait !== undefined && whyOver(limits) === null) {
    const tell = (old: number, all: number) =>
      printer.note(`Waiting: ${old} of ${count(all)} on the old secret.`);
    const result = await waiting.finishing("Waiting until no connector runs on the old secret", () =>
      watchConnectors(client, tunnel, { before, at }, wait, tell, limits),
    );
    printer.rendered(renderWatched(result));
    watched = watchedFields(result);
    exitCode = allRenewed(result) ? exitCode : EXIT.failed;
  }
  return { exitCode, cut: cutResult, watched };
}

function notCutBecause(limits: Limits): string {
  return whyOver(limits) === "interrupted" ? "Interrupted" : "The time that --deadline allows is over";
}

async function cutOrError(work: () => Promise<Cut | Moved>): Promise<Cut | Moved | ApiError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ApiError) {
      return error;
    }
    throw error;
  }
}

function isWhole({ remained, unseen }: Cut): boolean {
  return remained.length === 0 && unseen === null;
}

function allRenewed({ old, unseen }: Watched): boolean {
  return old.length === 0 && unseen === null;
}
