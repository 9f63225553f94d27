import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import schema from "../../schema/tunnels.schema.json" with { type: "json" };
import { createRig } from "../support/rig.ts";
import { kinds } from "../../src/kinds/index.ts";

const top = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

it("registers every kind once", () => {
  const names = kinds.map(({ kind }) => kind);
  expect(new Set(names).size).toBe(names.length);
});

it.each(kinds)("$kind has all that a kind consists of", async (adapter) => {
  const { kind, card, partOf, ownedBy, within } = adapter;
  if (partOf !== undefined) {
    // Its keys stand in the entry of what it is a part of, and so do its example and the suite's questions.
    expect(existsSync(top(`src/kinds/${kind}/index.ts`))).toBe(true);
    expect(existsSync(top(`test/kinds/${kind}.test.ts`))).toBe(true);
    expect(await adapter.list(createRig().client)).toEqual([]);
    return;
  }
  const examples = readdirSync(top("examples"), { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".yaml"),
  );
  expect({
    adapter: existsSync(top(`src/kinds/${kind}/index.ts`)),
    schema: (ownedBy !== undefined || kind in schema.properties) && kind in schema.definitions,
    sandbox: await adapter.list(createRig().client).then(Array.isArray),
    tests: readFileSync(top(`test/kinds/${kind}.test.ts`), "utf8").includes(
      // What lies in containers has questions of its own.
      within === undefined ? "describeKind(" : "speaks the API",
    ),
    card: card.noun !== "" && card.paths.length > 0 && card.permission !== "",
    example: examples.some((file) =>
      new RegExp(ownedBy === undefined ? `^${kind}:` : `^ *${card.exportedAs}:`, "m").test(
        readFileSync(top(`examples/${file}`), "utf8"),
      ),
    ),
  }).toEqual({ adapter: true, schema: true, sandbox: true, tests: true, card: true, example: true });
});
