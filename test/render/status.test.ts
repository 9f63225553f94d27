import { describe, expect, test } from "vitest";
import { ageWords } from "../../src/render/health/age.ts";
import { renderStatus } from "../../src/render/health/table.ts";
import { createStyle } from "../../src/render/text/style.ts";
import type { TunnelHealth } from "../../src/tunnels/health.ts";
import { HIDDEN } from "./hostile.ts";

const row = (more: Partial<TunnelHealth>): TunnelHealth => ({
  kind: "cfd_tunnel",
  name: "web",
  tunnel: null,
  state: "absent",
  connectors: null,
  configuration: null,
  routes: {},
  ...more,
});

const rendered = (tunnels: readonly TunnelHealth[], width: number | null = null) =>
  renderStatus(
    { tunnels, refused: [], unasked: 0, requests: 0 },
    { style: createStyle(false), width, accountId: "a", now: null },
  );

test("no tunnels", () => {
  expect(rendered([])).toBe("No tunnels.\n");
});

test("three names of what it serves, hostnames first, and the others counted", () => {
  const text = rendered([
    row({
      configuration: { version: 3, hostnames: ["a.example.com", "b.example.com"] },
      routes: { route: ["10.0.0.0/8"], hostname_route: ["db.internal"] },
    }),
  ]);
  expect(text).toContain("a.example.com, b.example.com, 10.0.0.0/8 and 1 more");
});

test("at 80 columns every name is whole, and what is below has its own line", () => {
  const hostnames = ["accounting.internal.example.com", "files.example.com", "wiki.example.com"];
  const text = rendered([row({ configuration: { version: 3, hostnames } }), row({ name: "api" })], 80);
  for (const hostname of hostnames) {
    expect(text).toContain(hostname);
  }
  expect(text).not.toContain("…");
  expect(Math.max(...text.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
});

test("whatever a name holds is made visible", () => {
  const text = rendered([
    row({ name: "we\u001b[2Jb\u202e", configuration: { version: 1, hostnames: ["\u0007"] } }),
  ]);
  expect(text.replaceAll("\n", "")).not.toMatch(HIDDEN);
});

describe("an age", () => {
  const now = Date.UTC(2026, 10, 25, 8);
  test.each([
    ["2026-11-25T08:00:00Z", "0 s"],
    ["2026-11-25T07:58:01Z", "119 s"],
    ["2026-11-25T07:58:00Z", "2 min"],
    ["2026-11-25T06:00:00Z", "2 h"],
    ["2026-11-23T08:00:00Z", "2 d"],
    ["2026-11-25T08:00:01Z", "0 s"],
    ["2026-11-25T08:00:03Z", null],
    ["yesterday", null],
  ])("of %s is %s", (time, words) => {
    expect(ageWords(time, now)).toBe(words);
  });
});
