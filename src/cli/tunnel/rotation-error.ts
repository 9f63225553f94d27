import type { Rotation } from "../../tunnels/rotate.ts";
import type { ManagedTunnel } from "../../tunnels/tunnel-row.ts";
import { apiErrorWords } from "../../render/words/error.ts";
import { toText } from "../../render/words/sentence.ts";
import { commandLine } from "../../render/shell.ts";
import { movedTunnel, movedWords, showTunnel } from "./tunnel-argument.ts";
import { UserError } from "../user-error.ts";

/** The error for a rotation that did not end with a new token: it says which secret holds, and what to do. */
export function rotationError(
  rotation: Exclude<Rotation, { readonly confirmed: boolean }>,
  tunnel: ManagedTunnel,
  sameAccount: readonly string[],
): UserError {
  if ("moved" in rotation) {
    return movedError(rotation, tunnel);
  }
  const said = rotation.error === null ? "" : ` ${toText(apiErrorWords(rotation.error))}`;
  const name = showTunnel(tunnel);
  switch (rotation.holds) {
    case "new":
      return new UserError(
        "token_unreadable",
        `The new secret of ${name} is in force, but its token could not be read.${said} ${tokenCommand(tunnel, sameAccount)} prints it.`,
      );
    case "old":
      return new UserError(
        "old_secret_holds",
        rotation.error === null
          ? `The API accepted the new secret of ${name}, and yet its token still holds the old one. Look again with ${tokenCommand(tunnel, sameAccount)} before you rotate again.`
          : `The old secret of ${name} still holds: the change got no answer, and reading the token back shows the old one.${said} Rotate again.`,
      );
    case "unknown":
      return new UserError(
        "rotation_uncertain",
        `It is not known whether the old or the new secret of ${name} holds: the change got no answer, and the token could not be read back.${said} ${tokenCommand(tunnel, sameAccount)} prints the token in force, as soon as the API answers.`,
      );
  }
}

function movedError(
  { moved, lost }: Extract<Rotation, { readonly moved: unknown }>,
  tunnel: ManagedTunnel,
): UserError {
  return lost === null
    ? movedTunnel(tunnel, moved)
    : new UserError(
        "old_secret_holds",
        `The old secret of ${showTunnel(tunnel)} still holds: the change got no answer, and reading the token back shows the old one. ${toText(apiErrorWords(lost))} It was not sent again, since the tunnel ${movedWords(moved)}.`,
      );
}

/** The error for a new token that could not be written: the rotation is done nevertheless. */
export function unsavedTokenError(
  error: UserError,
  tunnel: ManagedTunnel,
  sameAccount: readonly string[],
): UserError {
  return new UserError(
    error.code,
    `The new secret of ${showTunnel(tunnel)} is in force, but ${error.message} ${tokenCommand(tunnel, sameAccount)} prints the new token. Nothing was cut.`,
  );
}

function tokenCommand({ kind, name }: ManagedTunnel, sameAccount: readonly string[]): string {
  return `\`${commandLine(["warren", "token", `${kind}/${name}`, ...sameAccount])}\``;
}
