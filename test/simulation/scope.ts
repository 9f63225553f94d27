import type { Entry, File } from "./file.ts";
import { PREFIX } from "./world.ts";

/** A resource as far as a file can speak of it. */
export interface Named {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
}

/** Whether an entry speaks of a resource: by name, by old name, by id, or as the one to replace. */
export function mentions(file: File, { kind, id, name }: Named): boolean {
  return file.entries.some(
    (entry) =>
      entry.id === id ||
      entry.replace === id ||
      (entry.kind === kind && (entry.name === name || entry.renamed_from === name)),
  );
}

/** Whether the file is the whole truth for the resource's name, and says nothing of it. */
export function prunable(file: File, resource: Named): boolean {
  return (
    file.prunes &&
    file.kinds.includes(resource.kind) &&
    resource.name.startsWith(PREFIX) &&
    !mentions(file, resource)
  );
}

/** Whether a pattern of `protected` fits the name. */
export function isProtected(file: File, name: string): boolean {
  return file.protected.some((pattern) => {
    const parts = pattern.split("*").map((part) => part.replace(/[^\w]/g, String.raw`\$&`));
    return new RegExp(`^${parts.join(".*")}$`, "s").test(name);
  });
}

/** Whether the file lets the resource be deleted, as far as names and ids decide: by tombstone, replacement or prune. */
export function mayDelete(file: File, resource: Named): boolean {
  const { kind, id, name } = resource;
  const isAsked = (entry: Entry) =>
    entry.kind === kind &&
    entry.name === name &&
    (entry.state === "absent" ? entry.id === undefined || entry.id === id : entry.replace === id);
  return file.entries.some(isAsked) || prunable(file, resource);
}

/** The entry that a rename can come from; `to` is undefined where the name stays. */
export function renamer(file: File, resource: Named, to: string | undefined): Entry | undefined {
  const { kind, id, name } = resource;
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
