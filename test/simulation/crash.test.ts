import { expect, it } from "vitest";
import { loadSimulation } from "./bundle.mjs";

it("holds when the program dies at every request of 50 worlds, before and after commit", {
  timeout: 300_000,
}, async () => {
  const { simulate } = await loadSimulation();
  let worlds = 0;
  let deaths = 0;
  for (let seed = 1; worlds < 50; seed += 1) {
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
  expect(deaths).toBeGreaterThan(500);
});
