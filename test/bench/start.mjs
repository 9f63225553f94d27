// How long a start takes, as a ratio to what Node itself takes to start and end.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median, rounded, table, time, warren, withFolder, withServer } from "./measure.mjs";

const example = fileURLToPath(new URL("../../tunnels.yaml", import.meta.url));

/** What is held against `node -e 0`, and the goals: for Node 20, and for later versions. */
const CASES = [
  { name: "warren --version", argv: [warren, "--version"], goals: [1.25, 1.25] },
  { name: "warren --help", argv: [warren, "--help"], goals: [1.25, 1.25] },
  { name: "warren validate (the example)", argv: [warren, "validate", "--file", example], goals: [1.6, 1.6] },
  { name: "warren plan (one page)", argv: [warren, "plan"], goals: [4, 2.6] },
  // What of it is Node's own: one request by the built-in fetch, and nothing else.
  { name: "fetch alone", argv: ["-e", "fetch(process.env.CLOUDFLARE_BASE_URL).then((r) => r.text())"] },
];

/** Runs everything in turn, so that what slows the machine slows all alike; the first rounds do not count. */
export async function benchStart({ nodes, rounds, warmUp = 3 }) {
  const results = [];
  for (const node of nodes) {
    results.push(
      await withFolder((cwd) =>
        withServer({}, async ({ env }) => {
          writeFileSync(join(cwd, "tunnels.yaml"), "version: 1\ncfd_tunnel:\n  web:\n  api:\n");
          const bare = [];
          const times = CASES.map(() => []);
          for (let round = -warmUp; round < rounds; round++) {
            const one = [await time(node.path, ["-e", "0"], { cwd })];
            for (const { argv } of CASES) {
              one.push(await time(node.path, argv, { cwd, env }));
            }
            if (round < 0) {
              continue;
            }
            bare.push(one[0]);
            times.forEach((list, index) => list.push(one[index + 1]));
          }
          return {
            node: node.version,
            bare_ms: rounded(median(bare), 1),
            cases: CASES.map(({ name, goals }, index) => ({
              name,
              ms: rounded(median(times[index]), 1),
              ratio: rounded(median(times[index]) / median(bare)),
              // Of the fastest runs: what is left of it on a machine that has other work, too.
              best_ratio: rounded(Math.min(...times[index]) / Math.min(...bare)),
              goal: goals?.[node.version.startsWith("v20.") ? 0 : 1] ?? null,
            })),
          };
        }),
      ),
    );
  }
  return results;
}

export function startTable(results) {
  const cell = ({ ratio, best_ratio, ms, goal }) =>
    `${ratio.toFixed(2)} (fastest ${best_ratio.toFixed(2)}; ${ms.toFixed(0)} ms)${goal === null ? "" : `, goal ${goal}`}`;
  return table(
    ["times `node -e 0`", ...results.map(({ node, bare_ms }) => `${node} (${bare_ms.toFixed(0)} ms)`)],
    CASES.map(({ name }, index) => [name, ...results.map(({ cases }) => cell(cases[index]))]),
  );
}
