import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fit, sizeOf, take } from "../../src/render/markdown/room.ts";

const more = (count: number) => `and ${count} more`;

describe("fit", () => {
  test("everything, when it has room to the last character", () => {
    expect(fit(["ab", "cd"], (item) => [item], 6, more)).toEqual(["ab", "cd"]);
  });

  test("else as many as leave room for the line that counts the rest", () => {
    expect(fit(["ab", "cd", "ef", "gh", "ij"], (item) => [item], 14, more)).toEqual(["ab", "and 4 more"]);
  });

  test("nothing, when even that line has no room", () => {
    expect(fit(["a".repeat(100)], (item) => [item], 5, more)).toEqual([]);
  });

  test("never takes more than there is, never says a wrong count", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 30 })), fc.nat(400), (items, room) => {
        const lines = fit(items, (item) => [item], room, more);
        expect(sizeOf(lines)).toBeLessThanOrEqual(room);
        if (lines.length > 0 && lines.at(-1) !== items.at(-1)) {
          expect(lines.at(-1)).toBe(more(items.length - lines.length + 1));
        }
      }),
    );
  });

  test("looks at no more items than can have room", () => {
    let looks = 0;
    take(
      Array.from({ length: 1000 }, () => "x"),
      (item) => {
        looks += 1;
        return [item];
      },
      10,
    );
    expect(looks).toBe(6);
  });
});
