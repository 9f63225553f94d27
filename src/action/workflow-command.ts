/** A line of the log that GitHub shows as a warning or an error, or a text that it is to mask from now on. */
export function workflowCommand(name: "warning" | "error" | "notice" | "add-mask", text: string): string {
  const data = text.replace(
    /[%\r\n]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
  return `::${name}::${data}\n`;
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
