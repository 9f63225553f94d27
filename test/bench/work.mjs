// The same work by warren and its peers, each against a sandbox of its own behind a set round-trip time.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { here, measure, median, rounded, table, warren, withFolder, withServer } from "./measure.mjs";

/** Every tool reads the same wish from the file that it is given, and keeps eight requests in flight. */
const TOOLS = {
  warren: { file: "tunnels.yaml", write: asYaml, argv: [warren, "apply", "--yes"] },
  sdk: { file: "wanted.json", write: JSON.stringify, argv: [join(here, "peers/sdk.mjs"), "wanted.json"] },
  alchemy: {
    file: "wanted.json",
    write: JSON.stringify,
    argv: [join(here, "peers/alchemy.mjs"), "wanted.json"],
  },
};

export const RTT_MS = 50;

function asYaml(wanted) {
  const entries = wanted.map(({ name, renamed_from }) =>
    renamed_from === undefined
      ? `  ${name}: { config_src: cloudflare }\n`
      : `  ${name}: { config_src: cloudflare, renamed_from: ${renamed_from} }\n`,
  );
  return `version: 1\ncfd_tunnel:\n${entries.join("")}`;
}

/** What is wished for, one wish after the other on the same account: nothing is there, all is there, 1 % is renamed. */
function scenarios(size) {
  const wanted = Array.from({ length: size }, (_, index) => ({ name: `t${index}` }));
  const renamed = wanted.map(({ name }, index) =>
    index % 100 === 7 ? { name: `${name}-new`, renamed_from: name } : { name },
  );
  return [
    { name: "from empty", wanted },
    { name: "unchanged", wanted },
    { name: "1 % renamed", wanted: renamed },
  ];
}

/** A tool whose first round at a size takes longer than this has one round there. */
const PATIENCE_MS = 120_000;

/** Runs the tools in turn, round by round, and checks after each run that the account is as was wished. */
export async function benchWork({ sizes, rounds, peers, log }) {
  const tools = Object.entries(TOOLS).filter(([name]) => name === "warren" || peers);
  const results = [];
  for (const size of sizes) {
    const runs = new Map();
    const tooSlow = new Set();
    for (let round = 0; round < rounds; round++) {
      for (const [tool, how] of tools.filter(([tool]) => !tooSlow.has(tool))) {
        log(`${size} tunnels, round ${round + 1} of ${rounds}: ${tool}`);
        const begin = performance.now();
        const done = await runScenarios(how, size);
        if (performance.now() - begin > PATIENCE_MS) {
          tooSlow.add(tool);
        }
        for (const [scenario, run] of done) {
          const key = `${scenario}/${tool}`;
          runs.set(key, [...(runs.get(key) ?? []), run]);
        }
      }
    }
    for (const { name: scenario } of scenarios(size)) {
      for (const [tool] of tools) {
        results.push(
          summary(size, scenario, tool, runs.get(`${scenario}/${tool}`), runs.get(`${scenario}/warren`)),
        );
      }
    }
  }
  return results;
}

function runScenarios(how, size) {
  return withFolder((cwd) =>
    withServer({ rtt: RTT_MS }, async ({ env, ask }) => {
      const runs = [];
      for (const { name, wanted } of scenarios(size)) {
        writeFileSync(join(cwd, how.file), how.write(wanted));
        const used = await measure(how.argv, { cwd, env: { ...env, ALCHEMY_TELEMETRY_DISABLED: "1" } });
        const { requests, connections } = await ask("counts");
        assertSame(
          await ask("names"),
          wanted.map((each) => each.name),
        );
        runs.push([name, { ...used, requests, connections }]);
      }
      return runs;
    }),
  );
}

function assertSame(found, wanted) {
  const names = new Set(found);
  const missing = wanted.filter((name) => !names.has(name));
  if (found.length !== wanted.length || missing.length > 0) {
    throw new Error(`The account has ${found.length} tunnels; missing: ${missing.slice(0, 5).join(", ")}`);
  }
}

function summary(size, scenario, tool, runs, warrenRuns) {
  const of = (field) => median(runs.map((run) => run[field]));
  return {
    size,
    scenario,
    tool,
    runs: runs.length,
    requests: of("requests"),
    connections: of("connections"),
    wall_ms: rounded(of("wall"), 0),
    cpu_ms: rounded(of("cpu"), 0),
    memory_mb: rounded(of("memory"), 0),
    // Of runs that followed each other.
    wall_ratio: rounded(median(runs.map(({ wall }, round) => wall / warrenRuns[round].wall))),
    cpu_ratio: rounded(median(runs.map(({ cpu }, round) => cpu / warrenRuns[round].cpu))),
  };
}

export function workTable(results) {
  return table(
    ["work", "tool", "requests", "connections", "wall", "ratio", "CPU", "ratio", "peak memory"],
    results.map((row) => [
      `${row.size} tunnels, ${row.scenario}`,
      row.runs === 1 ? `${row.tool} (one run)` : row.tool,
      row.requests,
      row.connections,
      `${(row.wall_ms / 1_000).toFixed(2)} s`,
      row.wall_ratio.toFixed(2),
      `${(row.cpu_ms / 1_000).toFixed(2)} s`,
      row.cpu_ratio.toFixed(2),
      `${row.memory_mb} MB`,
    ]),
  );
}
