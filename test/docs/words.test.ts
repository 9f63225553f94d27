import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const top = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The sources that speak of plans: what serves the API, or runs in GitHub, has words of its own. */
const files = readdirSync(top("src"), { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts") && !/^(?:simulator|action)\//.test(file),
);
const sources = new Map(files.map((file) => [file, readFileSync(top(`src/${file}`), "utf8")]));

const words = readFileSync(top("docs/makers/words.md"), "utf8")
  .split("\n")
  .slice(4)
  .flatMap((line) => (line.split("|")[1] ?? "").split(","))
  .map((word) => word.trim())
  .filter((word) => word !== "");

describe("the words", () => {
  const text = [...sources.values()].join("\n").toLowerCase();

  it("are there, and none twice", () => {
    expect(words.length).toBeGreaterThan(40);
    expect(words).toEqual([...new Set(words)]);
  });

  it.each(words)("%s is a word of the sources", (word) => {
    const stem = word.toLowerCase().replace(/^to /, "").replaceAll(" ", "[ _-]?");
    expect(new RegExp(stem).test(text)).toBe(true);
  });
});

describe("a noun of the engine", () => {
  const exported = (file: string) =>
    [
      ...(sources.get(file) ?? "").matchAll(
        /^export (?:async )?(?:function\*?|interface|type|class|const) (\w+)/gm,
      ),
    ].map(([, name = ""]) => name);
  const model = files.filter((file) => file.startsWith("engine/model/"));
  // `ingress/` matches requests with rules, and speaks of nothing else.
  const others = files.filter((file) => !file.startsWith("ingress/"));

  it.each(model.flatMap(exported))("%s is exported by one file", (name) => {
    expect(others.filter((file) => exported(file).includes(name))).toHaveLength(1);
  });
});
