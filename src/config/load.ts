import {
  compareText,
  type DesiredContainer,
  type DesiredEntry,
  type DesiredState,
  type Location,
} from "../engine/model/resource.ts";
import type { Ingress } from "../ingress/match.ts";
import { resolveAccount, type Environment } from "./rules/account.ts";
import { buildTree } from "./yaml/build-tree.ts";
import { checkSchema } from "./schema/check.ts";
import { excerptOf } from "./secret/excerpt.ts";
import { withoutSecretKeys, withoutWords } from "./secret/hiding.ts";
import { asMeant } from "./schema/mistyped-keys.ts";
import { fileProblem, type Problem, type Result } from "./problem.ts";
import { defaultNetworkOf, type Nested, readNested } from "./nested/nested.ts";
import { judgeConfigurations, type JudgeOptions, type WrittenConfiguration } from "./rules/configurations.ts";
import { checkRules } from "./rules/rules.ts";
import { guessSecrets, userInfoIn } from "./secret/secrecy.ts";
import {
  decode,
  locate,
  type Finding,
  type Reporter,
  type Source,
  type SourceFile,
  type Span,
} from "./yaml/source.ts";
import { overlapping, united } from "./yaml/span.ts";
import { containersOf, desiredStateOf } from "./state.ts";
import type { Tree } from "./yaml/tree.ts";
import { readWritten, type WrittenFile } from "./written.ts";
import { parseYaml } from "./yaml/yaml.ts";

/** What loading depends on besides the texts. */
export interface LoadOptions {
  /** Where `${NAME}` in `account_id` is looked up. */
  readonly env: Environment;
  /** Leaves `account_id` alone, so that an unset variable is no error: for a run that has its own account. */
  readonly ignoreAccount?: boolean;
}

/** More problems than these of one run are not listed: as JSON, those of a hostile file fit into no text. */
const MAX_FINDINGS = 100_000;

/**
 * Reads the texts of a run's files into one desired state, or reports everything that is wrong with them, sorted by
 * file and place. Reads no file and no environment of its own. Problems hold no secret.
 */
export async function loadDesiredState(
  files: readonly SourceFile[],
  options: LoadOptions,
): Promise<Result<DesiredState>> {
  const loaded = await load(files, options, { withTests: true });
  if (!loaded.ok) {
    return loaded;
  }
  const { written, configurations, nested, account } = loaded.value;
  return { ...loaded, value: desiredStateOf(written, configurations, nested, account) };
}

/** By what traffic reaches a service, as the files write it. */
export interface WrittenPaths {
  readonly account_id: string | null;
  /** Those whose rules are written. */
  readonly tunnels: readonly TunnelRules[];
  /** Routes, private names and names in DNS. */
  readonly routes: readonly DesiredEntry[];
  /** The zones that the files name. */
  readonly zones: readonly DesiredContainer[];
  /** The virtual network that the files make the default; null where they leave it alone. */
  readonly promoted: string | null;
}

/** The rules of one tunnel, as a file writes them. */
export interface TunnelRules {
  readonly tunnel: string;
  /** Of the tunnel, where its entry pins it. */
  readonly id: string | null;
  readonly ingress: Ingress;
  /** Where each rule stands. */
  readonly rules: readonly Location[];
}

/**
 * Reads the same texts for the rules of their tunnels, by name, and for their routes. Tests are left alone: one that fails is a reason to look
 * at the rules.
 */
export async function loadIngress(
  files: readonly SourceFile[],
  options: LoadOptions,
): Promise<Result<WrittenPaths>> {
  const loaded = await load(files, options, { withTests: false });
  if (!loaded.ok) {
    return loaded;
  }
  // Where `ingress` is not written the rules are those of the account, which are not known here.
  const tunnels = loaded.value.configurations.flatMap(({ entry, ingress, rules: spans }) => {
    const rules = spans.map(({ start }) => locate(entry.source, start));
    return ingress === null || rules.length === 0
      ? []
      : [{ tunnel: entry.name, id: entry.id?.value ?? null, ingress, rules }];
  });
  tunnels.sort((a, b) => compareText(a.tunnel, b.tunnel));
  const { account, nested, written } = loaded.value;
  const promoted = defaultNetworkOf(written);
  return {
    ...loaded,
    value: { account_id: account, tunnels, routes: nested.entries, zones: containersOf(written), promoted },
  };
}

interface Loaded {
  readonly written: readonly WrittenFile[];
  readonly configurations: readonly WrittenConfiguration[];
  readonly nested: Nested;
  readonly account: string | null;
}

async function load(
  files: readonly SourceFile[],
  options: LoadOptions,
  judging: JudgeOptions,
): Promise<Result<Loaded>> {
  const problems: Problem[] = [];
  const findings: Finding[] = [];
  const secrets = new Map<Source, readonly Span[]>();
  const written: WrittenFile[] = [];
  let overflow: Finding | null = null;
  const report: Reporter = (source, span, detail, grade = "error") => {
    if (findings.length < MAX_FINDINGS) {
      findings.push({ source, span, detail, grade });
    } else {
      overflow ??= {
        source,
        span,
        detail: { code: "too_many_problems", limit: MAX_FINDINGS },
        grade: "error",
      };
    }
  };

  for (const [at, file] of files.entries()) {
    if (files.slice(0, at).some(({ path }) => path === file.path)) {
      problems.push(fileProblem(file.path, { code: "file_given_twice" }));
      continue;
    }
    const source = decode(file);
    if ("code" in source) {
      problems.push(source);
      continue;
    }
    const { tree, hidden } = readValues(source, report);
    secrets.set(source, hidden);
    written.push(readWritten(source, tree));
  }
  checkRules(written, report);
  const account = options.ignoreAccount === true ? null : resolveAccount(written, options.env, report);
  const judged = new Map<Source, Set<number>>();
  const reportJudged: Reporter = (source, span, detail, grade) => {
    if (grade === "error") {
      judged.set(source, (judged.get(source) ?? new Set()).add(span.start));
    }
    report(source, span, detail, grade);
  };
  const configurations = await judgeConfigurations(written, reportJudged, judging);
  const nested = readNested(written, configurations, reportJudged);

  const graded = { error: problems, warning: [] as Problem[], note: [] as Problem[] };
  for (const finding of withoutEchoes(overflow === null ? findings : [...findings, overflow], judged)) {
    graded[finding.grade].push(problemOf(finding, secrets.get(finding.source) ?? []));
  }
  const advice = { warnings: graded.warning.sort(byPlace), notes: graded.note.sort(byPlace) };
  return problems.length > 0
    ? { ok: false, problems: problems.sort(byPlace), ...advice }
    : { ok: true, value: { written, configurations, nested, account }, ...advice };
}

interface Values {
  /** Null when nothing more can be said about the file. */
  readonly tree: Tree | null;
  /** What may be a secret. */
  readonly hidden: readonly Span[];
}

function readValues(source: Source, report: Reporter): Values {
  const values = parseValues(source, report);
  // By now the parser's own, larger tree is free to go.
  if (values.tree === null) {
    return values;
  }
  const meant = asMeant(values.tree);
  checkSchema(source, meant, report);
  return { ...values, tree: meant.tree };
}

/** As `readValues`, of a file with another schema. */
export function parseValues(source: Source, report: Reporter): Values {
  const { root, sound } = parseYaml(source, report);
  // A text that is no YAML is not judged further: what the parser made of it is a guess.
  const { tree, secrets } = buildTree(source, root, sound ? report : () => {});
  const userInfo = userInfoIn(source);
  if (!sound) {
    return { tree: null, hidden: united([...secrets, ...guessSecrets(source), ...userInfo]) };
  }
  if (tree?.type === "scalar" && tree.value === null) {
    report(source, { start: 0, end: 1 }, { code: "file_empty" });
    return { tree: null, hidden: [] };
  }
  return { tree, hidden: united([...secrets, ...userInfo]) };
}

/**
 * A number that should have been text, or a secret, is one mistake and not two; and so is what both the schema and the
 * judgement of a configuration find, which has better words.
 */
function withoutEchoes(findings: readonly Finding[], judged: Places): readonly Finding[] {
  const found = new Set(
    findings.filter(({ detail }) => detail.code !== "inexact_number").map(({ span }) => span),
  );
  return findings.filter(({ source, span, detail: { code } }) => {
    const isEcho = OF_SCHEMA.has(code) && judged.get(source)?.has(span.start) === true;
    return !isEcho && (code !== "inexact_number" || !found.has(span));
  });
}

/** Offsets by file. */
type Places = ReadonlyMap<Source, ReadonlySet<number>>;

/** Codes of the schema's for which a judgement may stand. */
const OF_SCHEMA: ReadonlySet<string> = new Set(["wrong_type", "unknown_key", "missing_key", "wrong_format"]);

/** A finding with its place and its line, what may be a secret hidden. */
export function problemOf({ source, span, detail }: Finding, secrets: readonly Span[]): Problem {
  const location = locate(source, span.start);
  if (detail.code === "file_empty") {
    return { ...detail, location, excerpt: null };
  }
  const hidden = overlapping(secrets, { start: span.start, end: span.start + 1 }).length > 0;
  const shown = withoutSecretKeys(hidden ? withoutWords(detail) : detail);
  return { ...shown, location, excerpt: excerptOf(source, span, secrets) };
}

/** By file, then by place. */
export function byPlace(a: Problem, b: Problem): number {
  return (
    compareText(a.location.file, b.location.file) ||
    a.location.line - b.location.line ||
    a.location.column - b.location.column ||
    compareText(a.code, b.code)
  );
}
