import { expect, it } from "vitest";
import { loadSimulation } from "./bundle.mjs";
import { drawsHanging } from "./hanging/items.ts";

const WITH_WHAT_HANGS = 15;

it.each([
  [50 - WITH_WHAT_HANGS, "without what hangs on tunnels", (seed: number) => !drawsHanging(seed)],
  [WITH_WHAT_HANGS, "with it", drawsHanging],
])(
  "holds when the program dies at every request, before and after commit: %i worlds %s",
  {
    timeout: 300_000,
  },
  async (wanted, _, isMeant) => {
    const { simulate } = await loadSimulation();
    let worlds = 0;
    let deaths = 0;
    for (let seed = 1; worlds < wanted; seed += 1) {
      if (!isMeant(seed)) {
        continue;
      }
      const never = await simulate(seed, { death: { request: Number.POSITIVE_INFINITY, moment: "after" } });
      // Worlds in which the program has something to write, and few enough requests to die at each.
      if (never.exits[0] !== 0 || never.writes === 0 || never.requests > 100) {
        continue;
      }
      worlds += 1;
      for (let request = 1; request <= never.firstRequests; request += 1) {
        for (const moment of ["before", "after"] as const) {
          const { violations, exits } = await simulate(seed, { death: { request, moment } });
          expect({ seed, request, moment, violations }).toMatchObject({ violations: [] });
          expect(exits[0]).toBe("died");
          deaths += 1;
        }
      }
    }
    expect(deaths).toBeGreaterThan(20 * wanted);
  },
);
