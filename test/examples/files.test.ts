import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { load } from "../support/rig.ts";

const top = join(import.meta.dirname, "..", "..");
const examples = join(top, "examples");
const files = readdirSync(examples, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => join("examples", name));
const read = (path: string) => readFileSync(join(top, path), "utf8");

/** Those that are no file of tunnels. */
const OTHERS: { readonly [path: string]: string } = { "examples/fleet/fleet.yaml": "fleet.schema.json" };
const NOT_OURS = "examples/fleet/argo.yaml";

it.each(["tunnels.yaml", ...files.filter((path) => path !== NOT_OURS)])(
  "%s names its schema in its first line",
  (path) => {
    const [line = ""] = read(path).split("\n");
    const reference = /^# yaml-language-server: \$schema=(\S+)$/.exec(line)?.[1] ?? "";
    expect(join(top, dirname(path), reference)).toBe(
      join(top, "schema", OTHERS[path] ?? "tunnels.schema.json"),
    );
  },
);

it("lists every example in the table of README.md", () => {
  const listed = [...read("examples/README.md").matchAll(/^\| \[([^\]]+)\]\(/gm)].map(([, name]) => name);
  const there = readdirSync(examples, { withFileTypes: true })
    .filter(({ name }) => name !== "README.md")
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
  expect(new Set(listed)).toEqual(new Set(there));
});

it("shows every kind that an entry may write and no secret in the demo", async () => {
  const { kinds, entries, account_id, prune } = await load(read("tunnels.yaml"));
  expect(kinds).toEqual([
    "cfd_tunnel",
    "cfd_tunnel_configuration",
    "dns_record",
    "hostname_route",
    "route",
    "warp_connector",
  ]);
  expect(entries.map(({ secrets }) => secrets)).toEqual(entries.map(() => ({})));
  expect({ account_id, prune }).toEqual({ account_id: null, prune: [] });
});
