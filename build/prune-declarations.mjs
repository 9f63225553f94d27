// tsc declares every file that it read. Who uses the library needs those that its exports lead to.
import { readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

/** The declarations that some lead to, themselves included. */
function reached(entries) {
  const found = new Set();
  const open = [...entries];
  for (const file of open) {
    if (!found.has(file)) {
      found.add(file);
      for (const [, path] of readFileSync(file, "utf8").matchAll(
        /(?:\bfrom|\bimport\()\s*"(\.[^"]+)\.ts"/g,
      )) {
        open.push(join(dirname(file), `${path}.d.ts`));
      }
    }
  }
  return found;
}

/** Deletes what no entry leads to, and the folders that this leaves empty. */
export function pruneDeclarations(folder, entries) {
  const kept = reached(entries.map((entry) => join(folder, entry)));
  const sweep = (at) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        sweep(path);
      } else if (!kept.has(path)) {
        rmSync(path);
      }
    }
    if (readdirSync(at).length === 0) {
      rmdirSync(at);
    }
  };
  sweep(folder);
}
