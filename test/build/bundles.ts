import { type BuildOptions, type BuildResult, build } from "esbuild";

/** How `build.mjs` builds; plain JavaScript, which has no types of its own. */
const bundles = (await import(new URL("../../build/bundles.mjs", import.meta.url).href)) as {
  readonly program: BuildOptions;
  readonly library: BuildOptions;
};

/** A bundle as `build.mjs` makes it, with some options changed; nothing is written unless they say so. */
export function buildAs(
  bundle: "program" | "library",
  changes: BuildOptions,
): Promise<BuildResult<{ metafile: true }>> {
  return build({ ...bundles[bundle], write: false, ...changes, metafile: true });
}
