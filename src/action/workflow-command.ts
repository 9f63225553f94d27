import { visible } from "../render/visible.ts";

/** A line of the log that GitHub shows as an error, a warning or a notice. Whatever stands in the text stays text. */
export function annotation(level: "error" | "warning" | "notice", text: string): string {
  return workflowCommand(level, visible(text));
}

/** What the runner is to hide in the log from now on. */
export function addMask(secret: string): string {
  return workflowCommand("add-mask", secret);
}

function workflowCommand(name: string, data: string): string {
  const escaped = data.replace(
    /[%\r\n]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
  return `::${name}::${escaped}\n`;
}

/**
 * Outputs as the runner reads them from the file that GITHUB_OUTPUT names. A value of several lines cannot end its own
 * block, since nobody can foresee the delimiter.
 */
export function outputLines(outputs: { readonly [name: string]: string }, nonce: string): string {
  const delimiter = `warren_${nonce}`;
  return Object.entries(outputs)
    .map(([name, value]) => {
      if (value.includes(delimiter)) {
        throw new Error("Internal error: an output holds its own delimiter");
      }
      return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
    })
    .join("");
}
