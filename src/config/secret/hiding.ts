import { looksLikeSecret } from "../../base/recognise-secret.ts";
import { HIDDEN } from "../../base/secret.ts";
import type { ProblemDetail } from "../problem.ts";
import { holdsSecret, VARIABLE_NAME } from "./secrecy.ts";
import type { Span } from "../yaml/source.ts";
import type { Entry, Tree } from "../yaml/tree.ts";

/** Hides what stands behind a key for a secret: all but a reference that is written as it should be. */
export function hideSecret(tree: Tree, secrets: Span[]): void {
  const entries = tree.type === "map" ? [...tree.entries.values()] : [];
  if (entries.length === 0 || entries.some(({ key }) => key !== "env" && key !== "file")) {
    hide(tree, secrets);
    return;
  }
  for (const entry of entries) {
    if (!isReference(entry)) {
      hide(entry.value, secrets);
    }
  }
}

/** Marks a value and all in it as not to be shown, and adds its places to `secrets`. */
export function hide(tree: Tree, secrets: Span[]): void {
  // Also what keeps a value that aliases repeat from being visited again and again.
  if (tree.hidden) {
    return;
  }
  tree.hidden = true;
  switch (tree.type) {
    case "scalar":
      // A value that is left out has the place of its key.
      if (tree.value !== null || tree.written !== "") {
        secrets.push(tree.span);
      }
      return;
    case "list":
      secrets.push(tree.span);
      for (const item of tree.items) {
        hide(item, secrets);
      }
      return;
    case "map":
      secrets.push(tree.span);
      for (const { value } of tree.entries.values()) {
        hide(value, secrets);
      }
  }
}

/** What may be said of a mistake inside a secret: not the user's own words. Later stages look at `hidden`. */
export function withoutWords(detail: ProblemDetail): ProblemDetail {
  if (detail.code === "duplicate_key" || detail.code === "unknown_key") {
    return { ...detail, key: HIDDEN };
  }
  if (detail.code === "alias_cycle") {
    return { ...detail, anchor: HIDDEN };
  }
  if (detail.code === "unknown_anchor") {
    return { ...detail, anchor: HIDDEN, nearest: null };
  }
  return detail;
}

/** The same of a key that took a secret in: `tunnel_secret:…`, where a space was forgotten. */
export function withoutSecretKeys(detail: ProblemDetail): ProblemDetail {
  const key = "key" in detail && detail.key !== null && holdsSecret(detail.key) ? { key: HIDDEN } : {};
  const where =
    "where" in detail && detail.where !== null && holdsSecret(detail.where) ? { where: HIDDEN } : {};
  const name = "name" in detail && holdsSecret(detail.name) ? { name: HIDDEN } : {};
  return { ...detail, ...key, ...where, ...name };
}

function isReference({ key, value }: Entry): boolean {
  if (value.type !== "scalar" || typeof value.value !== "string" || looksLikeSecret(value.value)) {
    return false;
  }
  return key === "file" || (key === "env" && VARIABLE_NAME.test(value.value));
}
