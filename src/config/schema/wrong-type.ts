import type { Found, ProblemDetail } from "../problem.ts";
import { attributesOf, fileKinds, resolve, type SchemaNode } from "./schema.ts";
import type { Tree } from "../yaml/tree.ts";

/** A place in a file together with the schema that holds there. */
export interface Spot {
  readonly tree: Tree;
  readonly schema: SchemaNode;
  /** The keys and positions that lead here. */
  readonly path: readonly string[];
  /** The last key; null for the file itself and for an item of a list. */
  readonly key: string | null;
}

type WrongType = Extract<ProblemDetail, { code: "wrong_type" }>;

/** What to say of a value that is of another type than the schema wants. */
export function wrongType(spot: Spot): WrongType {
  const schema = resolve(spot.schema);
  const ofValue = spot.path.length === 0 ? undefined : schema.title;
  const expected = ofValue === undefined ? typesOf(schema).map(wordFor) : [ofValue];
  return {
    code: "wrong_type",
    key: spot.key,
    expected,
    found: describe(spot.tree),
    hint: hintOf(spot, schema),
  };
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ["string", "text"],
  ["integer", "a whole number"],
  ["number", "a number"],
  ["boolean", "true or false"],
  ["object", "a mapping"],
  ["array", "a list"],
  ["null", "nothing"],
]);

function typesOf(schema: SchemaNode): readonly string[] {
  return typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
}

function wordFor(type: string): string {
  return WORDS.get(type) ?? type;
}

function hintOf({ tree, path }: Spot, schema: SchemaNode): WrongType["hint"] {
  if (path.length === 0) {
    return "begin_with_version";
  }
  const [kind, name] = path;
  const isKind = kind !== undefined && fileKinds.includes(kind);
  if (isKind && path.length === 1) {
    if (tree.type === "list") {
      return "names_are_keys";
    }
    if (tree.type === "scalar" && tree.value === null) {
      return "write_braces";
    }
  }
  if (isKind && path.length === 2 && attributesOf(kind).has(name ?? "")) {
    return "name_missing";
  }
  if (schema.type === "array" && tree.type === "scalar" && typeof tree.value === "string") {
    return "write_list";
  }
  const text = tree.type === "scalar" && typeof tree.value === "string" ? tree.value : "";
  if (typesOf(schema).includes("object") && /^[\w-]+:\S/.test(text)) {
    return "space_behind_colon";
  }
  const isPlain =
    tree.type === "scalar" && (typeof tree.value === "number" || typeof tree.value === "boolean");
  if (isPlain && schema.type === "string") {
    return "quote_it";
  }
  if (schema.type === "boolean") {
    return /^(true|false)$/.test(text) ? "unquote_it" : null;
  }
  return schema.type === "integer" && /^[0-9]+$/.test(text) ? "unquote_it" : null;
}

const SHOWN = 60;

/** What a message may say of a value. */
export function describe(tree: Tree): Found {
  if (tree.type === "list") {
    return { type: "list", text: null };
  }
  if (tree.type === "map") {
    return { type: "mapping", text: null };
  }
  const { value } = tree;
  if (value === null) {
    return { type: "nothing", text: null };
  }
  const text = typeof value === "string" ? value : tree.written;
  const type = typeof value === "string" ? "text" : typeof value === "number" ? "number" : "boolean";
  return { type, text: tree.hidden || text.length > SHOWN ? null : text };
}
