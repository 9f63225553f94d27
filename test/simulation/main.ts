/* What is bundled: the simulation as a test or the command line calls it. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { Violation } from "./checker.ts";
import { hashOf } from "./draw.ts";
import { simulate } from "./scenario.ts";

export { simulate };

/** What a number of seeds came to. */
export interface Summary {
  readonly seeds: number;
  readonly runs: number;
  readonly requests: number;
  /** What went wrong, by seed. */
  readonly failures: readonly { readonly seed: number; readonly violations: readonly Violation[] }[];
  /** How often a run of the program ended so. */
  readonly exits: { readonly [exit: string]: number };
  /** Over the hashes of all traces. */
  readonly hash: number;
}

/** Some seeds: every `step`th from `from`, and `count` of them. */
export interface Seeds {
  readonly from: number;
  readonly count: number;
  readonly step: number;
}

/** Plays seeds one after the other. */
export async function playAll({ from, count, step }: Seeds): Promise<Summary> {
  let requests = 0;
  let hash = 0;
  const failures: Summary["failures"][number][] = [];
  const exits: { [exit: string]: number } = {};
  for (let index = 0; index < count; index += 1) {
    const result = await simulate(from + index * step);
    requests += result.requests;
    hash = hashOf(String(result.hash), hash);
    for (const exit of result.exits) {
      exits[exit] = (exits[exit] ?? 0) + 1;
    }
    if (result.violations.length > 0) {
      failures.push({ seed: result.seed, violations: result.violations });
    }
  }
  const runs = Object.values(exits).reduce((sum, times) => sum + times, 0);
  return { seeds: count, runs, requests, failures, exits, hash };
}

const USAGE = `npm run simulate -- [--seeds N] [--from N] [--jobs N]
npm run simulate -- --seed N [--trace]`;

/** The command line. `file` is the bundle itself, for the other threads. Returns the exit code. */
export async function main(argv: readonly string[], file: string): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seeds: { type: "string", default: "2000" },
      from: { type: "string", default: "1" },
      jobs: { type: "string", default: String(availableParallelism()) },
      seed: { type: "string" },
      trace: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (values.seed !== undefined) {
    return playOne(Number(values.seed), values.trace);
  }
  const [count, from, jobs] = [values.seeds, values.from, values.jobs].map(Number);
  if (![count, from, jobs].every((value) => Number.isSafeInteger(value) && Number(value) > 0)) {
    console.error(USAGE);
    return 1;
  }
  return playMany(Number(from), Number(count), Number(jobs), file);
}

async function playOne(seed: number, trace: boolean): Promise<number> {
  const { hash, violations, requests, exits } = await simulate(
    seed,
    trace ? { trace: (line) => console.log(line) } : {},
  );
  for (const { rule, what } of violations) {
    console.log(`seed ${seed}: ${rule}: ${what}`);
  }
  console.log(`seed ${seed}: trace hash ${hash}, ${requests} requests, runs ended with ${exits.join(", ")}`);
  return violations.length === 0 ? 0 : 1;
}

async function playMany(from: number, count: number, jobs: number, file: string): Promise<number> {
  const start = performance.now();
  const parts = Array.from({ length: Math.min(jobs, count) }, (_, index) => ({
    from: from + index,
    count: Math.ceil((count - index) / jobs),
    step: jobs,
  }));
  const summaries = await Promise.all(parts.map((seeds) => playApart(seeds, file)));
  const seconds = (performance.now() - start) / 1_000;
  const failures = summaries.flatMap((summary) => summary.failures).sort((a, b) => a.seed - b.seed);
  for (const { seed, violations } of failures.slice(0, 20)) {
    const [first] = violations;
    console.log(`seed ${seed}: ${first?.rule}: ${first?.what.slice(0, 500)}`);
    console.log(`  npm run simulate -- --seed ${seed} --trace`);
  }
  const sum = (of: (summary: Summary) => number) => summaries.reduce((all, summary) => all + of(summary), 0);
  const exits = [...new Set(summaries.flatMap((summary) => Object.keys(summary.exits)))]
    .sort()
    .map((exit) => `${exit}: ${sum((summary) => summary.exits[exit] ?? 0)}`);
  console.log(`${count} seeds from ${from}, ${failures.length} failed`);
  console.log(`${sum(({ runs }) => runs)} runs of the program, ended with ${exits.join(", ")}`);
  console.log(`${sum(({ requests }) => requests)} requests`);
  console.log(
    `${seconds.toFixed(1)} s, ${(count / seconds).toFixed(0)} seeds a second on ${parts.length} threads`,
  );
  return failures.length === 0 ? 0 : 1;
}

/** In a thread of its own. */
function playApart(seeds: Seeds, file: string): Promise<Summary> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData: { simulate: seeds } });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("A thread ended without a result")));
  });
}

/** What `playApart` gave this thread, which may as well be a thread of a test runner. */
function givenSeeds(): Seeds | null {
  const given: unknown = workerData;
  const isOurs = !isMainThread && typeof given === "object" && given !== null && "simulate" in given;
  return isOurs ? (given.simulate as Seeds) : null;
}

const given = givenSeeds();
if (given !== null) {
  parentPort?.postMessage(await playAll(given));
}
