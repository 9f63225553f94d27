import { bench, describe } from "vitest";
import { planOf } from "../support/builders.ts";
import { casesOf, SIZES } from "./plan.cases.ts";

for (const size of SIZES) {
  describe(`planning ${size} entries against ${size} tunnels`, () => {
    for (const { name, desired, actual } of casesOf(size)) {
      bench(name, () => void planOf(desired, actual), { time: 500, iterations: 3, warmupIterations: 1 });
    }
  });
}
