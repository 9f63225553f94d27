import { HIDDEN } from "../../base/secret.ts";
import { keyOf } from "../../engine/model/account-index.ts";
import type { ActualResource, Spec } from "../../engine/model/resource.ts";
import { judge } from "../../ingress/judge.ts";
import type { ExportedEntry, LeftOut } from "../../render/yaml/export.ts";

/** Entries, and what of the account they do not say. */
export interface Exported {
  readonly entries: readonly ExportedEntry[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Writes configurations into the entries of their tunnels. One that `validate` would refuse is left out, and its tunnel's
 * entry says so. One that connectors do not follow is nobody's.
 */
export async function withConfigurations(
  entries: readonly ExportedEntry[],
  configurations: readonly ActualResource[],
): Promise<Exported> {
  const byTunnel = new Map(configurations.map((found) => [keyOf(found.kind, found.name), found]));
  const leftOut: LeftOut[] = [];
  const result: ExportedEntry[] = [];
  for (const entry of entries) {
    const found = byTunnel.get(keyOf(`${entry.kind}_configuration`, entry.name));
    const spec = found === undefined || found.facts["source"] === "local" ? {} : written(found.spec);
    if (found === undefined || Object.keys(spec).length === 0) {
      result.push(entry);
    } else if (await isRefused(spec)) {
      const { kind, name, id } = found;
      const left = { kind, name, ids: [id], reason: "refused" } as const;
      leftOut.push(left);
      result.push({ ...entry, leftOut: left });
    } else {
      result.push({ ...entry, spec: { ...entry.spec, ...spec } });
    }
  }
  return { entries: result, leftOut };
}

/** What the configuration says; nothing where it has no rules, since a file may not write settings alone. */
function written(spec: Spec): Spec {
  const said = Object.entries(spec).filter(
    ([, value]) => typeof value === "object" && value !== null && Object.keys(value).length > 0,
  );
  return said.some(([key]) => key === "ingress") ? Object.fromEntries(said) : {};
}

/** Whether a file may not hold it. A password in it was taken out when it was read. */
async function isRefused(spec: Spec): Promise<boolean> {
  const { errors } = await judge(spec);
  return errors.length > 0 || JSON.stringify(spec).includes(`//${HIDDEN}@`);
}
