import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** One command of a page, as it stands there. */
export interface DocumentedCommand {
  /** All of it, on several lines where it is so written. */
  readonly text: string;
  /** The same without what is said of it behind a `#`: its name in lists. */
  readonly name: string;
  /** What the page shows below it, where it shows an example of a session; else null. */
  readonly output: string | null;
}

/** The commands of one piece of code. */
export interface CommandBlock {
  readonly page: string;
  readonly commands: readonly DocumentedCommand[];
}

const top = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Every piece of code for a shell in README and in the documents. */
export function commandBlocks(): readonly CommandBlock[] {
  const docs = readdirSync(top("docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`)
    .sort();
  return ["README.md", "examples/README.md", "SECURITY.md", ...docs].flatMap((page) =>
    [...readFileSync(top(page), "utf8").matchAll(/^( *)```(sh|console)\n(.*?)^\1```/gms)].map(
      ([, indent = "", language, text = ""]) => {
        const code = text.replaceAll(new RegExp(`^${indent}`, "gm"), "");
        return { page, commands: language === "sh" ? commandsOf(code) : sessionOf(code) };
      },
    ),
  );
}

function commandsOf(code: string): readonly DocumentedCommand[] {
  return code
    .replaceAll(/ *\\\n */g, " ")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((text) => ({ text, name: nameOf(text), output: null }));
}

/** `$ command`, and below it what it prints. */
function sessionOf(code: string): readonly DocumentedCommand[] {
  return code
    .replaceAll(/ *\\\n */g, " ")
    .split(/^\$ /m)
    .slice(1)
    .map((piece) => {
      const [text = "", ...output] = piece.split("\n");
      return { text, name: nameOf(text), output: output.join("\n") };
    });
}

function nameOf(text: string): string {
  return text.replace(/ +# .*$/, "").trim();
}
