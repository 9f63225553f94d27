import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pictureLines } from "../../src/render/markdown/picture.ts";
import { renderMarkdown } from "../../src/render/markdown/plan.ts";
import { entry, id, planOf, state, tunnel } from "../support/builders.ts";
import { actual, create, plan, rename, replace, uuid } from "./corpus.ts";

const renames = (pairs: readonly (readonly [from: string, to: string])[]) =>
  plan({
    changes: pairs.map(([from, name], at) =>
      rename({ name, id: uuid(at + 1), before: actual({ name: from, id: uuid(at + 1) }) }),
    ),
  });

test("a swap is a ring", () => {
  const desired = state([entry("a", { id: id(2) }), entry("b", { id: id(1) })]);
  const swap = planOf(desired, [tunnel("a", 1), tunnel("b", 2)]);
  expect(pictureLines(swap).join("\n")).toBe(`
\`\`\`mermaid
graph LR
  n0["cfd_tunnel/b"]
  n1["cfd_tunnel/a"]
  n0 --> n1
  n1 -->|"by way of a temporary name"| n0
\`\`\``);
});

test("a chain is one, beside a rename that stands alone and is left to its row", () => {
  const text = pictureLines(
    renames([
      ["a", "b"],
      ["b", "c"],
      ["x", "y"],
    ]),
  ).join("\n");
  expect(text.match(/-->/g)).toHaveLength(2);
  expect(text).not.toContain("/x");
});

test("a row says it all of one rename, one replacement, creates and deletes", () => {
  expect(pictureLines(plan({ changes: [create(), rename(), replace()] }))).toEqual([]);
});

test("what leads to a tunnel that is replaced goes to the new one", () => {
  const reference = { $ref: { kind: "cfd_tunnel", name: "prod-edge", output: "id" } };
  const moved = rename({
    kind: "route",
    name: "10.0.0.0/8",
    id: uuid(9),
    before: actual({ kind: "route", name: "10.0.0.0/8", id: uuid(9), spec: { tunnel_id: uuid(5) } }),
    after: { name: "10.0.0.0/8", spec: { tunnel_id: reference }, secrets: {} },
    fields: ["tunnel_id"],
  });
  const text = pictureLines(plan({ changes: [replace(), moved] })).join("\n");
  expect(text).toContain('n0 -.->|"replaced by"| n1');
  expect(text).toContain('n0 -->|"route/10.0.0.0/8"| n1');
});

test("what goes from a tunnel that this plan leaves alone is named as the API names it", () => {
  const moved = (at: number) =>
    rename({
      kind: "route",
      name: `10.${at}.0.0/16`,
      id: uuid(at),
      before: {
        ...actual({ kind: "route", name: `10.${at}.0.0/16`, id: uuid(at), spec: { tunnel_id: uuid(70) } }),
        facts: { tun_type: "cfd_tunnel", tunnel_name: "old" },
      },
      after: { name: `10.${at}.0.0/16`, spec: { tunnel_id: uuid(71) }, secrets: {} },
      fields: ["tunnel_id"],
    });
  const text = pictureLines(plan({ changes: [moved(1), moved(2)] })).join("\n");
  expect(text).toContain(`n0["cfd_tunnel/old"]\n  n1["${uuid(71)}"]`);
});

test("a hostname that one tunnel loses and another gains goes from one to the other", () => {
  const configuration = (name: string, before: readonly string[], after: readonly string[]) => {
    const rules = (names: readonly string[]) => ({
      ingress: names.map((hostname) => ({ hostname, service: "x" })),
    });
    return rename({
      kind: "cfd_tunnel_configuration",
      name,
      before: actual({ kind: "cfd_tunnel_configuration", name, spec: rules(before) }),
      after: { name, spec: rules(after), secrets: {} },
      fields: ["ingress"],
    });
  };
  const changes = [
    configuration("a", ["app.example.com", "x.example.com"], ["x.example.com"]),
    configuration("b", [], ["app.example.com"]),
  ];
  expect(pictureLines(plan({ changes })).join("\n")).toContain('n0 -->|"app.example.com"| n1');
});

describe("where it would be too large, there is none", () => {
  const chain = (length: number, name: (at: number) => string) =>
    renames([...Array(length).keys()].map((at) => [name(at), name(at + 1)] as const));

  test("of more than sixty places", () => {
    // Too short to reach the limit of characters first.
    const places = (length: number) => pictureLines(chain(length, String)).length;
    expect(places(30)).toBeGreaterThan(0);
    expect(places(61)).toBe(0);
  });

  test("of more than 2,000 characters", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 80 }), fc.integer({ min: 1, max: 60 }), (length, size) => {
        const lines = pictureLines(chain(length, (at) => `${at}`.padStart(size, "x")));
        expect(lines.join("\n").length).toBeLessThan(2_000);
      }),
    );
  });
});

test("a name ends neither its place nor the block", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (name) => {
      const lines = pictureLines(
        renames([
          [name, "b"],
          ["b", `${name}"]`],
        ]),
      );
      expect(lines).toHaveLength(9);
      for (const line of lines.slice(3, 6)) {
        expect(line).toMatch(/^ {2}n\d\["(?:[A-Za-z0-9_./ ()-]|#\d+;)*"\]$/);
      }
    }),
  );
});

test("it stands after the table of the page", () => {
  const text = renderMarkdown(
    renames([
      ["a", "b"],
      ["b", "a"],
    ]),
    { title: "Plan", showUnmanaged: false },
  );
  expect(text.indexOf("```mermaid")).toBeGreaterThan(text.indexOf("| --- |"));
});
