// What a release publishes, made of what `npm run build` left in dist/: `node build/release-tree.mjs FOLDER` puts into
// FOLDER/tag what the tag's commit carries beside what is in git, and into FOLDER/package what npm packs.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** All that is added to the tag's commit. `release.yml` adds the same; a test holds one against the other. */
export const CARRIED = ["dist", "package.json"];

const top = fileURLToPath(new URL("..", import.meta.url));
const read = (path) => readFileSync(join(top, path), "utf8");

/** GitHub runs the Action from the tag as it is, and npm installs the tag without a build. */
export function makeTagTree(folder, dist = join(top, "dist")) {
  mkdirSync(folder, { recursive: true });
  cpSync(dist, join(folder, "dist"), { recursive: true });
  // npm builds a git package that has a script like `prepare`, for which it lacks the tools: it leaves a dangling link.
  const {
    scripts: _scripts,
    devDependencies: _tools,
    allowScripts: _allowed,
    knip: _knip,
    ...manifest
  } = JSON.parse(read("package.json"));
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The folder that `npm pack` and `npm publish` take: README's links lead to the files of the tag. */
export function makePackage(folder, dist) {
  makeTagTree(folder, dist);
  for (const path of ["schema", "CHANGELOG.md", "LICENSE"]) {
    cpSync(join(top, path), join(folder, path), { recursive: true });
  }
  const { repository, version } = JSON.parse(read("package.json"));
  const repositoryUrl = repository.url.replace(/^git\+|\.git$/g, "");
  const links = /(!?\[[^\]]*\])\((?!https?:|#)([^)]+)\)/g;
  writeFileSync(
    join(folder, "README.md"),
    // A picture is the file itself, and not the page about it.
    read("README.md").replaceAll(links, (_, title, path) => {
      const view = title.startsWith("!") ? "raw" : "blob";
      return `${title}(${repositoryUrl}/${view}/v${version}/${path})`;
    }),
  );
}

const [, script = "", folder] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  if (folder === undefined) {
    throw new Error("usage: node build/release-tree.mjs FOLDER");
  }
  makeTagTree(join(folder, "tag"));
  makePackage(join(folder, "package"));
}
