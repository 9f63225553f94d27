// What the commit of a release's tag carries beside what is in git, put into a folder: `node build/release-tree.mjs FOLDER`.
// GitHub runs the Action from the tag as it is, and npm installs it by `git+https` without a build.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** All that is added to the tag's commit. `release.yml` adds the same; a test holds one against the other. */
export const CARRIED = ["dist", "package.json"];

const top = fileURLToPath(new URL("..", import.meta.url));

/** Puts it into a folder, from what `npm run build` has made. */
export function makeReleaseTree(folder) {
  mkdirSync(folder, { recursive: true });
  cpSync(join(top, "dist"), join(folder, "dist"), { recursive: true });
  const {
    scripts,
    devDependencies: _,
    ...manifest
  } = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));
  // npm builds a git package that has one of these, for which it lacks the tools: it leaves a dangling link.
  const { build: _build, prepare: _prepare, ...kept } = scripts;
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ ...manifest, scripts: kept }, null, 2)}\n`);
}

const [, script = "", folder] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  if (folder === undefined) {
    throw new Error("usage: node build/release-tree.mjs FOLDER");
  }
  makeReleaseTree(folder);
}
