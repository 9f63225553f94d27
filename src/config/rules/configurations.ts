import { type IngressTest, runTests } from "../../ingress/explain.ts";
import type { Finding, FindingDetail } from "../../ingress/finding.ts";
import { judge } from "../../ingress/judge.ts";
import type { Ingress } from "../../ingress/match.ts";
import { type Compile, loadPatterns } from "../../ingress/pattern.ts";
import { inSeconds } from "../../ingress/normalise.ts";
import type { JsonValue, Location, Spec } from "../../engine/model/resource.ts";
import type { Grade } from "../problem.ts";
import { locate, type Reporter, type Source, type Span } from "../yaml/source.ts";
import { type Entry, toData, type Tree } from "../yaml/tree.ts";
import { textAt, type WrittenEntry, type WrittenFile } from "../written.ts";
import { entriesOf } from "./rule.ts";

/** The keys of a tunnel's entry that make up its configuration. */
const KEYS = ["ingress", "originRequest", "warp-routing"] as const;

/** All keys of an entry that are no attributes of the tunnel itself. */
export const CONFIGURATION_KEYS: ReadonlySet<string> = new Set([...KEYS, "tests"]);

/** The configuration that an entry writes. */
export interface WrittenConfiguration {
  readonly entry: WrittenEntry;
  /** In the API's form: durations are whole seconds. */
  readonly spec: Spec;
  readonly source: Location;
  /** Null where cloudflared refuses it. */
  readonly ingress: Ingress | null;
  /** Where each rule stands. */
  readonly rules: readonly Span[];
}

export interface JudgeOptions {
  /** Whether tests are run. */
  readonly withTests: boolean;
}

/** Judges the configuration of every entry that writes one, and runs its tests. */
export async function judgeConfigurations(
  files: readonly WrittenFile[],
  report: Reporter,
  options: JudgeOptions,
): Promise<readonly WrittenConfiguration[]> {
  const reportOnce = withoutRepeats(report);
  const configurations: WrittenConfiguration[] = [];
  let compiler: Promise<Compile> | undefined;
  const patterns = () => {
    compiler ??= loadPatterns();
    return compiler;
  };
  for (const entry of entriesOf(files)) {
    const written = [...entry.attributes.values()].filter(({ key }) => CONFIGURATION_KEYS.has(key));
    if (written.length > 0 && !entry.absent) {
      const configuration = await judgeEntry(entry, reportOnce, { ...options, patterns });
      configurations.push(...(configuration === null ? [] : [configuration]));
    }
  }
  return configurations;
}

async function judgeEntry(
  entry: WrittenEntry,
  report: Reporter,
  { withTests, patterns }: JudgeOptions & { readonly patterns: () => Promise<Compile> },
): Promise<WrittenConfiguration | null> {
  const { attributes, source } = entry;
  const written = KEYS.flatMap((key) => attributes.get(key) ?? []);
  const spec = specOf(written);
  const { ingress, errors, warnings, notes } = await judge(spec, patterns);
  const tests = ingress === null || !withTests ? [] : runTests(ingress, testsOf(attributes.get("tests")));
  const graded = [
    [[...errors, ...tests], "error"],
    [warnings, "warning"],
    [notes, "note"],
  ] as const satisfies readonly (readonly [readonly Finding[], Grade])[];
  for (const [findings, grade] of graded) {
    for (const { path, ...detail } of findings) {
      report(source, placeOf(entry, path, detail), detail, grade);
    }
  }
  const [first] = written;
  if (first === undefined) {
    return null;
  }
  if (textAt(attributes.get("config_src"))?.value === "local") {
    const { name } = entry;
    report(source, first.keySpan, { code: "configuration_is_local", name, key: first.key }, "error");
  }
  return {
    entry,
    spec,
    source: locate(source, first.keySpan.start),
    ingress,
    rules: spansOf(attributes.get("ingress")?.value),
  };
}

function specOf(written: readonly Entry[]): Spec {
  const data = Object.fromEntries(written.map(({ key, value }): [string, JsonValue] => [key, toData(value)]));
  // It is of the same form as what goes in.
  return inSeconds(data) as Spec;
}

/** Null stands for one that is not of the right form: the schema has reported it. */
function testsOf(entry: Entry | undefined): readonly (IngressTest | null)[] {
  return itemsOf(entry?.value).map((item) => {
    const url = item.type === "map" ? textAt(item.entries.get("url")) : null;
    const service = item.type === "map" ? textAt(item.entries.get("service")) : null;
    return url === null || service === null ? null : { url: url.value, service: service.value };
  });
}

function spansOf(tree: Tree | undefined): readonly Span[] {
  return tree?.type === "list" ? tree.items.map(({ span }, at) => tree.aliases.get(at) ?? span) : [];
}

function itemsOf(tree: Tree | undefined): readonly Tree[] {
  return tree?.type === "list" ? tree.items : [];
}

/** Where a finding stands: at the value, at the first character of one that takes several lines, or at its key. */
function placeOf(
  { attributes, nameSpan }: WrittenEntry,
  path: Finding["path"],
  { code }: FindingDetail,
): Span {
  let entries: ReadonlyMap<string, Entry> = attributes;
  let items: readonly Tree[] = [];
  let aliases: ReadonlyMap<number, Span> = new Map();
  let span = nameSpan;
  for (const [at, step] of path.entries()) {
    const entry = typeof step === "string" ? entries.get(step) : undefined;
    const tree = typeof step === "string" ? entry?.value : items[step];
    if (tree === undefined) {
      break;
    }
    const isKey = code === "ingress_unknown_key" && at === path.length - 1;
    const alias = typeof step === "number" ? aliases.get(step) : undefined;
    const { start } = alias ?? tree.span;
    span =
      isKey && entry !== undefined
        ? entry.keySpan
        : tree.type === "scalar"
          ? (alias ?? tree.span)
          : { start, end: start + 1 };
    entries = tree.type === "map" ? tree.entries : new Map();
    items = itemsOf(tree);
    aliases = tree.type === "list" ? tree.aliases : new Map();
  }
  return span;
}

/** What an alias repeats is said once. */
function withoutRepeats(report: Reporter): Reporter {
  const said = new Map<Source, Set<string>>();
  return (source, span, detail, grade) => {
    const ofSource = said.get(source) ?? new Set();
    said.set(source, ofSource);
    const key = `${span.start} ${detail.code}`;
    if (!ofSource.has(key)) {
      ofSource.add(key);
      report(source, span, detail, grade);
    }
  };
}
