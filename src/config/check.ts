import type { ErrorObject } from "ajv";
import { badNameOf, referenceProblem, suggestedReference } from "./attribute.ts";
import type { Found, ProblemDetail } from "./problem.ts";
import {
  attributesOf,
  below,
  definitionOf,
  kinds,
  resolve,
  rootSchema,
  violations,
  type SchemaNode,
} from "./schema.ts";
import type { Report, Source, Span } from "./source.ts";
import { nearest } from "./spelling.ts";
import { toData, type Tree } from "./tree.ts";

/** Where the walk along a violation's path has come to. */
interface Spot {
  readonly tree: Tree;
  readonly schema: SchemaNode;
  /** The keys and positions that lead here. */
  readonly path: readonly string[];
}

/** Checks a file's values against the JSON Schema, and reports what is wrong in words that fit a configuration. */
export function checkSchema(source: Source, root: Tree, report: Report): void {
  // Several violations may tell of one mistake, and an alias shows one place many times.
  const reported = new Set<string>();
  for (const error of violations(toData(root))) {
    const finding = findingOf(root, error);
    if (finding === null) continue;
    const [span, detail] = finding;
    const identity = `${span.start} ${detail.code} ${"key" in detail ? detail.key : ""}`;
    if (reported.has(identity)) continue;
    reported.add(identity);
    report(source, span, detail);
  }
}

function findingOf(root: Tree, error: ErrorObject): readonly [Span, ProblemDetail] | null {
  const spot = walk(root, error.instancePath);
  // Said again by the `propertyNames` violation itself, which knows the place.
  if (error.propertyName !== undefined) return null;
  const key = lastKey(spot.path);
  const definition = definitionOf(spot.schema);
  if (definition === "name") return nameFinding(spot.tree, key);
  if (definition === "secret_reference") return referenceFinding(spot);
  return generalFinding(spot, key, error);
}

/**
 * Follows a JSON pointer through tree and schema. Stops at a reference to a secret, whose inner violations make one
 * problem of the whole.
 */
function walk(root: Tree, pointer: string): Spot {
  let spot: Spot = { tree: root, schema: rootSchema, path: [] };
  for (const escaped of pointer.split("/").slice(1)) {
    if (definitionOf(spot.schema) === "secret_reference") break;
    const segment = escaped.replaceAll("~1", "/").replaceAll("~0", "~");
    const tree = childOf(spot.tree, segment);
    const schema = below(spot.schema, segment);
    if (tree === undefined || schema === null) break;
    spot = { tree, schema, path: [...spot.path, segment] };
  }
  return spot;
}

function childOf(tree: Tree, segment: string): Tree | undefined {
  switch (tree.type) {
    case "map":
      return tree.entries.get(segment)?.value;
    case "list":
      return tree.items[Number(segment)];
    case "scalar":
      return undefined;
  }
}

function nameFinding(tree: Tree, key: string | null): readonly [Span, ProblemDetail] {
  if (tree.type !== "scalar" || typeof tree.value !== "string") {
    return [tree.span, wrongType(tree, key, ["text"], null)];
  }
  return [tree.span, { code: "bad_name", name: tree.value, why: badNameOf(tree.value) ?? "empty" }];
}

function referenceFinding(spot: Spot): readonly [Span, ProblemDetail] {
  const attribute = lastKey(spot.path) ?? "";
  const write = `${attribute}: ${suggestedReference(spot.tree, attribute, spot.path.at(-2) ?? "")}`;
  return [spot.tree.span, referenceProblem(spot.tree, attribute, write)];
}

function generalFinding(
  spot: Spot,
  key: string | null,
  error: ErrorObject,
): readonly [Span, ProblemDetail] | null {
  const { tree, path } = spot;
  const schema = resolve(spot.schema);
  // The params of each keyword are what ajv documents for it.
  switch (error.keyword) {
    case "additionalProperties":
      return unknownKey(spot, schema, String(error.params["additionalProperty"]));
    case "propertyNames": {
      const name = String(error.params["propertyName"]);
      return [keySpan(tree, name), { code: "bad_name", name, why: badNameOf(name) ?? "empty" }];
    }
    case "required":
      return [
        startOf(tree),
        { code: "missing_key", key: String(error.params["missingProperty"]), where: lastKey(path) },
      ];
    case "type":
      return [tree.span, wrongType(tree, key, typesOf(schema), hintOf(spot, schema))];
    case "enum":
    case "const": {
      const allowed = (schema.enum ?? (schema.const === undefined ? [] : [schema.const])).map(String);
      const found = describe(tree);
      const near = found.type === "text" && found.text !== null ? nearest(found.text, allowed) : null;
      return [tree.span, { code: "wrong_value", key, found, allowed, nearest: near }];
    }
    default:
      return [
        tree.span,
        { code: "wrong_format", key, found: describe(tree), expected: schema.title ?? "another value" },
      ];
  }
}

function unknownKey(spot: Spot, schema: SchemaNode, key: string): readonly [Span, ProblemDetail] {
  const known = Object.keys(schema.properties ?? {});
  const kind = spot.path.length === 2 ? spot.path[0] : undefined;
  const belongsTo =
    kind === undefined ? [] : kinds.filter((other) => other !== kind && attributesOf(other).has(key));
  const where = lastKey(spot.path);
  return [
    keySpan(spot.tree, key),
    { code: "unknown_key", key, where, known, nearest: nearest(key, known), belongs_to: belongsTo },
  ];
}

type WrongType = Extract<ProblemDetail, { code: "wrong_type" }>;

function wrongType(
  tree: Tree,
  key: string | null,
  expected: readonly string[],
  hint: WrongType["hint"],
): WrongType {
  const found = describe(tree);
  const wantsText = expected.includes("text") && (found.type === "number" || found.type === "boolean");
  return { code: "wrong_type", key, expected, found, hint: hint ?? (wantsText ? "quote_it" : null) };
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
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  return types.map((type) => WORDS.get(type) ?? type);
}

function hintOf({ tree, path }: Spot, schema: SchemaNode): WrongType["hint"] {
  if (path.length === 0) return "begin_with_version";
  const [kind, name] = path;
  const isKind = kind !== undefined && kinds.includes(kind);
  if (isKind && path.length === 1) {
    if (tree.type === "list") return "names_are_keys";
    if (tree.type === "scalar" && tree.value === null) return "write_braces";
  }
  if (isKind && path.length === 2 && attributesOf(kind).has(name ?? "")) return "name_missing";
  if (schema.type === "array" && tree.type === "scalar" && typeof tree.value === "string")
    return "write_list";
  const text = tree.type === "scalar" && typeof tree.value === "string" ? tree.value : "";
  if (schema.type === "boolean") return /^(true|false)$/.test(text) ? "unquote_it" : null;
  return schema.type === "integer" && /^[0-9]+$/.test(text) ? "unquote_it" : null;
}

const SHOWN = 60;

/** What a message may say of a value. */
function describe(tree: Tree): Found {
  if (tree.type === "list") return { type: "list", text: null };
  if (tree.type === "map") return { type: "mapping", text: null };
  const { value } = tree;
  if (value === null) return { type: "nothing", text: null };
  const text = typeof value === "string" ? value : tree.written;
  const type = typeof value === "string" ? "text" : typeof value === "number" ? "number" : "boolean";
  return { type, text: tree.hidden || text.length > SHOWN ? null : text };
}

function keySpan(tree: Tree, key: string): Span {
  return (tree.type === "map" ? tree.entries.get(key)?.keySpan : undefined) ?? tree.span;
}

function startOf(tree: Tree): Span {
  return { start: tree.span.start, end: tree.span.start + 1 };
}

/** The last part of a path, unless it is a position in a list. */
function lastKey(path: readonly string[]): string | null {
  const last = path.at(-1);
  return last === undefined || (path[0] === "protected" && path.length === 2) ? null : last;
}
