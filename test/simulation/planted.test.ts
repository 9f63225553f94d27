import { describe, expect, it } from "vitest";
import { loadSimulation } from "./bundle.mjs";
import { plantedBugs } from "./planted.ts";

/** In how many seeds a planted bug has to show. */
const ENOUGH = 2_000;

describe("a bug that is planted in the program", () => {
  it.each(plantedBugs)("is found: $name", { timeout: 120_000 }, async ({ name, edits, rule }) => {
    const { simulate } = await loadSimulation(`planted ${name}`, edits);
    const found: string[] = [];
    let seed = 0;
    while (seed < ENOUGH && !found.includes(rule)) {
      seed += 1;
      const { violations } = await simulate(seed);
      found.push(...violations.map((violation) => violation.rule));
    }
    expect(found).toContain(rule);
  });
});
