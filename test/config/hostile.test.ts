import { expect, test } from "vitest";
import { loadDesiredState } from "../../src/config/load.ts";
import { problemsJson, renderProblems } from "../../src/render/text/problem.ts";

/** Large enough that time that grows with the square of it is minutes. */
const SIZE = 300_000;
/** Of the processor, so that a busy machine fails nothing. */
const MOST_MS = 8_000;

const HEAD = "version: 1\n";
const TUNNELS = `${HEAD}cfd_tunnel:\n`;
const LONG = "a".repeat(SIZE / 2);
const letters = "abcdefghijklmnopqrstuvwxyz0123456789";

const cases: readonly (readonly [string, string])[] = [
  ["blank lines behind a secret's key", `${HEAD}tunnel_secret:${fill("\n")}}: [`],
  ["spaces in a key that begins with a secret's", `${HEAD}? "tunnel_secret${fill(" ")}"\n: 1\n`],
  [
    "a cycle of renames",
    `${TUNNELS}${numbered((at, of) => `  n${at}: { renamed_from: n${(at + 1) % of} }\n`)}`,
  ],
  [
    "a reference to a secret with many keys",
    `${TUNNELS}  n: { tunnel_secret: { ${numbered((at) => `e${at}: 1, `)} } }`,
  ],
  [
    "aliases of no anchor, beside one of a long name",
    `${HEAD}x: &${LONG} 1\ny: [${fill("*b, ").slice(SIZE / 2)}]`,
  ],
  [
    "many aliases of no anchor, beside a few",
    `${HEAD}${anchors()}y: [${numbered((at) => `*${"abcdefgi".repeat(7)}${at}, `)}]`,
  ],
  ["a long text that aliases repeat", `${HEAD}x: &a ${LONG}\nprotected:\n${fill("- *a\n").slice(SIZE / 2)}`],
  ["a kind mistyped again and again", `${TUNNELS}${numbered((at) => `  n${at}:\n`)}${mistyped()}`],
  ["a long name with many attributes", `${TUNNELS}  ? ${LONG}\n  : { ${numbered((at) => `x${at}: 5, `)} }`],
  ["errors of the syntax within one text", `${HEAD}x: "${fill("\\q")}"`],
  ["brackets that are not closed", `${HEAD}${fill("- [\n")}`],
  ["one key again and again", `${HEAD}${fill("a:\n")}`],
];

test.each(cases)(
  "%s: a large file is judged in time that grows with its size",
  async (_, text) => {
    const begin = process.cpuUsage();
    const result = await loadDesiredState([{ path: "a.yaml", text }], { env: {} });
    const problems = result.ok ? [] : result.problems;
    expect(problems.length).toBeGreaterThan(0);
    expect(problemsJson(problems)).toHaveLength(problems.length);
    renderProblems(problems);
    const { user } = process.cpuUsage(begin);
    expect(user / 1_000).toBeLessThan(MOST_MS);
  },
  60_000,
);

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

function fill(unit: string): string {
  return unit.repeat(SIZE / unit.length);
}

function numbered(unit: (at: number, of: number) => string): string {
  const count = Math.floor(SIZE / unit(SIZE / 10, 1).length);
  return Array.from({ length: count }, (_, at) => unit(at, count)).join("");
}

function anchors(): string {
  return Array.from({ length: 49 }, (_, at) => `a${at}: &${"abcdefgh".repeat(7)}${at} 1\n`).join("");
}

/** Each a key of its own, and each near to `cfd_tunnel`. */
function mistyped(): string {
  const letter = (at: number) => letters[at % 36] ?? "";
  return Array.from(
    { length: 20_000 },
    (_, at) => `cfd_tunn${letter(at)}${letter(Math.floor(at / 36))}${letter(Math.floor(at / 1_296))}: {}\n`,
  ).join("");
}
