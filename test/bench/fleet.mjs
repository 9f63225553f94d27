// What many accounts take: their matrix, a plan of each that finds nothing to do, and one page of what their jobs left.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  capture,
  measure,
  median,
  rounded,
  table,
  time,
  warren,
  withFolder,
  withServer,
} from "./measure.mjs";

const ACCOUNTS = 100;
const TUNNELS = 1_000;
/** So many processes side by side, as a runner with two cores has them. */
const JOBS = 2;
const DOCUMENTS = 300;
/** Of each document's plan. */
const CHANGES = [0, 100, 1_000];

const names = (count, letter) => Array.from({ length: count }, (_, at) => `${letter}${at}`);
const idOf = (at) => `a${String(at).padStart(31, "0")}`;
const fileOf = (tunnels, id) =>
  `version: 1\n${id === null ? "" : `account_id: ${id}\n`}cfd_tunnel:\n${tunnels.map((name) => `  ${name}: { config_src: cloudflare }\n`).join("")}`;

export async function benchFleet({ rounds, log }) {
  const results = [];
  const add = (name, runs, more = {}) => {
    const of = (field) => rounded(median(runs.map((run) => run[field])), 0);
    results.push({ name, wall_ms: of("wall"), cpu_ms: of("cpu"), memory_mb: of("memory"), ...more });
  };
  log("matrix");
  add(
    `matrix of ${ACCOUNTS} accounts with ${TUNNELS} tunnels each`,
    await withFolder((cwd) => matrixRuns(cwd, rounds)),
  );
  log("plans");
  results.push(await withFolder(planAll));
  for (const changes of CHANGES) {
    log(`merge: ${changes} changes`);
    const runs = await withFolder((cwd) => mergeRuns(cwd, changes, rounds));
    add(`merge of ${DOCUMENTS} documents with ${changes} changes each`, runs);
  }
  return results;
}

async function matrixRuns(cwd, rounds) {
  writeFileSync(join(cwd, "fleet.yaml"), "version: 1\ndiscover: accounts/*/tunnels.yaml\n");
  const file = names(TUNNELS, "t");
  for (const [at, name] of names(ACCOUNTS, "a").entries()) {
    mkdirSync(join(cwd, "accounts", name), { recursive: true });
    writeFileSync(join(cwd, "accounts", name, "tunnels.yaml"), fileOf(file, idOf(at)));
  }
  const runs = [];
  for (let round = 0; round < rounds; round++) {
    runs.push(await measure([warren, "matrix"], { cwd }));
  }
  return runs;
}

/** One account stands for all: its plan is the same process with the same requests. */
function planAll(cwd) {
  const live = names(TUNNELS, "t");
  writeFileSync(join(cwd, "tunnels.yaml"), fileOf(live, null));
  return withServer({ live }, async ({ env, ask }) => {
    const plan = () => time(process.execPath, [warren, "plan", "--json"], { cwd, env });
    const one = await plan();
    await ask("counts");
    const begin = performance.now();
    let left = ACCOUNTS;
    const job = async () => {
      while (left > 0) {
        left -= 1;
        await plan();
      }
    };
    await Promise.all(Array.from({ length: JOBS }, job));
    const { requests } = await ask("counts");
    const wall_ms = rounded(performance.now() - begin, 0);
    return {
      name: `${ACCOUNTS} plans, nothing to do, ${TUNNELS} tunnels each, ${JOBS} at a time`,
      wall_ms,
      one_ms: rounded(one, 0),
      requests,
    };
  });
}

async function mergeRuns(cwd, changes, rounds) {
  mkdirSync(join(cwd, "documents"));
  writeFileSync(join(cwd, "tunnels.yaml"), fileOf(names(Math.max(changes, 1), "t"), null));
  const text = await withServer({ live: changes === 0 ? ["t0"] : [] }, ({ env }) =>
    capture([warren, "plan", "--json", "--run-id", "1"], { cwd, env }),
  );
  const document = JSON.parse(text);
  const include = names(DOCUMENTS, "a").map((account, at) => ({
    account,
    account_id: idOf(at),
    files: "x",
    environment: null,
    wave: null,
  }));
  writeFileSync(
    join(cwd, "matrix.json"),
    JSON.stringify({ format_version: "1.0", run: "1", include, removed: [] }),
  );
  for (const { account, account_id } of include) {
    const made_from = { ...document.made_from, account, account_id };
    writeFileSync(
      join(cwd, "documents", `${account}.json`),
      JSON.stringify({ ...document, account_id, made_from }, null, 2),
    );
  }
  const runs = [];
  for (let round = 0; round < rounds; round++) {
    runs.push(
      await measure([warren, "merge", "documents", "--expect", "matrix.json", "--format", "markdown"], {
        cwd,
      }),
    );
  }
  return runs;
}

export function fleetTable(results) {
  const seconds = (ms) => `${(ms / 1_000).toFixed(2)} s`;
  return table(
    ["", "takes", "CPU", "memory", "requests"],
    results.map(({ name, wall_ms, cpu_ms, memory_mb, requests }) => [
      name,
      seconds(wall_ms),
      cpu_ms === undefined ? "" : seconds(cpu_ms),
      memory_mb === undefined ? "" : `${memory_mb} MB`,
      requests === undefined ? "" : String(requests),
    ]),
  );
}
