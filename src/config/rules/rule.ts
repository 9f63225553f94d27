import type { Location } from "../../engine/model/resource.ts";
import type { ProblemDetail } from "../problem.ts";
import { locate, type Reporter, type Source, type Span } from "../yaml/source.ts";
import type { Written, WrittenEntry, WrittenFile } from "../written.ts";

/** A rule looks at all files of a run, as they are written, and reports what breaks it. */
export type Rule = (files: readonly WrittenFile[], report: Reporter) => void;

interface Keyed {
  readonly source: Source;
  readonly span: Span;
  readonly key: string;
}

/** Reports each item whose key an earlier one has. */
export function once<T extends Keyed>(
  items: readonly T[],
  detail: (item: T, first: Location) => ProblemDetail,
  report: Reporter,
): void {
  const firsts = new Map<string, T>();
  for (const item of items) {
    const first = firsts.get(item.key);
    if (first === undefined) {
      firsts.set(item.key, item);
    } else {
      report(item.source, item.span, detail(item, locate(first.source, first.span.start)));
    }
  }
}

/** Reports each value that is not the first one. */
export function agree<T>(
  values: readonly { readonly source: Source; readonly written: Written<T> | null }[],
  detail: (first: Location) => ProblemDetail,
  report: Reporter,
): void {
  const [first, ...others] = values.flatMap(({ source, written }) =>
    written === null ? [] : [{ source, written }],
  );
  if (first === undefined) {
    return;
  }
  for (const { source, written } of others) {
    if (written.value === first.written.value) {
      continue;
    }
    report(source, written.span, detail(locate(first.source, first.written.span.start)));
  }
}

/** The entries of all files. */
export function entriesOf(files: readonly WrittenFile[]): readonly WrittenEntry[] {
  return files.flatMap((file) => file.entries);
}
