import type { Entry, File } from "./file.ts";
import { PREFIX } from "./world.ts";

/** A tunnel as far as a file can speak of it. */
export interface Named {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
}

/** Whether an entry speaks of a tunnel: by name, by old name, by id, or as the one to replace. */
export function mentions(file: File, { kind, id, name }: Named): boolean {
  return file.entries.some(
    (entry) =>
      entry.id === id ||
      entry.replace === id ||
      (entry.kind === kind && (entry.name === name || entry.renamed_from === name)),
  );
}

/** Whether the file is the whole truth for the tunnel's name, and says nothing of it. */
export function prunable(file: File, tunnel: Named): boolean {
  return (
    file.prunes &&
    file.kinds.includes(tunnel.kind) &&
    tunnel.name.startsWith(PREFIX) &&
    !mentions(file, tunnel)
  );
}

/** Whether a pattern of `protected` fits the name. */
export function isProtected(file: File, name: string): boolean {
  return file.protected.some((pattern) => {
    const parts = pattern.split("*").map((part) => part.replace(/[^\w]/g, String.raw`\$&`));
    return new RegExp(`^${parts.join(".*")}$`, "s").test(name);
  });
}

/** Whether the file lets the tunnel be deleted, as far as names and ids decide: by tombstone, replacement or prune. */
export function mayDelete(file: File, tunnel: Named): boolean {
  const { kind, id, name } = tunnel;
  const isAsked = (entry: Entry) =>
    entry.kind === kind &&
    entry.name === name &&
    (entry.state === "absent" ? entry.id === undefined || entry.id === id : entry.replace === id);
  return file.entries.some(isAsked) || prunable(file, tunnel);
}

/** The entry that a rename can come from; `to` is undefined where the name stays. */
export function renamer(file: File, tunnel: Named, to: string | undefined): Entry | undefined {
  const { kind, id, name } = tunnel;
  return file.entries.find((entry) => {
    if (entry.kind !== kind || entry.state === "absent") {
      return false;
    }
    if (entry.id !== undefined && entry.id !== id) {
      return false;
    }
    if (to === undefined) {
      return entry.name === name;
    }
    const isMoving = entry.id === id || entry.renamed_from === name;
    return isMoving && (to === entry.name || (entry.id === id && to.startsWith(`warren-rename-${id}`)));
  });
}
