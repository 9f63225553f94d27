import { byPlace, parseValues, problemOf } from "../load.ts";
import { fileProblem, type Problem, type ProblemDetail, type Result } from "../problem.ts";
import {
  decode,
  type Finding,
  type Reporter,
  type Source,
  type SourceFile,
  type Span,
} from "../yaml/source.ts";
import type { Tree } from "../yaml/tree.ts";

/** Gathers what is wrong with files. */
export interface Findings {
  readonly report: Reporter;
  /** Says something of a file as a whole. */
  ofFile(path: string, detail: ProblemDetail): void;
  /** A file's values; null, and reported, where it has none. */
  read(file: SourceFile): { readonly source: Source; readonly tree: Tree } | null;
  any(): boolean;
  /** The value, unless something was found. */
  result<T>(value: T): Result<T>;
}

export function createFindings(): Findings {
  const problems: Problem[] = [];
  const findings: Finding[] = [];
  const secrets = new Map<Source, readonly Span[]>();
  const report: Reporter = (source, span, detail, grade = "error") => {
    if (grade === "error") {
      findings.push({ source, span, detail, grade });
    }
  };
  const any = () => problems.length + findings.length > 0;
  return {
    report,
    ofFile: (path, detail) => {
      problems.push(fileProblem(path, detail));
    },
    read: (file) => {
      const source = decode(file);
      if ("code" in source) {
        problems.push(source);
        return null;
      }
      const { tree, hidden } = parseValues(source, report);
      secrets.set(source, hidden);
      return tree === null ? null : { source, tree };
    },
    any,
    result: (value) => {
      const advice = { warnings: [], notes: [] };
      const found = findings.map((finding) => problemOf(finding, secrets.get(finding.source) ?? []));
      return any()
        ? { ok: false, problems: [...problems, ...found].sort(byPlace), ...advice }
        : { ok: true, value, ...advice };
    },
  };
}
