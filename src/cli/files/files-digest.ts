import { createHash } from "node:crypto";
import type { SourceFile } from "../../config/yaml/source.ts";

/**
 * The digest of files as they were read, wherever they lie: of one file what `sha256sum` says of it, of several that of
 * theirs, a line each.
 */
export function filesDigest(files: readonly SourceFile[]): string {
  const each = files.map(({ text }) => sha256(text));
  const [only = ""] = each;
  return `sha256:${each.length === 1 ? only : sha256(each.map((one) => `${one}\n`).join(""))}`;
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
