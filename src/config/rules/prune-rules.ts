import { entriesOf } from "./rule.ts";
import { locate, type Reporter } from "../yaml/source.ts";
import type { WrittenFile } from "../written.ts";

/** A file that claims a prefix declares nothing else. */
export function namesUnderOwnPrefix(files: readonly WrittenFile[], report: Reporter): void {
  for (const { source, prefix, entries } of files) {
    if (prefix === null) {
      continue;
    }
    for (const { name, nameSpan } of entries) {
      if (name.startsWith(prefix.value)) {
        continue;
      }
      report(source, nameSpan, { code: "name_outside_prefix", name, prefix: prefix.value });
    }
  }
}

/** No other file declares a name under a claimed prefix. Where two prefixes overlap, that is said once. */
export function namesUnderNoForeignPrefix(files: readonly WrittenFile[], report: Reporter): void {
  for (const file of files) {
    const foreign = prunesOf(files).filter(
      ({ source, prefix }) => source !== file.source && !overlap(prefix, file.prefix?.value ?? null),
    );
    for (const { source, name, nameSpan } of entriesOf([file])) {
      const claim = foreign.find(({ prefix }) => name.startsWith(prefix));
      if (claim === undefined) {
        continue;
      }
      const prune = locate(claim.source, claim.span.start);
      report(source, nameSpan, { code: "name_under_foreign_prefix", name, prefix: claim.prefix, prune });
    }
  }
}

/** A name is under one prefix at most. */
export function prefixesApart(files: readonly WrittenFile[], report: Reporter): void {
  const prunes = prunesOf(files);
  for (const [at, { source, prefix, span }] of prunes.entries()) {
    const other = prunes.slice(0, at).find((earlier) => overlap(earlier.prefix, prefix));
    if (other === undefined) {
      continue;
    }
    const first = locate(other.source, other.span.start);
    report(source, span, { code: "prefixes_overlap", prefix, other: other.prefix, first });
  }
}

function overlap(a: string, b: string | null): boolean {
  return b !== null && (a.startsWith(b) || b.startsWith(a));
}

function prunesOf(files: readonly WrittenFile[]) {
  return files.flatMap(({ source, prefix }) =>
    prefix === null ? [] : [{ source, span: prefix.span, prefix: prefix.value }],
  );
}
