import { describe, expect, it } from "vitest";
import { loadSimulation } from "./bundle.mjs";
import { plantedBugs } from "./planted.ts";

/** In how many seeds a planted bug has to show. */
const ENOUGH = 2_000;

describe("a bug that is planted in the program", () => {
  it.each(plantedBugs)("is found: $name", { timeout: 120_000 }, async ({ name, edits, rule, seed }) => {
    const { simulate } = await loadSimulation(`planted ${name}`, edits);
    for (const each of seedsFrom(seed ?? 1)) {
      const { violations } = await simulate(each);
      if (violations.some((violation) => violation.rule === rule)) {
        return;
      }
    }
    expect.fail(`not found in ${ENOUGH} seeds`);
  });
});

/** Every seed once: `first`, and then from the beginning. */
function* seedsFrom(first: number): Generator<number> {
  yield first;
  for (let seed = 1; seed <= ENOUGH; seed += 1) {
    if (seed !== first) {
      yield seed;
    }
  }
}
