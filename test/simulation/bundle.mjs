import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadBundle, root } from "../support/bundle.mjs";

/**
 * Bundles the simulation with the whole program in it, and loads it. `edits` change the program's sources on the way:
 * each gives a `file` below the root, the text to `find`, which must stand there exactly once, and what to put in its
 * place.
 */
export function loadSimulation(name = "simulation", edits = []) {
  return loadBundle("test/simulation/main.ts", name, [edit(edits), filesInMemory]);
}

/** The command line reads and writes no real file: a disk answers when it likes, and so no course would repeat. */
const filesInMemory = {
  name: "files in memory",
  setup({ onResolve }) {
    onResolve({ filter: /^node:fs\/promises$/ }, ({ importer }) =>
      importer.startsWith(join(root, "src/cli/"))
        ? { path: join(root, "test/simulation/memory-files.ts") }
        : undefined,
    );
  },
};

function edit(edits) {
  const sources = new Map();
  for (const { file, find, put } of edits) {
    const path = resolve(root, file);
    const source = sources.get(path) ?? readFileSync(path, "utf8");
    if (source.split(find).length !== 2) {
      throw new Error(`${file} does not hold this exactly once: ${find}`);
    }
    sources.set(
      path,
      source.replace(find, () => put),
    );
  }
  return {
    name: "edit",
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const contents = sources.get(path);
        return contents === undefined ? undefined : { contents, loader: "ts" };
      });
    },
  };
}
