import type { ErrorObject } from "ajv";
import type { JsonValue } from "../../engine/model/resource.ts";
import { badNameOf, referenceProblem, suggestedReference } from "../attribute.ts";
import type { Meant } from "./mistyped-keys.ts";
import type { ProblemDetail } from "../problem.ts";
import {
  attributesOf,
  below,
  definitionOf,
  fileKinds,
  resolve,
  rootSchema,
  violations,
  type SchemaNode,
} from "./schema.ts";
import type { Reporter, Source, Span } from "../yaml/source.ts";
import { nearest } from "../../base/spelling.ts";
import { toData, type Tree } from "../yaml/tree.ts";
import { describe, wrongType, type Spot } from "./wrong-type.ts";

/** A schema, and what is wrong by it with plain data. Another than that of tunnels refers to no definitions. */
export interface FileSchema {
  readonly root: SchemaNode;
  readonly violations: (data: JsonValue) => readonly ErrorObject[];
}

const TUNNELS: FileSchema = { root: rootSchema, violations };

/** Checks a file's values against its JSON Schema, and reports what is wrong in words that fit a configuration. */
export function checkSchema(
  source: Source,
  { tree: root, mistyped }: Meant,
  report: Reporter,
  schema = TUNNELS,
): void {
  for (const { key, keySpan } of mistyped) {
    report(source, keySpan, unknownKey(rootSpot(root, schema), resolve(schema.root), key));
  }
  // Several violations may tell of one mistake, and an alias shows one place many times.
  const reported = new Set<string>();
  for (const error of schema.violations(toData(root))) {
    const finding = findingOf(rootSpot(root, schema), error);
    if (finding === null) {
      continue;
    }
    const [span, detail] = finding;
    const identity = `${span.start} ${detail.code} ${"key" in detail ? detail.key : ""}`;
    if (reported.has(identity)) {
      continue;
    }
    reported.add(identity);
    report(source, span, detail);
  }
}

function findingOf(root: Spot, error: ErrorObject): readonly [Span, ProblemDetail] | null {
  const spot = walk(root, error.instancePath);
  // Said again by the `propertyNames` violation itself, which knows the place.
  if (error.propertyName !== undefined) {
    return null;
  }
  const definition = definitionOf(spot.schema);
  if (definition === "name") {
    return nameFinding(spot);
  }
  if (definition === "secret_reference") {
    return referenceFinding(spot);
  }
  return generalFinding(spot, error);
}

/**
 * Follows a JSON pointer through tree and schema. Stops at a reference to a secret, whose inner violations make one
 * problem of the whole.
 */
function walk(root: Spot, pointer: string): Spot {
  let spot = root;
  for (const escaped of pointer.split("/").slice(1)) {
    if (definitionOf(spot.schema) === "secret_reference") {
      break;
    }
    const segment = escaped.replaceAll("~1", "/").replaceAll("~0", "~");
    const tree = childOf(spot.tree, segment);
    const schema = below(spot.schema, segment);
    if (tree === undefined || schema === null) {
      break;
    }
    const key = spot.tree.type === "list" ? null : segment;
    spot = { tree, schema, path: [...spot.path, segment], key };
  }
  return spot;
}

function rootSpot(tree: Tree, { root: schema }: FileSchema): Spot {
  return { tree, schema, path: [], key: null };
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

function nameFinding(spot: Spot): readonly [Span, ProblemDetail] {
  const { tree } = spot;
  if (tree.type !== "scalar" || typeof tree.value !== "string") {
    return [tree.span, wrongType(spot)];
  }
  return [tree.span, { code: "bad_name", name: tree.value, why: badNameOf(tree.value) ?? "empty" }];
}

function referenceFinding(spot: Spot): readonly [Span, ProblemDetail] {
  const attribute = spot.key ?? "";
  const write = `${attribute}: ${suggestedReference(spot.tree, attribute, spot.path.at(-2) ?? "")}`;
  return [spot.tree.span, referenceProblem(spot.tree, attribute, write)];
}

function generalFinding(spot: Spot, error: ErrorObject): readonly [Span, ProblemDetail] | null {
  const { tree, key } = spot;
  const schema = resolve(spot.schema);
  // The params of each keyword are what ajv documents for it.
  switch (error.keyword) {
    case "additionalProperties":
      return unknownKeyFinding(spot, schema, String(error.params["additionalProperty"]));
    case "propertyNames": {
      const name = String(error.params["propertyName"]);
      const { title } = schema.propertyNames ?? {};
      return [
        keySpan(tree, name),
        title === undefined
          ? { code: "bad_name", name, why: badNameOf(name) ?? "empty" }
          : { code: "wrong_format", key: null, found: { type: "text", text: name }, expected: title },
      ];
    }
    case "required":
      return [
        startOf(tree),
        { code: "missing_key", key: String(error.params["missingProperty"]), where: spot.key },
      ];
    case "type":
      return [tree.span, wrongType(spot)];
    case "enum":
    case "const": {
      const allowed = (schema.enum ?? (schema.const === undefined ? [] : [schema.const])).map(String);
      const found = describe(tree);
      const near = found.type === "text" && found.text !== null ? nearest(found.text, allowed) : null;
      const other = near === found.text ? null : near;
      return [tree.span, { code: "wrong_value", key, found, allowed, nearest: other }];
    }
    default:
      return [
        tree.span,
        { code: "wrong_format", key, found: describe(tree), expected: schema.title ?? "another value" },
      ];
  }
}

function unknownKeyFinding(spot: Spot, schema: SchemaNode, key: string): readonly [Span, ProblemDetail] {
  return [keySpan(spot.tree, key), unknownKey(spot, schema, key)];
}

function unknownKey(spot: Spot, schema: SchemaNode, key: string): ProblemDetail {
  const known = Object.keys(schema.properties ?? {});
  const kind = spot.path.length === 2 ? spot.path[0] : undefined;
  const belongsTo =
    kind === undefined || !fileKinds.includes(kind)
      ? []
      : fileKinds.filter((other) => other !== kind && attributesOf(other).has(key));
  return {
    code: "unknown_key",
    key,
    where: spot.key,
    known,
    nearest: nearest(key, known),
    belongs_to: belongsTo,
  };
}

function keySpan(tree: Tree, key: string): Span {
  return (tree.type === "map" ? tree.entries.get(key)?.keySpan : undefined) ?? tree.span;
}

function startOf(tree: Tree): Span {
  return { start: tree.span.start, end: tree.span.start + 1 };
}
