import { expect, test } from "vitest";
import { loadDesiredState } from "../../src/config/load.ts";
import { growsWithItsSize } from "../support/growth.ts";
import { problemsJson, renderProblems } from "../../src/render/text/problem.ts";

const HEAD = "version: 1\n";
const TUNNELS = `${HEAD}cfd_tunnel:\n`;
const letters = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Texts by their size, in characters. */
const cases: readonly (readonly [string, (size: number) => string])[] = [
  ["blank lines behind a secret's key", (size) => `${HEAD}tunnel_secret:${fill("\n", size)}}: [`],
  [
    "spaces in a key that begins with a secret's",
    (size) => `${HEAD}? "tunnel_secret${fill(" ", size)}"\n: 1\n`,
  ],
  [
    "a cycle of renames",
    (size) => `${TUNNELS}${numbered((at, of) => `  n${at}: { renamed_from: n${(at + 1) % of} }\n`, size)}`,
  ],
  [
    "a reference to a secret with many keys",
    (size) => `${TUNNELS}  n: { tunnel_secret: { ${numbered((at) => `e${at}: 1, `, size)} } }`,
  ],
  [
    "aliases of no anchor, beside one of a long name",
    (size) => `${HEAD}x: &${fill("a", size / 2)} 1\ny: [${fill("*b, ", size / 2)}]`,
  ],
  [
    "many aliases of no anchor, beside a few",
    (size) => `${HEAD}${anchors()}y: [${numbered((at) => `*${"abcdefgi".repeat(7)}${at}, `, size)}]`,
  ],
  [
    "a long text that aliases repeat",
    (size) => `${HEAD}x: &a ${fill("a", size / 2)}\nprotected:\n${fill("- *a\n", size / 2)}`,
  ],
  [
    "a kind mistyped again and again",
    (size) => `${TUNNELS}${numbered((at) => `  n${at}:\n`, size)}${mistyped(size)}`,
  ],
  [
    "a long name with many attributes",
    (size) => `${TUNNELS}  ? ${fill("a", size / 2)}\n  : { ${numbered((at) => `x${at}: 5, `, size)} }`,
  ],
  ["errors of the syntax within one text", (size) => `${HEAD}x: "${fill("\\q", size)}"`],
  ["brackets that are not closed", (size) => `${HEAD}${fill("- [\n", size)}`],
  ["one key again and again", (size) => `${HEAD}${fill("a:\n", size)}`],
];

test.each(cases)("%s: a file is judged in time that grows with its size", async (_, textOf) => {
  await growsWithItsSize(async (size) => {
    const result = await loadDesiredState([{ path: "a.yaml", text: textOf(size) }], { env: {} });
    const problems = result.ok ? [] : result.problems;
    expect(problems.length).toBeGreaterThan(0);
    expect(problemsJson(problems)).toHaveLength(problems.length);
    renderProblems(problems);
  }, 20_000);
});

test("more than 100,000 problems are not listed, which is said", async () => {
  const text = `${HEAD}${Array.from({ length: 100_020 }, (_, at) => `k${at}:\n`).join("")}`;
  const result = await loadDesiredState([{ path: "a.yaml", text }], { env: {} });
  const problems = result.ok ? [] : result.problems;
  expect(problems).toHaveLength(100_001);
  expect(problems.at(-1)).toMatchObject({
    code: "too_many_problems",
    limit: 100_000,
    location: { line: 100_002 },
  });
  expect(problemsJson(problems).at(-1)?.message).toBe(
    "more than 100000 problems; those from here on are not listed",
  );
});

function fill(unit: string, size: number): string {
  return unit.repeat(size / unit.length);
}

function numbered(unit: (at: number, of: number) => string, size: number): string {
  const count = Math.floor(size / unit(size / 10, 1).length);
  return Array.from({ length: count }, (_, at) => unit(at, count)).join("");
}

function anchors(): string {
  return Array.from({ length: 49 }, (_, at) => `a${at}: &${"abcdefgh".repeat(7)}${at} 1\n`).join("");
}

/** Each a key of its own, and each near to `cfd_tunnel`. */
function mistyped(size: number): string {
  const letter = (at: number) => letters[at % 36] ?? "";
  return Array.from(
    { length: Math.floor(size / 15) },
    (_, at) => `cfd_tunn${letter(at)}${letter(Math.floor(at / 36))}${letter(Math.floor(at / 1_296))}: {}\n`,
  ).join("");
}
