/* What is bundled and run by `npm run fuzz`. */
import { parseArgs } from "node:util";
import * as fc from "fast-check";
import { bombs, mutatedFiles, repetitions, scrapTexts, secretFiles, structures } from "./inputs.ts";
import { judge, type Verdict } from "./judge.ts";

/** An input that takes longer is a failure. */
const MOST_MS = 1_000;

const USAGE = "npm run fuzz -- [--inputs N] [--seed N]";

/** The command line. Returns the exit code. */
export async function main(argv: readonly string[], root: string): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      inputs: { type: "string", default: "100000" },
      seed: { type: "string", default: String(Date.now() % 1_000_000_000) },
      help: { type: "boolean", default: false },
    },
  });
  const [inputs, seed] = [Number(values.inputs), Number(values.seed)];
  if (values.help || !Number.isSafeInteger(inputs) || inputs < 1 || !Number.isSafeInteger(seed)) {
    console.log(USAGE);
    return values.help ? 0 : 1;
  }
  globalThis.fetch = () => {
    throw new Error("a request was sent");
  };
  const sorts: readonly (readonly [string, fc.Arbitrary<string | Uint8Array>, number])[] = [
    ["mutated examples", mutatedFiles(root), 0.4],
    ["structures", structures, 0.2],
    ["scraps of YAML", scrapTexts, 0.2],
    ["literal secrets", secretFiles, 0.178],
    ["bombs", bombs, 0.02],
    ["repetitions", repetitions, 0.002],
  ];
  console.log(`seed ${seed}`);
  let passed = true;
  for (const [name, arbitrary, share] of sorts) {
    passed = (await run(name, arbitrary, Math.ceil(inputs * share), seed)) && passed;
  }
  return passed ? 0 : 1;
}

async function run(
  name: string,
  arbitrary: fc.Arbitrary<string | Uint8Array>,
  numRuns: number,
  seed: number,
): Promise<boolean> {
  const ends: { [end in Verdict]: number } = { state: 0, problems: 0 };
  let slowest = 0;
  const property = fc.asyncProperty(arbitrary, async (text) => {
    const begin = performance.now();
    ends[await judge(text)] += 1;
    const ms = performance.now() - begin;
    slowest = Math.max(slowest, ms);
    if (ms > MOST_MS) {
      throw new Error(`took ${Math.round(ms)} ms`);
    }
  });
  const details = await fc.check(property, { numRuns, seed });
  const counts = `${ends.state} read, ${ends.problems} refused, the slowest in ${Math.round(slowest)} ms`;
  console.log(`${name}: ${details.failed ? "FAILED" : "ok"} (${counts})`);
  if (details.failed) {
    console.log(fc.defaultReportMessage(details));
  }
  return !details.failed;
}
