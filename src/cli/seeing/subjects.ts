import type { CloudflareClient } from "../../cloudflare/client.ts";
import type { DesiredEntry, DesiredState } from "../../engine/model/resource.ts";
import { listTunnels } from "../../tunnels/api.ts";
import { eachKind, type EachKind } from "../../tunnels/find.ts";
import type { Subject } from "../../tunnels/health.ts";
import { isManaged, TUNNEL_KINDS, type Tunnel, type TunnelKind } from "../../tunnels/tunnel-row.ts";
import type { Session } from "../session/session.ts";
import { resolveTunnel } from "../tunnel/tunnel-argument.ts";

/** Which tunnels are looked at: those that are named, else all, else those that files declare. */
export type Selection =
  | { readonly by: "name"; readonly names: readonly string[] }
  | { readonly by: "account" }
  | { readonly by: "file"; readonly desired: DesiredState };

/** Those tunnels, as they are now, and the kinds that may not be read. Sends GETs only. Throws `ApiError` or `UserError`. */
export async function readSubjects(
  selection: Selection,
  session: Session,
): Promise<Pick<EachKind<Subject>, "refused"> & { readonly subjects: readonly Subject[] }> {
  const { client } = session;
  switch (selection.by) {
    case "name": {
      const found = await Promise.all(selection.names.map((name) => resolveTunnel(name, session)));
      // One may be named twice.
      const rows = new Map(found.map((tunnel) => [tunnel.id, tunnel]));
      return { subjects: [...rows.values()].map(subjectOf), refused: [] };
    }
    case "account": {
      const { tunnels, refused } = await eachKind((kind) => listLive(client, kind));
      return { subjects: tunnels.map(subjectOf), refused };
    }
    case "file": {
      const entries = selection.desired.entries.filter(
        ({ kind, state }) => state === "present" && TUNNEL_KINDS.some((tunnel) => tunnel === kind),
      );
      const declared = TUNNEL_KINDS.filter((kind) => entries.some((entry) => entry.kind === kind));
      const lists = await Promise.all(declared.map((kind) => listLive(client, kind)));
      const index = indexRows(lists.flat());
      return { subjects: entries.flatMap((entry) => subjectsFor(entry, index)), refused: [] };
    }
  }
}

async function listLive(client: CloudflareClient, kind: TunnelKind) {
  const live = await listTunnels(
    client,
    `/${kind}`,
    { is_deleted: false },
    ({ deleted_at }) => deleted_at === null,
  );
  return live.filter(isManaged);
}

interface Rows {
  readonly byId: ReadonlyMap<string, Tunnel>;
  readonly byName: ReadonlyMap<string, readonly Tunnel[]>;
}

function indexRows(tunnels: readonly Tunnel[]): Rows {
  const byName = new Map<string, Tunnel[]>();
  for (const tunnel of tunnels) {
    const key = `${tunnel.kind}/${tunnel.name}`;
    byName.set(key, [...(byName.get(key) ?? []), tunnel]);
  }
  return { byId: new Map(tunnels.map((tunnel) => [`${tunnel.kind}/${tunnel.id}`, tunnel])), byName };
}

/** What an entry speaks of: by its pin, its name, or the name that it has until the rename is made. */
function subjectsFor(
  { kind, name, id, renamed_from }: DesiredEntry,
  { byId, byName }: Rows,
): readonly Subject[] {
  const pinned = id === null ? undefined : byId.get(`${kind}/${id}`);
  const named = (text: string | null) => (text === null ? undefined : byName.get(`${kind}/${text}`));
  const found = id === null ? (named(name) ?? named(renamed_from)) : pinned && [pinned];
  return found === undefined ? [{ kind, name, tunnel: null }] : found.map(subjectOf);
}

function subjectOf(tunnel: Tunnel): Subject {
  const { kind, name } = tunnel;
  return { kind, name, tunnel };
}
