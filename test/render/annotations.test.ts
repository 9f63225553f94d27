import { describe, expect, test } from "vitest";
import { blockedAnnotations, renderAnnotations } from "../../src/render/annotations.ts";
import { at, BLOCKED_REASONS, blocked, TOO_MANY_DELETES } from "./corpus.ts";
import { expectGolden } from "./golden.ts";
import { HIDDEN, HOSTILE } from "./hostile.ts";

const everyReason = [...Object.values(BLOCKED_REASONS).map((reason) => blocked(reason)), TOO_MANY_DELETES];

describe("renderAnnotations", () => {
  test("blocked changes read well, ten of them, the worst first", async () => {
    await expectGolden("annotations.txt", renderAnnotations(blockedAnnotations(everyReason)));
  });

  test.each([
    [{ message: "100% sure", location: at(3) }, "::error file=tunnels.yaml,line=3,col=3::100%25 sure\n"],
    [{ message: "no place", location: null }, "::error::no place\n"],
    [
      { message: "x", location: at(1, "a,b:c%\n.yaml") },
      "::error file=a%2Cb%3Ac%25%0A.yaml,line=1,col=3::x\n",
    ],
    [{ message: "one\r\n::error::two", location: null }, "::error::one%0D%0A::error::two\n"],
  ])("%j", (annotation, line) => {
    expect(renderAnnotations([annotation])).toBe(line);
  });

  test("the tenth says how many more there are", () => {
    const many = Array.from({ length: 14 }, (_, number) => ({
      message: `problem ${number}`,
      location: null,
    }));
    const lines = renderAnnotations(many).trimEnd().split("\n");
    expect(lines).toHaveLength(10);
    expect(lines[9]).toBe("::error::problem 9 (And 4 more: see the log.)");
  });

  test("nothing to say is nothing printed", () => {
    expect(renderAnnotations([])).toBe("");
  });

  test("no hostile name or path makes a second command", () => {
    for (const text of HOSTILE) {
      const [annotation] = blockedAnnotations([blocked(BLOCKED_REASONS.live, { name: text })]);
      const output = renderAnnotations([{ message: annotation?.message ?? "", location: at(1, text) }]);
      expect(output.split("\n"), JSON.stringify(text)).toHaveLength(2);
      expect(output).toMatch(/^::error file=[^,:]*,line=1,col=3::Blocked: delete cfd_tunnel /);
      expect(output.replaceAll("\n", "")).not.toMatch(HIDDEN);
      expect(output).not.toMatch(/##[a-z]*\[/i);
    }
  });
});
