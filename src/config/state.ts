import { dirname, isAbsolute, join } from "node:path";
import {
  byKindAndName,
  compareText,
  type DesiredContainer,
  type DesiredEntry,
  type DesiredState,
  type JsonValue,
  type PruneScope,
  type SecretReference,
} from "../engine/model/resource.ts";
import { dnsNameOf } from "../ingress/hostname.ts";
import { COLLECTION_KEYS, type Nested } from "./nested/nested.ts";
import { CONFIGURATION_KEYS, type WrittenConfiguration } from "./rules/configurations.ts";
import { isWriteOnly } from "./secret/secrecy.ts";
import { locate } from "./yaml/source.ts";
import { toData, type Tree } from "./yaml/tree.ts";
import { uuidAt, type WrittenEntry, type WrittenFile } from "./written.ts";

const DEFAULT_MAX_DELETES = 3;
const DEFAULT_MIN_IDLE = 3_600_000;
/** What an account may have unless Cloudflare raises it. */
const DEFAULT_MAX_ROUTES = 1_000;

/** What every kind takes, and what is said about the entry rather than about the resource. */
const META: ReadonlySet<string> = new Set(["id", "renamed_from", "state", "replace"]);

/** Makes one desired state of files that hold no mistake. */
export function desiredStateOf(
  files: readonly WrittenFile[],
  configurations: readonly WrittenConfiguration[],
  nested: Nested,
  account: string | null,
): DesiredState {
  const configured = new Set(configurations.map(({ entry }) => entry));
  const entries = files.flatMap((file) =>
    file.entries.map((entry) => desiredEntry(entry, configured.has(entry))),
  );
  const hanging = [...configurations.map(configurationEntry), ...nested.entries];
  const collected = nested.collections.map(({ kind }) => kind);
  return {
    account_id: account,
    kinds: sorted([...files.flatMap((file) => file.kinds), ...hanging.map(({ kind }) => kind), ...collected]),
    entries: [...entries, ...hanging].sort(byKindAndName),
    prune: files.flatMap((file) => pruneScope(file, nested)).sort((a, b) => compareText(a.prefix, b.prefix)),
    containers: containersOf(files),
    limits: {
      max_deletes: firstOf(files, "max_deletes") ?? DEFAULT_MAX_DELETES,
      min_idle: firstOf(files, "min_idle") ?? DEFAULT_MIN_IDLE,
      max_routes: firstOf(files, "max_routes") ?? DEFAULT_MAX_ROUTES,
    },
    protected: sorted(files.flatMap((file) => file.protected)),
  };
}

/** The zones that the files name: one that several name is one. */
export function containersOf(files: readonly WrittenFile[]): readonly DesiredContainer[] {
  const zones = new Map<string, DesiredContainer>();
  for (const { source, zones: written } of files) {
    for (const { name, id, span } of written) {
      const key = dnsNameOf(name);
      const known = zones.get(key) ?? {
        kind: "zone",
        name: key,
        id: null,
        source: locate(source, span.start),
      };
      zones.set(key, { ...known, id: known.id ?? id });
    }
  }
  return [...zones.values()].sort(byKindAndName);
}

/** A tunnel whose configuration is written is one that follows it. */
function desiredEntry(entry: WrittenEntry, configured: boolean): DesiredEntry {
  const own = [...entry.attributes.values()].filter(
    ({ key }) => !META.has(key) && !CONFIGURATION_KEYS.has(key) && !COLLECTION_KEYS.has(key),
  );
  const follows: readonly [string, JsonValue][] = configured ? [["config_src", "cloudflare"]] : [];
  const folder = entry.source.path === "-" ? "." : dirname(entry.source.path);
  return {
    kind: entry.kind,
    name: entry.name,
    state: entry.absent ? "absent" : "present",
    id: entry.id?.value ?? null,
    renamed_from: entry.renamed_from?.value ?? null,
    replace: uuidAt(entry.attributes.get("replace"))?.value ?? null,
    spec: fromEntries([
      ...follows,
      ...own
        .filter(({ key }) => !isWriteOnly(key))
        .map(({ key, value }): [string, JsonValue] => [key, toData(value)]),
    ]),
    secrets: fromEntries(
      own.filter(({ key }) => isWriteOnly(key)).map(({ key, value }) => [key, referenceOf(value, folder)]),
    ),
    source: locate(entry.source, entry.nameSpan.start),
  };
}

function configurationEntry({ entry, spec, source }: WrittenConfiguration): DesiredEntry {
  const { kind, name } = entry;
  return {
    kind: `${kind}_configuration`,
    name,
    state: "present",
    id: null,
    renamed_from: null,
    replace: null,
    spec: fromEntries([
      ...Object.entries(spec),
      ["tunnel_id", { $ref: { kind, name, output: "id" } }] as [string, JsonValue],
    ]),
    secrets: {},
    source,
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

function pruneScope({ source, prefix, kinds }: WrittenFile, nested: Nested): readonly PruneScope[] {
  if (prefix === null) {
    return [];
  }
  const collections = nested.collections
    .filter(({ owner }) => owner.source === source)
    .map(({ kind, owner }) => ({ kind, of: { kind: owner.kind, name: owner.name } }));
  return [
    {
      prefix: prefix.value,
      kinds: sorted(kinds),
      collections: collections.sort((a, b) => compareText(a.kind, b.kind) || byKindAndName(a.of, b.of)),
      source: locate(source, prefix.span.start),
    },
  ];
}

function firstOf(
  files: readonly WrittenFile[],
  limit: "max_deletes" | "min_idle" | "max_routes",
): number | undefined {
  return files.find((file) => file[limit] !== null)?.[limit]?.value;
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort(compareText);
}
