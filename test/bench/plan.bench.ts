import { bench, describe } from "vitest";
import { planOf } from "../support/builders.ts";
import { casesOf, hangingCasesOf, SIZES } from "./plan.cases.ts";

const OPTIONS = { time: 500, iterations: 3, warmupIterations: 1 };

for (const size of SIZES) {
  describe(`planning ${size} entries against ${size} tunnels`, () => {
    for (const { name, desired, actual } of casesOf(size)) {
      bench(name, () => void planOf(desired, actual), OPTIONS);
    }
    for (const { name, desired, actual } of hangingCasesOf(size)) {
      bench(`routes: ${name}`, () => void planOf(desired, actual), OPTIONS);
    }
  });
}
