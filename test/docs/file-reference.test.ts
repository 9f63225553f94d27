import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { stringify } from "yaml";
import { describe, expect, it } from "vitest";
import schema from "../../schema/tunnels.schema.json" with { type: "json" };

/** The page. Its tables are made of the schema: after a change there, `npx vitest run test/docs/file-reference.test.ts -u`. */
const path = fileURLToPath(new URL("../../docs/file.md", import.meta.url));
const page = readFileSync(path, "utf8");

interface Node {
  readonly $ref?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly const?: unknown;
  readonly required?: readonly string[];
  readonly properties?: { readonly [name: string]: Node };
}

/** The place of each object of the schema that names its keys. */
function placesIn(node: unknown, place = "#"): readonly string[] {
  if (typeof node !== "object" || node === null) {
    return [];
  }
  const own = "properties" in node && !place.endsWith("/properties") ? [place] : [];
  return [...own, ...Object.entries(node).flatMap(([name, each]) => placesIn(each, `${place}/${name}`))];
}

/** What stands at a place. What is written beside a reference counts before what it leads to. */
function at(place: string): Node {
  const steps = place.split("/").slice(1);
  const node = steps.reduce<unknown>(
    (from, step) => (from as { [name: string]: unknown })[step],
    schema,
  ) as Node;
  // The one value that there is is its own example.
  const only = node.const === undefined ? {} : { examples: [node.const] };
  return node.$ref === undefined ? { ...only, ...node } : { ...at(node.$ref), ...node };
}

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const code = (text: string) => (text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``);
const yaml = (value: unknown) => stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim();

function rowOf(place: string, name: string): string {
  const { required = [] } = at(place);
  const { description = "", examples = [], ...node } = at(`${place}/properties/${name}`);
  const said = /\(default ([^):]+)/.exec(description)?.[1];
  const fallback = required.includes(name)
    ? "must be written"
    : node.default === undefined
      ? (said ?? "–")
      : code(yaml(node.default));
  const example =
    examples.length === 0 ? "" : code(yaml({ [name]: examples[0] }).replace(/^\{ (.*) \}$/s, "$1"));
  return `| ${[code(name), cell(description), fallback, cell(example)].join(" | ")} |`;
}

function tableOf(place: string): string {
  const names = Object.keys(at(place).properties ?? {});
  return [
    "| key | what it says | default | example |",
    "| --- | --- | --- | --- |",
    ...names.map((name) => rowOf(place, name)),
  ].join("\n");
}

describe("docs/file.md", () => {
  const marks = [...page.matchAll(/^<!-- keys: (\S+) -->$/gm)].map(([, place = ""]) => place);

  it("has a table for every object of the schema", () => {
    expect([...marks].sort(), "a `<!-- keys: PLACE -->` and an `<!-- end -->` for each").toEqual(
      [...placesIn(schema)].sort(),
    );
  });

  it("says of every key what the schema says: what it means, its default, an example", async () => {
    const made = page.replaceAll(
      /^<!-- keys: (\S+) -->\n.*?^<!-- end -->$/gms,
      (_, place: string) => `<!-- keys: ${place} -->\n\n${tableOf(place)}\n\n<!-- end -->`,
    );
    await expect(made).toMatchFileSnapshot(path);
  });

  it.each(
    placesIn(schema).flatMap((place) =>
      Object.keys(at(place).properties ?? {}).map((name) => `${place}/properties/${name}`),
    ),
  )("%s has an example that is valid", (place) => {
    const { description, examples } = at(place);
    expect([description, examples]).not.toContain(undefined);
    const check = new Ajv({ strict: false }).addSchema(schema).compile({ $ref: `${schema.$id}${place}` });
    expect((examples ?? []).filter((example) => !check(example))).toEqual([]);
  });
});
