import { isCredentialName, looksLikeSecret } from "../../base/recognise-secret.ts";
import { type BadReference, suggestedReference } from "../attribute.ts";
import { entriesOf } from "./rule.ts";
import { isWriteOnly, VARIABLE_NAME } from "../secret/secrecy.ts";
import type { Reporter } from "../yaml/source.ts";
import type { Tree } from "../yaml/tree.ts";
import { textAt, type WrittenFile } from "../written.ts";

/** A reference leads to a secret of the entry's own: to no credential of the account's, and it is not the secret itself. */
export function secretsAreReferences(files: readonly WrittenFile[], report: Reporter): void {
  // What an alias repeats is one mistake.
  const seen = new Set<Tree>();
  for (const { source, name, attributes } of entriesOf(files)) {
    for (const { key: attribute, value } of attributes.values()) {
      if (!isWriteOnly(attribute) || seen.has(value)) {
        continue;
      }
      seen.add(value);
      const why = whyNotReference(value);
      if (why === null) {
        continue;
      }
      const write = `${attribute}: ${suggestedReference(value, attribute, name)}`;
      report(source, value.span, { code: "bad_secret_reference", attribute, why, write });
    }
  }
}

/** What is not of the form of a reference at all was reported by the schema. */
function whyNotReference(tree: Tree): BadReference["why"] | null {
  if (tree.type !== "map" || tree.entries.size !== 1) {
    return null;
  }
  const variable = textAt(tree.entries.get("env"))?.value;
  if (variable !== undefined && VARIABLE_NAME.test(variable)) {
    if (isCredentialName(variable)) {
      return "credential";
    }
    return looksLikeSecret(variable) ? "env_name" : null;
  }
  const path = textAt(tree.entries.get("file"))?.value;
  return path !== undefined && looksLikeSecret(path) ? "file_literal" : null;
}
