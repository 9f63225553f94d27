import { describe, expect, test } from "vitest";
import { mayBeLive } from "../../src/kinds/cards.ts";
import { factWords } from "../../src/render/words/shown.ts";
import { toText } from "../../src/render/words/sentence.ts";
import { actual } from "./corpus.ts";

const T1 = "2026-01-01T00:00:00Z";
const T2 = "2026-02-02T00:00:00Z";

describe("factWords", () => {
  test.each([
    [
      { status: "inactive", created_at: T1, conns_active_at: null, conns_inactive_at: T1 },
      `status inactive, never connected, created ${T1}`,
    ],
    [
      { status: "healthy", created_at: T1, conns_active_at: T2, conns_inactive_at: null },
      `status healthy, connected since ${T2}, created ${T1}`,
    ],
    [
      { status: "down", created_at: T1, conns_active_at: null, conns_inactive_at: T2 },
      `status down, last connected ${T2}, created ${T1}`,
    ],
    [
      { status: "down", created_at: T1, conns_active_at: T2, conns_inactive_at: null },
      `status down, connected since ${T2}, created ${T1}`,
    ],
    [{}, "no status reported, last connection not reported, creation time not reported"],
    [
      { status: "down", created_at: T1, conns_inactive_at: T2, version: "7", comment: null },
      `status down, last connected ${T2}, created ${T1}, version 7`,
    ],
  ])("%j", (facts, words) => {
    expect(toText(factWords(actual({ facts })))).toBe(words);
  });
});

test.each([
  ["healthy", true],
  ["degraded", true],
  ["down", false],
  ["inactive", false],
  [null, true],
  ["something new", true],
])("mayBeLive with status %j is %s", (status, live) => {
  expect(mayBeLive(actual({ facts: { status } }))).toBe(live);
});
