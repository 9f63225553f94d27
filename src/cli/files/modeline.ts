import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, relative, sep } from "node:path";
import packageJson from "../../../package.json" with { type: "json" };
import { errorCode } from "./file-error.ts";

/** The schema of this very version, at the tag of its release: the repository is `package.json`'s, and nowhere else. */
const PUBLISHED = `${packageJson.repository.url
  .replace(/^git\+https:\/\/github\.com\//, "https://raw.githubusercontent.com/")
  .replace(/\.git$/, "")}/v${packageJson.version}/schema/tunnels.schema.json`;

/**
 * The line by which an editor finds the schema of a file in `folder`: the path to that of this warren where it is
 * installed beneath the folder, so that it needs no network and moves with the version, else the URL.
 */
export function modeline(folder: string): string {
  return `# yaml-language-server: $schema=${installedBeneath(folder) ?? PUBLISHED}`;
}

function installedBeneath(folder: string): string | null {
  try {
    const schema = createRequire(import.meta.url).resolve("warren/schema/tunnels.schema.json");
    const path = relative(realpathSync(folder), realpathSync(schema));
    return path.startsWith("..") || isAbsolute(path) ? null : `./${path.split(sep).join("/")}`;
  } catch (error) {
    // A single file that was bundled from it has no schema beside it.
    if (errorCode(error) === "MODULE_NOT_FOUND") {
      return null;
    }
    throw error;
  }
}
