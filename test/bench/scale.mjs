// How time and memory grow with the number of tunnels, through the whole program.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { measure, median, rounded, table, warren, withFolder, withServer } from "./measure.mjs";

const SIZES = [1, 1_000, 10_000, 100_000];

const CASES = [
  { name: "validate", argv: ["validate"], isLive: true },
  { name: "plan, nothing to do", argv: ["plan"], isLive: true },
  { name: "plan, all to create", argv: ["plan"], isLive: false },
  { name: "plan --json, all to create", argv: ["plan", "--json"], isLive: false },
  { name: "plan --format markdown, all to create", argv: ["plan", "--format", "markdown"], isLive: false },
];

/** Each case at each size; the server answers at once, so that what is measured is warren. */
export async function benchScale({ rounds, log }) {
  const results = [];
  for (const { name, argv, isLive } of CASES) {
    const points = [];
    for (const size of SIZES) {
      log(`${name}: ${size}`);
      const names = Array.from({ length: size }, (_, index) => `t${index}`);
      const runs = await withFolder((cwd) =>
        withServer({ live: isLive ? names : [] }, async ({ env }) => {
          const entries = names.map((each) => `  ${each}: { config_src: cloudflare }\n`);
          writeFileSync(join(cwd, "tunnels.yaml"), `version: 1\ncfd_tunnel:\n${entries.join("")}`);
          const all = [];
          for (let round = 0; round < rounds; round++) {
            all.push(await measure([warren, ...argv], { cwd, env }));
          }
          return all;
        }),
      );
      const of = (field) => rounded(median(runs.map((run) => run[field])), 0);
      points.push({ size, wall_ms: of("wall"), cpu_ms: of("cpu"), memory_mb: of("memory") });
    }
    results.push({ name, points, exponents: exponents(points) });
  }
  return results;
}

/** Of the CPU time beyond what a single tunnel takes: 1 is proportional. From 1,000 to 10,000, and on to 100,000. */
function exponents([one, ...points]) {
  return points.slice(1).map(({ cpu_ms }, index) => {
    const [larger, smaller] = [cpu_ms - one.cpu_ms, points[index].cpu_ms - one.cpu_ms];
    return rounded(Math.log10(larger / smaller));
  });
}

export function scaleTable(results) {
  return table(
    ["", ...SIZES.map((size) => size.toLocaleString("en")), "exponents"],
    results.map(({ name, points, exponents }) => [
      name,
      ...points.map(
        ({ wall_ms, cpu_ms, memory_mb }) =>
          `${(wall_ms / 1_000).toFixed(2)} s, CPU ${(cpu_ms / 1_000).toFixed(2)} s, ${memory_mb} MB`,
      ),
      exponents.join(", "),
    ]),
  );
}
