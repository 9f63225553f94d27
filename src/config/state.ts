import { dirname, isAbsolute, join } from "node:path";
import {
  byKindAndName,
  compareText,
  type DesiredEntry,
  type DesiredState,
  type JsonValue,
  type PruneScope,
  type SecretReference,
} from "../engine/model/resource.ts";
import { isWriteOnly } from "./secret/secrecy.ts";
import { locate } from "./yaml/source.ts";
import { toData, type Tree } from "./yaml/tree.ts";
import { uuidAt, type WrittenEntry, type WrittenFile } from "./written.ts";

const DEFAULT_MAX_DELETES = 3;
const DEFAULT_MIN_IDLE = 3_600_000;

/** What every kind takes, and what is said about the entry rather than about the resource. */
const META: ReadonlySet<string> = new Set(["id", "renamed_from", "state", "replace"]);

/** Makes one desired state of files that hold no mistake. */
export function desiredStateOf(files: readonly WrittenFile[], account: string | null): DesiredState {
  return {
    account_id: account,
    kinds: sorted(files.flatMap((file) => file.kinds)),
    entries: files.flatMap((file) => file.entries.map(desiredEntry)).sort(byKindAndName),
    prune: files.flatMap(pruneScope).sort((a, b) => compareText(a.prefix, b.prefix)),
    limits: {
      max_deletes: firstOf(files, "max_deletes") ?? DEFAULT_MAX_DELETES,
      min_idle: firstOf(files, "min_idle") ?? DEFAULT_MIN_IDLE,
    },
    protected: sorted(files.flatMap((file) => file.protected)),
  };
}

function desiredEntry(entry: WrittenEntry): DesiredEntry {
  const own = [...entry.attributes.values()].filter(({ key }) => !META.has(key));
  const folder = entry.source.path === "-" ? "." : dirname(entry.source.path);
  return {
    kind: entry.kind,
    name: entry.name,
    state: entry.absent ? "absent" : "present",
    id: entry.id?.value ?? null,
    renamed_from: entry.renamed_from?.value ?? null,
    replace: uuidAt(entry.attributes.get("replace"))?.value ?? null,
    spec: fromEntries(
      own.filter(({ key }) => !isWriteOnly(key)).map(({ key, value }) => [key, toData(value)]),
    ),
    secrets: fromEntries(
      own.filter(({ key }) => isWriteOnly(key)).map(({ key, value }) => [key, referenceOf(value, folder)]),
    ),
    source: locate(entry.source, entry.nameSpan.start),
  };
}

/** Sorted, so that the order of writing leaves no trace. */
function fromEntries<T>(pairs: readonly (readonly [string, T])[]): { readonly [key: string]: T } {
  return Object.fromEntries([...pairs].sort(([a], [b]) => compareText(a, b)));
}

function referenceOf(tree: Tree, folder: string): SecretReference {
  const env = textIn(tree, "env");
  if (env !== null) {
    return { env };
  }
  const file = textIn(tree, "file");
  if (file === null) {
    throw new Error("Internal error: a secret reference passed the schema without env or file");
  }
  return { file: isAbsolute(file) ? file : join(folder, file) };
}

function textIn(tree: Tree, key: string): string | null {
  const value: JsonValue | undefined =
    tree.type === "map" ? scalarIn(tree.entries.get(key)?.value) : undefined;
  return typeof value === "string" ? value : null;
}

function scalarIn(tree: Tree | undefined): JsonValue | undefined {
  return tree?.type === "scalar" ? tree.value : undefined;
}

function pruneScope({ source, prefix, kinds }: WrittenFile): readonly PruneScope[] {
  if (prefix === null) {
    return [];
  }
  return [{ prefix: prefix.value, kinds: sorted(kinds), source: locate(source, prefix.span.start) }];
}

function firstOf(files: readonly WrittenFile[], limit: "max_deletes" | "min_idle"): number | undefined {
  return files.find((file) => file[limit] !== null)?.[limit]?.value;
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort(compareText);
}
