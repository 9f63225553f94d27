import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadDesiredState } from "../../src/config/load.ts";

const top = join(import.meta.dirname, "..", "..");
const examples = join(top, "examples");
const yamlFiles = readdirSync(examples, { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".yaml"),
);
const runs = [
  ["tunnels.yaml"],
  ...yamlFiles
    .filter((name) => !name.includes("several-files"))
    .map((name) => join("examples", name))
    .map((path) => [path]),
  ["examples/several-files/a.yaml", "examples/several-files/b.yaml"],
];

function load(paths: readonly string[]) {
  return loadDesiredState(
    paths.map((path) => ({ path, text: readFileSync(join(top, path)) })),
    { env: {} },
  );
}

function byName(a = "", b = ""): number {
  return a < b ? -1 : 1;
}

describe("examples", () => {
  test.each(runs)("%s holds no mistake", (...paths) => {
    expect(load(paths)).toMatchObject({ ok: true });
  });

  test.each(["tunnels.yaml", ...yamlFiles.map((name) => join("examples", name))])(
    "%s names its schema",
    (path) => {
      const [line] = readFileSync(join(top, path), "utf8").split("\n");
      const reference = /^# yaml-language-server: \$schema=(\S+)$/.exec(line ?? "")?.[1] ?? "";
      expect(join(top, dirname(path), reference)).toBe(join(top, "schema", "tunnels.schema.json"));
    },
  );

  test("are all in the table of README.md", () => {
    const readme = readFileSync(join(examples, "README.md"), "utf8");
    const listed = [...readme.matchAll(/^\| \[([^\]]+)\]\(/gm)].map(([, name]) => name);
    expect([...listed].sort(byName)).toEqual(
      readdirSync(examples)
        .map((name) => (name.includes(".") ? name : `${name}/`))
        .filter((name) => name !== "README.md")
        .sort(byName),
    );
  });

  test("the demo declares both kinds and no secret", () => {
    const result = load(["tunnels.yaml"]);
    expect(result.ok && result.value.kinds).toEqual(["cfd_tunnel", "warp_connector"]);
    expect(result.ok && result.value.entries.every(({ secrets }) => Object.keys(secrets).length === 0)).toBe(
      true,
    );
  });
});
