// Which commands share a file. esbuild gives every set of modules that some commands share a file of its own, and each
// file takes half a millisecond to open: with a file for each command, `plan` would open twenty.
import { basename } from "node:path";

/** By the name of the file; a command that stands in none of them stays alone. */
const GROUPS = {
  offline: ["validate", "schema"],
  files: ["plan", "apply"],
  tunnels: ["list", "show", "token", "management-token", "disconnect"],
};

/** Leads the `import()` of a command to its group. */
export const commandGroups = {
  name: "command-groups",
  setup(build) {
    build.onResolve({ filter: /\/commands\/[\w-]+\.ts$/ }, ({ path, kind, resolveDir }) => {
      if (kind !== "dynamic-import") {
        return null;
      }
      const command = basename(path, ".ts");
      const group = Object.keys(GROUPS).find((name) => GROUPS[name].includes(command));
      return group === undefined ? null : { path: group, namespace: "commands", pluginData: resolveDir };
    });
    build.onLoad({ filter: /./, namespace: "commands" }, ({ path, pluginData }) => ({
      contents: GROUPS[path].map((command) => `export * from "./commands/${command}.ts";`).join("\n"),
      resolveDir: pluginData,
    }));
  },
};
