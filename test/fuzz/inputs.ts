import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { stringify } from "yaml";
import { CANARY } from "./judge.ts";

const words = [
  ["version", "account_id", "prune", "prefix", "limits", "max_deletes", "min_idle", "protected"],
  ["cfd_tunnel", "warp_connector", "cfd_tunel", "id", "renamed_from", "state", "replace", "config_src"],
  ["tunnel_secret", "env", "file", "ha", "__proto__", "constructor", "toString", "<<", ""],
].flat();
const shortText = fc.string({ unit: "binary", maxLength: 8 });
const key = fc.oneof(fc.constantFrom(...words), shortText);
const values = [1, 0, null, true, "1h", "absent", "present", "local", "${X}", "${", "*a", "web"];
const leaf = fc.oneof(
  fc.constantFrom(...values, "01926a3e-7c55-7d0a-9f3e-2b1c4d5e6f70"),
  shortText,
  fc.double(),
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie("tree")), { maxLength: 6 }).map((pairs) => new Map(pairs)),
  ),
}));

/** YAML of any structure, written with the words of a configuration and with others. */
export const structures: fc.Arbitrary<string> = fc
  .array(fc.tuple(key, tree), { maxLength: 8 })
  .map((pairs) => stringify(new Map<string, unknown>([["version", 1], ...pairs])));

const scraps = [
  ["\n", "\r\n", "\r", "\t", "  ", ": ", ":", "- ", "[", "]", "{", "}", ",", '"', "'", "|\n", ">-\n"],
  ["&a ", "*a", "*a ", "!x ", "!!js/function ", "#", " #", "---\n", "...\n", "%YAML 1.1\n", "? ", "<<: "],
  ["\0", "\u2028", "\u202e", "\ufeff", "\\", "\\x", "~", "@", "`", "1e999", "0x1f", "9007199254740993"],
].flat();

/** Scraps of YAML and of our own words in a row. */
export const scrapTexts: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("", "version: 1\n", "version: 1\ncfd_tunnel:\n  web:\n"),
    fc.array(fc.constantFrom(...scraps, ...words, "web", "polluted"), { maxLength: 40 }),
  )
  .map(([head, parts]) => head + parts.join(""));

/** Aliases of aliases, chains, cycles and nesting, of any depth and breadth. */
export const bombs: fc.Arbitrary<string> = fc
  .record({
    depth: fc.nat({ max: 60 }),
    breadth: fc.integer({ min: 1, max: 12 }),
    cycle: fc.boolean(),
    opening: fc.constantFrom("[", "{a: ", "- ", "? ", "&x [", "!t [", '"', "  "),
    nested: fc.nat({ max: 6_000 }),
  })
  .map(({ depth, breadth, cycle, opening, nested }) => {
    const level = (at: number) => `  a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(breadth)}]\n`;
    const levels = Array.from({ length: depth }, (_, at) => level(at)).join("");
    const last = cycle ? `  c: &c { d: *c, e: [*c, *a${depth}] }\n` : "";
    return `version: 1\nx:\n  a0: &a0 [lol]\n${levels}${last}y: ${opening.repeat(nested)}`;
  });

const beginnings = [
  ["", "version: 1\n", "version: 1\ncfd_tunnel:\n", "version: 1\ntunnel_secret:", "version: 1\nprotected:\n"],
  ['version: 1\nx: "', "version: 1\nx: '", "version: 1\nx: [", "version: 1\nx: {", "version: 1\nx: |\n"],
  ['version: 1\n? "tunnel_secret', "version: 1\nx: &a ", "version: 1\nx: &a b\ny:\n", "version: 1\nx"],
].flat();
const unitsOfMany = [
  ["N:\n", "  nN:\n", "  nN: 5\n", "  nN: { id: 5 }\n", "  nN: { renamed_from: n0 }\n", "xN: 1, ", "- *aN\n"],
  [
    "- &aN x\n",
    "  nN: *a\n",
    "- *a\n",
    "cfd_tunnelN:\n",
    "a",
    "a ",
    "a: ",
    "- [\n",
    "token: '\n",
    "secret:\n\n",
  ],
  ["   secret: x\n", " \n", "\\q", "\\\\"],
].flat();

/** A scrap over and over, N counted: what takes the square of its size in time, or more, shows. */
export const repetitions: fc.Arbitrary<string> = fc
  .record({
    head: fc.constantFrom(...beginnings),
    unit: fc.oneof(fc.constantFrom(...unitsOfMany), fc.constantFrom(...scraps, ...words.filter(Boolean))),
    tail: fc.constantFrom("", "}: [", '"\n: 1\n', "]", "\n"),
  })
  .map(({ head, unit, tail }) => {
    const count = Math.floor(REPEATED / unit.length);
    return head + Array.from({ length: count }, (_, at) => unit.replace("N", String(at))).join("") + tail;
  });

/** Characters; small enough that what grows with the size alone is far from the limit of time. */
const REPEATED = 60_000;

const mutation = fc.record({
  at: fc.nat(),
  length: fc.nat({ max: 6 }),
  put: fc.oneof(
    fc.uint8Array({ maxLength: 6 }),
    fc.constantFrom(...scraps).map((text) => Buffer.from(text)),
  ),
});

/** The files of a folder below the root of the project, with a few of their bytes changed. */
export function mutatedFiles(root: string): fc.Arbitrary<Uint8Array> {
  const good = readdirSync(join(root, "examples"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => join("examples", name));
  const bad = readdirSync(join(root, "test/config/bad"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".txt"))
    .map((name) => join("test/config/bad", name));
  const files = ["tunnels.yaml", ...good, ...bad].map((name) => readFileSync(join(root, name)));
  return fc
    .tuple(fc.constantFrom(...files), fc.array(mutation, { minLength: 1, maxLength: 6 }))
    .map(([file, mutations]) =>
      mutations.reduce((bytes, { at, length, put }) => {
        const from = at % (bytes.length + 1);
        return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + length)]);
      }, file),
    );
}

const keysOfSecrets = [
  ["tunnel_secret: ", "tunnel_secret:", "'tunnel_secret': ", '"tunnel_secret" : ', "tunel_secret: "],
  ["tunnel_secret = ", "tunnel-secret: ", "? tunnel_secret\n    : "],
].flat();
const before = [
  ["", '"', "'", "|\n      ", ">-\n      ", "[", "{ value: ", "{ env: '", "&a ", "!x ", "\n      "],
  ["*", "@", "{"],
].flat();
const behind = [
  ["", "=", "==", ": x", `\n      ${CANARY}`, " # x", "\\q", '"', "'", "]", "}", "' }", "{{", "''\n  x'"],
].flat();
const nextLines = [
  ["", "    confg_src: x\n", "    id: {\n", "   a: b\n", '    id: "\n', "\tid: 1\n"],
  ["    tunnel_secret: x\n"],
].flat();

/** Files with a literal secret, written in any way, in the midst of other mistakes. */
export const secretFiles: fc.Arbitrary<string> = fc
  .record({
    kind: fc.constantFrom("cfd_tunnel", "cfd_tunel", "warp_connector"),
    above: fc.constantFrom("", "    x: 1\n", "    id: {\n"),
    key: fc.constantFrom(...keysOfSecrets),
    before: fc.constantFrom(...before),
    behind: fc.constantFrom(...behind),
    below: fc.constantFrom(...nextLines),
  })
  .map(
    (drawn) =>
      `version: 1\n${drawn.kind}:\n  web:\n${drawn.above}    ${drawn.key}${drawn.before}${CANARY}${drawn.behind}\n${drawn.below}  api:\n`,
  );
