import { expect, test } from "vitest";
import { fitTo, padTo, widthOf } from "../../src/render/text/width.ts";

test.each([
  ["", 0],
  ["web", 3],
  ["日本", 4],
  ["e\u0301", 1],
  ["ü", 1],
])("%j takes %d columns", (text, width) => {
  expect(widthOf(text)).toBe(width);
});

test("text is filled up to a width, and never cut by that", () => {
  expect(padTo("日", 4)).toBe("日  ");
  expect(padTo("web", 2)).toBe("web");
});

test.each([
  ["web", 3, "web"],
  ["webs", 3, "we…"],
  ["日本語", 5, "日本…"],
  ["日本語", 4, "日…"],
])("%j in %d columns is %j", (text, width, expected) => {
  expect(fitTo(text, width)).toBe(expected);
  expect(widthOf(fitTo(text, width))).toBeLessThanOrEqual(width);
});
