import type { ErrorObject } from "ajv";
import type { JsonValue } from "../../engine/model/resource.ts";
import schema from "../../../schema/tunnels.schema.json" with { type: "json" };
import { compileSchema } from "../compile-schema.ts";

/** As much of JSON Schema as the messages need to know. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly title?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | number)[];
  readonly const?: string | number;
  readonly writeOnly?: boolean;
  readonly properties?: { readonly [key: string]: SchemaNode };
  readonly additionalProperties?: boolean | SchemaNode;
  readonly items?: SchemaNode;
  readonly propertyNames?: SchemaNode;
  readonly allOf?: readonly SchemaNode[];
}

const { definitions } = schema;
const definitionsByName = new Map<string, SchemaNode>(Object.entries(definitions));

/** The schema of a whole file. */
export const rootSchema: SchemaNode = schema;

/** So many entries are checked in one go: ajv copies the list of all errors so far at every reference it follows. */
const BATCH = 100;

/** What is wrong with a file's plain data; empty when nothing is. */
export function violations(data: JsonValue): readonly ErrorObject[] {
  return batches(data).flatMap((batch) => {
    const validate = compiled();
    return validate(batch) ? [] : (validate.errors ?? []);
  });
}

/** The data in pieces that are wrong in the same places: all but the entries first, then the entries. */
function batches(data: JsonValue): readonly JsonValue[] {
  if (!isMapping(data)) {
    return [data];
  }
  const isOfEntries = (key: string, value: JsonValue) => fileKinds.includes(key) && isMapping(value);
  const rest = Object.entries(data).filter(([key, value]) => !isOfEntries(key, value));
  const pieces: JsonValue[] = [Object.fromEntries(rest)];
  // What an alias repeats is one object, and is checked once.
  const seen = new Set<JsonValue>();
  for (const kind of fileKinds) {
    const value = data[kind];
    if (value === undefined || !isMapping(value)) {
      continue;
    }
    const entries = Object.entries(value).map(([name, entry]): [string, JsonValue] => {
      if (isMapping(entry) && seen.has(entry)) {
        return [name, null];
      }
      seen.add(entry);
      return [name, entry];
    });
    for (let at = 0; at < entries.length; at += BATCH) {
      pieces.push({ version: 1, [kind]: Object.fromEntries(entries.slice(at, at + BATCH)) });
    }
  }
  return pieces;
}

function isMapping(data: JsonValue): data is { readonly [key: string]: JsonValue } {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

/** The kinds that a file may write: the root's properties whose entries are the definition of the same name. */
export const fileKinds: readonly string[] = Object.keys(schema.properties).filter(
  (key) => entriesOf(key)?.$ref === `#/definitions/${key}`,
);

/** The attributes that an entry of this kind may have, and their schemas. */
export function attributesOf(kind: string): ReadonlyMap<string, SchemaNode> {
  const entry = entriesOf(kind);
  return new Map(Object.entries((entry === undefined ? undefined : resolve(entry).properties) ?? {}));
}

/** The attributes of any kind that are sent and never reported back. A value of theirs is a reference to a secret. */
export const writeOnlyAttributes: readonly string[] = [
  ...new Set(
    fileKinds.flatMap((kind) =>
      [...attributesOf(kind)].filter(([, node]) => node.writeOnly === true).map(([name]) => name),
    ),
  ),
];

/** The schema that holds for what lies under a key, or under the items of a list. */
export function below(node: SchemaNode, segment: string): SchemaNode | null {
  const resolved = resolve(node);
  if (resolved.properties !== undefined && Object.hasOwn(resolved.properties, segment)) {
    return resolved.properties[segment] ?? null;
  }
  if (resolved.items !== undefined) {
    return resolved.items;
  }
  return typeof resolved.additionalProperties === "object" ? resolved.additionalProperties : null;
}

/** The name of the definition that a schema refers to, through any number of others. */
export function definitionOf(node: SchemaNode): string | null {
  let name: string | null = null;
  for (let reference = referenceOf(node); reference !== null; ) {
    name = reference;
    const target = definitionsByName.get(reference);
    reference = target === undefined ? null : referenceOf(target);
  }
  return name;
}

/** A schema with its references followed. */
export function resolve(node: SchemaNode): SchemaNode {
  const name = definitionOf(node);
  return (name === null ? undefined : definitionsByName.get(name)) ?? node;
}

function referenceOf(node: SchemaNode): string | null {
  const reference = node.$ref ?? node.allOf?.find((part) => part.$ref !== undefined)?.$ref;
  return reference?.slice("#/definitions/".length) ?? null;
}

function entriesOf(key: string): SchemaNode | undefined {
  const property = new Map<string, SchemaNode>(Object.entries(schema.properties)).get(key);
  return typeof property?.additionalProperties === "object" ? property.additionalProperties : undefined;
}

let validate: ReturnType<typeof compileSchema> | undefined;

/** Compiled at the first use: a command that reads no file does not pay for it. */
function compiled() {
  validate ??= compileSchema();
  return validate;
}
