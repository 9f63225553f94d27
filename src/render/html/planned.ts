import { isObject } from "../../base/json.ts";
import { keyOf } from "../../engine/model/account-index.ts";
import type { Action } from "../../engine/model/change.ts";
import type { ChangePage, Members, PlanPage, TunnelPage } from "./read.ts";

/** What a plan would do, by the keys of what it would do it to. */
export type Marks = ReadonlyMap<string, Action>;

/** The key of a hostname of a tunnel's rules. */
export function hostnameKey(
  { kind, id, name }: Pick<TunnelPage, "kind" | "id" | "name">,
  hostname: string,
): string {
  return keyOf(`hostname of ${kind}/${id ?? name}`, hostname);
}

/** Marks by name, and by id for what is to have another name. */
export function marksOf(tunnels: readonly TunnelPage[], plan: PlanPage | null): Marks {
  const changes = plan?.changes ?? [];
  const marks = new Map(
    changes.flatMap(({ action, kind, name, id }) => [
      [keyOf(kind, name), action] as const,
      ...(id === null ? [] : [[keyOf(kind, id), action] as const]),
    ]),
  );
  const byTunnel = changesByTunnel(changes);
  for (const tunnel of tunnels) {
    const { hostnames } = changedHostnames(byTunnel.get(tunnel.id) ?? []);
    for (const [hostname, action] of hostnames) {
      marks.set(hostnameKey(tunnel, hostname), action);
    }
  }
  return marks;
}

/** The tunnels with what a plan would let lead to them, beside what does today. */
export function withPlanned(tunnels: readonly TunnelPage[], plan: PlanPage | null): readonly TunnelPage[] {
  const byTunnel = changesByTunnel(plan?.changes ?? []);
  return tunnels.map((tunnel) => {
    const changes = byTunnel.get(tunnel.id);
    if (changes === undefined) {
      return tunnel;
    }
    const { hostnames, routes } = changedHostnames(changes);
    const all = [...new Set([...tunnel.hostnames, ...hostnames.keys()])].sort();
    return { ...tunnel, hostnames: all, routes: [...tunnel.routes, ...routes] };
  });
}

/** Changes of what leads to a tunnel that lives, by its id. */
function changesByTunnel(changes: readonly ChangePage[]): ReadonlyMap<string | null, readonly ChangePage[]> {
  const found = new Map<string | null, ChangePage[]>();
  for (const change of changes) {
    const id = change.after?.["tunnel_id"] ?? change.before?.["tunnel_id"];
    if (typeof id === "string") {
      found.set(id, [...(found.get(id) ?? []), change]);
    }
  }
  return found;
}

/** Hostnames that rules gain and lose, and whatever else is made. */
function changedHostnames(changes: readonly ChangePage[]) {
  const hostnames = new Map<string, Action>();
  const routes: TunnelPage["routes"][number][] = [];
  for (const { action, kind, name, before, after } of changes) {
    if (kind === "cfd_tunnel_configuration") {
      const [old, now] = [hostnamesOf(before), hostnamesOf(after)];
      for (const hostname of now.filter((each) => !old.includes(each))) {
        hostnames.set(hostname, "create");
      }
      for (const hostname of after === null ? [] : old.filter((each) => !now.includes(each))) {
        hostnames.set(hostname, "delete");
      }
    } else if (action === "create") {
      routes.push({ kind, name });
    }
  }
  return { hostnames, routes };
}

function hostnamesOf(side: Members | null): readonly string[] {
  const rules = side?.["ingress"];
  return (Array.isArray(rules) ? rules : []).flatMap((rule: unknown) => {
    const hostname = isObject(rule) ? rule["hostname"] : null;
    return typeof hostname === "string" && hostname !== "" ? [hostname] : [];
  });
}
