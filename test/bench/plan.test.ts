import { describe, expect, test } from "vitest";
import { planOf } from "../support/builders.ts";
import { casesOf } from "./plan.cases.ts";

describe("what is benchmarked", () => {
  test.each(casesOf(100))("$name: is what it says, and not blocked", ({ desired, actual, changes }) => {
    const plan = planOf(desired, actual);
    expect(desired.entries).toHaveLength(100);
    expect(actual).toHaveLength(100);
    expect(plan.changes).toHaveLength(changes);
    expect(plan.blocked).toEqual([]);
  });
});
