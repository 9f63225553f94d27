import { isUuid } from "../base/json.ts";
import { isCredentialName } from "../base/recognise-secret.ts";
import type { BadName, ProblemDetail } from "./problem.ts";
import { VARIABLE_NAME } from "./secret/secrecy.ts";
import type { Tree } from "./yaml/tree.ts";

/** Why the schema refuses a name; null when it does not. Length is counted in code points. */
export function badNameOf(name: string): BadName | null {
  if (name === "") {
    return "empty";
  }
  if (name.includes("\0")) {
    return "nul";
  }
  if (/\p{Surrogate}/u.test(name)) {
    return "lone_surrogate";
  }
  if (isUuid(name)) {
    return "uuid";
  }
  return Array.from(name).length > 255 ? "too_long" : null;
}

export type BadReference = Extract<ProblemDetail, { code: "bad_secret_reference" }>;

/** What is wrong with a reference to a secret that the schema refuses. Shows nothing of what stands there. */
export function referenceProblem(tree: Tree, attribute: string, write: string): ProblemDetail {
  const bad = (why: BadReference["why"]): BadReference => ({
    code: "bad_secret_reference",
    attribute,
    why,
    write,
  });
  if (tree.type === "scalar" && tree.value === null) {
    return bad("empty");
  }
  if (tree.type !== "map") {
    return { code: "literal_secret", attribute, write };
  }
  const { entries } = tree;
  if (entries.size === 0) {
    return bad("empty");
  }
  // Asked once for each key that is wrong, so it stops at the first.
  for (const key of entries.keys()) {
    if (key !== "env" && key !== "file") {
      return bad("unknown_key");
    }
  }
  if (entries.size > 1) {
    return bad("both");
  }
  return bad(entries.has("env") ? "env_name" : "file_path");
}

/** The reference to write: to the variable that was meant, or one named after the entry. */
export function suggestedReference(tree: Tree, attribute: string, entry: string): string {
  const text = tree.type === "scalar" && typeof tree.value === "string" ? tree.value : "";
  const meant = /^\$\{([A-Z_][A-Z0-9_]{0,63})\}$/.exec(text)?.[1];
  return `{ env: ${meant === undefined || isCredentialName(meant) ? variableFor(entry, attribute) : meant} }`;
}

function variableFor(entry: string, attribute: string): string {
  const words = `${entry.slice(0, 40)}_${attribute.split("_").at(-1) ?? ""}`.toUpperCase();
  const name = words.replace(/[^A-Z0-9]+/g, "_").replace(/^_+/, "");
  return VARIABLE_NAME.test(name) && !isCredentialName(name) ? name : `TUNNEL_${name}`;
}
