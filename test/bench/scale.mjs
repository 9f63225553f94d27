// How time and memory grow with the number of tunnels, or of ingress rules, through the whole program.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { measure, median, rounded, table, warren, withFolder, withServer } from "./measure.mjs";

const SIZES = [1, 1_000, 10_000, 100_000];

/** A file of so many tunnels. */
function tunnelsFile(size) {
  return fileOf(size, () => "{ config_src: cloudflare }");
}

/** A file of so many rules, in tunnels of ten; every fifth has a path. */
function rulesFile(size) {
  return fileOf(Math.ceil(size / 10), (tunnel) => {
    const rules = Array.from({ length: Math.min(size, 10) - 1 }, (_, at) => {
      const path = at % 5 === 0 ? "path: ^/api/, " : "";
      return `      - { hostname: h${at}.${tunnel}.example.com, ${path}service: "http://localhost:${8000 + at}" }\n`;
    });
    return `\n    ingress:\n${rules.join("")}      - service: http_status:404`;
  });
}

/** A file of so many routes, in tunnels of ten. */
function routesFile(size) {
  const limits = `limits: { max_routes: ${2 * size} }\n`;
  const networks = networksOf(size);
  return `${fileOf(Math.ceil(size / 10), (name) => {
    const from = 10 * Number(name.slice(1));
    return `{ routes: [${networks.slice(from, from + 10).join(", ")}] }`;
  })}${limits}`;
}

function networksOf(count) {
  return Array.from({ length: count }, (_, at) => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}/32`);
}

function fileOf(count, entryOf) {
  const entries = namesOf(count).map((name) => `  ${name}: ${entryOf(name)}\n`);
  return `version: 1\ncfd_tunnel:\n${entries.join("")}`;
}

function namesOf(count) {
  return Array.from({ length: count }, (_, index) => `t${index}`);
}

const CASES = [
  { name: "validate", argv: ["validate"], isLive: true },
  { name: "validate, so many rules in tunnels of ten", argv: ["validate"], isLive: false, file: rulesFile },
  { name: "plan, nothing to do", argv: ["plan"], isLive: true },
  {
    name: "plan, nothing to do, so many routes of tunnels with ten",
    argv: ["plan"],
    isLive: true,
    file: routesFile,
  },
  { name: "plan, all to create", argv: ["plan"], isLive: false },
  { name: "plan --json, all to create", argv: ["plan", "--json"], isLive: false },
  { name: "plan --format markdown, all to create", argv: ["plan", "--format", "markdown"], isLive: false },
];

/** Each case at each size; the server answers at once, so that what is measured is warren. */
export async function benchScale({ rounds, log }) {
  const results = [];
  for (const { name, argv, isLive, file = tunnelsFile } of CASES) {
    const points = [];
    for (const size of SIZES) {
      log(`${name}: ${size}`);
      const runs = await withFolder((cwd) =>
        withServer(seedOf(size, isLive, file), async ({ env }) => {
          writeFileSync(join(cwd, "tunnels.yaml"), file(size));
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

/** What lives at the beginning: so many tunnels, or a tenth of them with ten routes each. */
function seedOf(size, isLive, file) {
  if (!isLive) {
    return {};
  }
  if (file !== routesFile) {
    return { live: namesOf(size) };
  }
  const routes = networksOf(size).map((network, at) => ({ network, tunnel: Math.floor(at / 10) }));
  return { live: namesOf(Math.ceil(size / 10)), routes };
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
