import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import type { DesiredState } from "../../src/engine/resource.ts";
import type { Result } from "../../src/config/problem.ts";
import { loadDesiredState } from "../../src/config/load.ts";
import { problemsJson, renderProblems } from "../../src/render/problem.ts";
import { visibleForTests } from "./visible.ts";

const top = join(import.meta.dirname, "..", "..");
const seeds: readonly Buffer[] = [
  join(top, "tunnels.yaml"),
  ...readdirSync(join(top, "examples"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => join(top, "examples", name)),
  ...["secrets", "syntax", "yaml-features", "renames"].map((name) =>
    join(import.meta.dirname, "bad", `${name}.txt`),
  ),
].map((path) => readFileSync(path));

/** Loads and renders; what does not end in a state must end in problems with a place in the text. */
function loadFully(text: string | Uint8Array): Result<DesiredState> {
  const started = performance.now();
  const result = loadDesiredState([{ path: "a.yaml", text }], { env: {} });
  expect(performance.now() - started).toBeLessThan(1_000);
  if (result.ok) return result;

  expect(result.problems.length).toBeGreaterThan(0);
  const lines = (typeof text === "string" ? text : Buffer.from(text).toString("utf8")).split("\n");
  for (const { location, excerpt } of result.problems) {
    expect(location.line).toBeGreaterThanOrEqual(1);
    expect(location.line).toBeLessThanOrEqual(lines.length);
    expect(location.column).toBeGreaterThanOrEqual(1);
    expect(location.column).toBeLessThanOrEqual((lines[location.line - 1]?.length ?? 0) + 2);
    if (excerpt !== null) {
      expect(excerpt.caret).toBeLessThanOrEqual(excerpt.text.length);
      expect(excerpt.length).toBeGreaterThanOrEqual(1);
    }
  }
  const shown = renderProblems(result.problems, visibleForTests);
  expect(shown.split("\n").every((line) => line === visibleForTests(line))).toBe(true);
  expect(problemsJson(result.problems, visibleForTests)).toHaveLength(result.problems.length);
  return result;
}

const key = fc.oneof(
  fc.constantFrom(
    "version",
    "account_id",
    "prune",
    "prefix",
    "limits",
    "max_deletes",
    "min_idle",
    "protected",
    "cfd_tunnel",
    "warp_connector",
    "id",
    "renamed_from",
    "state",
    "replace",
    "config_src",
    "tunnel_secret",
    "env",
    "file",
    "ha",
    "__proto__",
    "constructor",
    "<<",
    "",
  ),
  fc.string({ unit: "binary", maxLength: 8 }),
);
const leaf = fc.oneof(
  fc.constantFrom(
    1,
    0,
    null,
    true,
    "1h",
    "absent",
    "present",
    "local",
    "${X}",
    "01926a3e-7c55-7d0a-9f3e-2b1c4d5e6f70",
  ),
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.double(),
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie("tree")), { maxLength: 6 }).map((pairs) => new Map(pairs)),
  ),
}));

test("an arbitrary structure ends in a state or in problems with places", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(key, tree), { maxLength: 8 }), (pairs) => {
      loadFully(stringify(new Map<string, unknown>([["version", 1], ...pairs])));
    }),
    { numRuns: 400 },
  );
});

const mutation = fc.record({
  at: fc.nat(),
  length: fc.nat({ max: 6 }),
  bytes: fc.oneof(
    fc.uint8Array({ maxLength: 6 }),
    fc
      .constantFrom(
        "\n",
        "\t",
        "  ",
        ": ",
        "- ",
        "[",
        "{",
        '"',
        "'",
        "|",
        ">",
        "&a ",
        "*a",
        "!x ",
        "#",
        "---\n",
        "%",
        "? ",
        "<<: ",
        "\0",
      )
      .map((text) => Buffer.from(text)),
  ),
});

test("a mutated example ends in a state or in problems with places", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...seeds),
      fc.array(mutation, { minLength: 1, maxLength: 6 }),
      (seed, mutations) => {
        const text = mutations.reduce((bytes, { at, length, bytes: put }) => {
          const from = at % (bytes.length + 1);
          return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + length)]);
        }, seed);
        loadFully(text);
      },
    ),
    { numRuns: 1_500 },
  );
});

const CANARY = "CANARY";
const secretText = fc
  .tuple(
    fc.constantFrom(
      "",
      '"',
      "'",
      "|\n      ",
      ">-\n      ",
      "[",
      "{ value: ",
      "{ env: '=",
      "&a ",
      "!x ",
      "\n      ",
      "*",
      "@",
      "{",
    ),
    fc.constantFrom("", "=", "==", ": x", "\n      CANARY", " # x", "\\q", '"', "'", "]", "}", "' }", "{{"),
  )
  .map(([before, behind]) => `${before}${CANARY}${behind}`);

test("a literal secret is never shown, however it is written and whatever else is wrong", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(
        "tunnel_secret: ",
        "tunnel_secret:",
        "'tunnel_secret': ",
        '"tunnel_secret" : ',
        "tunel_secret: ",
        "tunnel_secret = ",
        "tunnel-secret: ",
        "? tunnel_secret\n    : ",
      ),
      secretText,
      fc.constantFrom(
        "",
        "    confg_src: x\n",
        "    id: {\n",
        "   a: b\n",
        '    id: "\n',
        "\tid: 1\n",
        "    tunnel_secret: x\n",
      ),
      fc.constantFrom("", "    x: 1\n", "    id: {\n"),
      (name, secret, behind, before) => {
        const result = loadFully(
          `version: 1\ncfd_tunnel:\n  web:\n${before}    ${name}${secret}\n${behind}  api:\n`,
        );
        const problems = result.ok ? [] : result.problems;
        expect(result.ok).toBe(false);
        expect(JSON.stringify(problems)).not.toContain(CANARY);
        expect(renderProblems(problems, visibleForTests)).not.toContain(CANARY);
      },
    ),
    { numRuns: 3_000 },
  );
});

const name = fc.stringMatching(/^[a-z]{1,6}$/);
const entries = fc.uniqueArray(fc.tuple(fc.constantFrom("cfd_tunnel", "warp_connector"), name), {
  selector: ([kind, name]) => `${kind}/${name}`,
  maxLength: 20,
});

class WrittenFile {
  readonly protected: string[] = [];
  readonly kinds: (readonly [kind: string, name: string])[] = [];

  text(): string {
    const kinds = new Map(this.kinds.map(([kind]) => [kind, new Map<string, null>()]));
    for (const [kind, name] of this.kinds) kinds.get(kind)?.set(name, null);
    return stringify(new Map<string, unknown>([["version", 1], ["protected", this.protected], ...kinds]));
  }
}

test("the order of files and entries leaves no trace but the places", () => {
  fc.assert(
    fc.property(
      entries,
      fc.array(name, { maxLength: 4 }),
      fc.integer({ min: 1, max: 4 }),
      fc.infiniteStream(fc.nat()),
      (entries, protectedNames, count, random) => {
        const asked = [...entries.map((entry) => ({ entry })), ...protectedNames.map((name) => ({ name }))];
        const rank = () => random.next().value;
        const written = (shuffle: boolean) => {
          const order = shuffle ? sortedBy(asked, rank) : asked;
          const files = Array.from({ length: count }, () => new WrittenFile());
          for (const [at, item] of order.entries()) {
            const file = files[shuffle ? rank() % count : at % count];
            if ("name" in item) file?.protected.push(item.name);
            else file?.kinds.push(item.entry);
          }
          const texts = files.map((file, at) => ({ path: `${at}.yaml`, text: file.text() }));
          return withoutPlaces(loadDesiredState(shuffle ? sortedBy(texts, rank) : texts, { env: {} }));
        };
        expect(written(true)).toEqual(written(false));
      },
    ),
    { numRuns: 200 },
  );
});

function sortedBy<T>(items: readonly T[], rank: () => number): readonly T[] {
  return items
    .map((item) => ({ item, rank: rank() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

function withoutPlaces(result: Result<DesiredState>): unknown {
  if (!result.ok) return result;
  return { ...result.value, entries: result.value.entries.map((entry) => ({ ...entry, source: null })) };
}
