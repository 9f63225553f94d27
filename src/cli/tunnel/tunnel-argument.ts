import { nearest } from "../../base/spelling.ts";
import { ApiError } from "../../cloudflare/error.ts";
import type { CloudflareClient } from "../../cloudflare/client.ts";
import {
  type FoundTunnels,
  findTunnels,
  parseTunnelName,
  refusedOr,
  type TunnelName,
} from "../../tunnels/find.ts";
import { listTunnels, readConnectors } from "../../tunnels/api.ts";
import { isManaged, type ManagedTunnel, TUNNEL_KINDS } from "../../tunnels/tunnel-row.ts";
import type { Moved } from "../../tunnels/write-after-look.ts";
import { apiErrorWords } from "../../render/words/error.ts";
import { toText } from "../../render/words/sentence.ts";
import { commandLine } from "../../render/shell.ts";
import { showName } from "../../render/visible.ts";
import type { Session } from "../session/session.ts";
import { EXIT, UserError } from "../user-error.ts";

type Account = Pick<Session, "client" | "sameAccount">;

/** The one live tunnel that `TUNNEL` names, or a `UserError` that says what to write instead. */
export async function resolveTunnel(text: string, session: Account): Promise<ManagedTunnel> {
  const tunnel = await resolveAnyTunnel(text, session);
  if (tunnel.deleted_at !== null) {
    throw new UserError(
      "unknown_tunnel",
      `The tunnel ${tunnel.id} (${showTunnel(tunnel)}) was deleted at ${showName(tunnel.deleted_at)}.`,
    );
  }
  return tunnel;
}

/** The same, where a deleted tunnel that is named by its id will do, too. */
export async function resolveAnyTunnel(
  text: string,
  { client, sameAccount }: Account,
): Promise<ManagedTunnel> {
  const name = parseTunnelName(text);
  if (name.text === "") {
    throw new UserError("usage", "TUNNEL is empty. Write kind/name, a name, or an id.");
  }
  const found = await findTunnels(client, name);
  const [tunnel, another] = found.tunnels;
  if (tunnel === undefined) {
    const near = name.isId ? null : await nearestTunnel(name, client);
    throw unknownTunnel(name, found, near, sameAccount);
  }
  if (another !== undefined) {
    throw ambiguousTunnel(name, found);
  }
  return tunnel;
}

/** Throws `UserError` for a tunnel of another kind: the API offers `what` for cfd tunnels only. */
export function requireCfdTunnel(tunnel: ManagedTunnel, what: string): void {
  if (tunnel.kind !== "cfd_tunnel") {
    throw new UserError(
      "wrong_kind",
      `${what}: the API offers that for a cfd_tunnel only, and ${showTunnel(tunnel)} is none. Nothing was changed.`,
    );
  }
}

/** `cfd_tunnel/web`, its name quoted where it could be misread. */
export function showTunnel({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return showName(`${kind}/${name}`);
}

/** What has become of a tunnel, as the end of a sentence that names it: `is called "other" now`. */
export function movedWords(moved: Moved): string {
  return moved.became === "gone" ? "is gone" : `is called ${showName(moved.name)} now`;
}

/** The error for a tunnel that is not the one any more that was looked up, and was left alone. */
export function movedTunnel(tunnel: ManagedTunnel, moved: Moved): UserError {
  return new UserError(
    "stale",
    `${showTunnel(tunnel)} (${tunnel.id}) ${movedWords(moved)}. Nothing was changed. Look again, and run this again.`,
    { exitCode: EXIT.refused },
  );
}

/** The error for a connector that the API does not know, with those that it does. */
export async function unknownConnector(
  tunnel: ManagedTunnel,
  connectorId: string,
  client: CloudflareClient,
): Promise<UserError> {
  const connectors = await readConnectors(client, tunnel);
  const those =
    connectors === null
      ? "The server does not show the connectors of this kind."
      : connectors.length === 0
        ? "No connector is connected."
        : ["Connected are:", ...connectors.map(({ id }) => `  ${id}`)].join("\n");
  return new UserError(
    "unknown_connector",
    `${showTunnel(tunnel)} has no connector ${connectorId}. ${those}`,
  );
}

/** The live tunnel that was likely meant, as it would be named; null where none is near or none may be read. */
async function nearestTunnel({ kind, text }: TunnelName, client: CloudflareClient): Promise<string | null> {
  const query = { tun_types: TUNNEL_KINDS.join(","), is_deleted: false };
  const live = await refusedOr(() => listTunnels(client, "/tunnels", query, isManaged));
  if (live instanceof ApiError) {
    return null;
  }
  const names = live.filter((tunnel) => kind === null || tunnel.kind === kind).map((tunnel) => tunnel.name);
  const near = nearest(text, names);
  return near === null || kind === null ? near : `${kind}/${near}`;
}

function unknownTunnel(
  name: TunnelName,
  { refused }: FoundTunnels,
  near: string | null,
  sameAccount: readonly string[],
): UserError {
  const sort = name.kind ?? "tunnel";
  const what = `No live ${sort} has the ${name.isId ? "id" : "name"} ${showName(name.text)}`;
  const message =
    refused.length === 0
      ? `${what}.${near === null ? "" : ` Did you mean ${showName(near)}?`} \`${commandLine(["warren", "list", ...sameAccount])}\` shows those that live.`
      : [
          `${what} among those that these credentials may read. ${refused.map(({ kind }) => kind).join(", ")} may not be read:`,
          ...refused.map(({ error }) => toText(apiErrorWords(error))),
        ].join(" ");
  return new UserError("unknown_tunnel", message);
}

function ambiguousTunnel(name: TunnelName, { tunnels }: FoundTunnels): UserError {
  const candidates = tunnels.map((tunnel) => {
    const unique = tunnels.filter(({ kind }) => kind === tunnel.kind).length === 1;
    const argument = unique ? `${tunnel.kind}/${tunnel.name}` : tunnel.id;
    return `  ${commandLine([argument])}  (${tunnel.kind} ${tunnel.id}, status ${showName(tunnel.status ?? "unknown")})`;
  });
  return new UserError(
    "ambiguous_tunnel",
    [
      `${tunnels.length} live tunnels have the name ${showName(name.text)}. Write one of:`,
      ...candidates,
    ].join("\n"),
  );
}
