import { posix } from "node:path";
import { ACCOUNT_NAME } from "../../base/stamp.ts";
import { nearest } from "../../base/spelling.ts";
import { compareText } from "../../engine/model/resource.ts";
import { createFindings, type Findings } from "./findings.ts";
import type { Result } from "../problem.ts";
import type { Source, SourceFile, Span } from "../yaml/source.ts";
import { type Placement, readFleet, type WrittenAccount, type WrittenFleet } from "./written-fleet.ts";

/** Where the files are that a fleet speaks of. Paths are as the command that reads the fleet would write them. */
export interface FleetFiles {
  /** The files that a file, a folder or a glob stands for; none where there are none. */
  find(path: string): Promise<readonly string[]>;
  read(path: string): Promise<SourceFile>;
}

/** An account of a fleet, before its files are looked into. */
export interface FoundAccount extends Placement {
  readonly account: string;
  /** As `--file` takes them. */
  readonly files: readonly string[];
  /** The files that these stand for. */
  readonly read: readonly string[];
  /** What concerns it when it changes: files, and folders with all that is beneath. */
  readonly watched: readonly string[];
}

/**
 * The accounts of a fleet, by name, with their files, or everything that is wrong. Looks for the files, and reads none
 * of them.
 */
export async function findAccounts(
  file: SourceFile,
  files: Pick<FleetFiles, "find">,
): Promise<Result<readonly FoundAccount[]>> {
  const findings = createFindings();
  const read = findings.read(file);
  if (read === null) {
    return findings.result([]);
  }
  const { source, tree } = read;
  const fleet = readFleet(source, tree, findings.report);
  if (findings.any()) {
    return findings.result([]);
  }
  const finder: Finder = { source, folder: posix.dirname(file.path), files, findings };
  const discovered = fleet.discover === null ? [] : await discover(fleet.discover, finder);
  const accounts = await together(fleet, discovered, finder);
  if (accounts.length === 0 && !findings.any()) {
    findings.report(source, { start: 0, end: 1 }, { code: "fleet_empty" });
  }
  return findings.result([...accounts].sort((a, b) => compareText(a.account, b.account)));
}

interface Finder {
  readonly source: Source;
  readonly folder: string;
  readonly files: Pick<FleetFiles, "find">;
  readonly findings: Findings;
}

interface Discovered {
  readonly account: string;
  readonly folder: string;
  readonly files: readonly string[];
}

/** The folders that hold a file which is discovered, each with its files. */
async function discover(
  { value, span }: { readonly value: string; readonly span: Span },
  { source, folder, files, findings }: Finder,
): Promise<readonly Discovered[]> {
  const { report } = findings;
  const byFolder = new Map<string, string[]>();
  for (const path of await files.find(posix.join(folder, value))) {
    const holder = posix.dirname(path);
    byFolder.set(holder, [...(byFolder.get(holder) ?? []), path]);
  }
  if (byFolder.size === 0) {
    report(source, span, { code: "path_finds_nothing", path: value });
  }
  const byName = new Map<string, Discovered>();
  for (const [holder, found] of byFolder) {
    const account = posix.basename(holder);
    const other = byName.get(account);
    const odd = found.find((path) => !isPortable(path));
    if (!ACCOUNT_NAME.test(account)) {
      report(source, span, { code: "account_folder_misnamed", folder: holder });
    } else if (other !== undefined) {
      report(source, span, { code: "account_found_twice", account, folders: [other.folder, holder] });
    } else if (odd !== undefined) {
      report(source, span, { code: "path_not_portable", path: odd });
    } else {
      byName.set(account, { account, folder: holder, files: found });
    }
  }
  return [...byName.values()];
}

/** Whether no engine would take a part of a path for something of its own. */
function isPortable(path: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return !/[$\u0000-\u001f\u007f]|\{\{/.test(path);
}

/** Those that are discovered, and those that are written, which say more of the same or are there besides. */
async function together(
  { defaults, accounts: written }: WrittenFleet,
  discovered: readonly Discovered[],
  finder: Finder,
): Promise<readonly FoundAccount[]> {
  const { source, findings } = finder;
  const accounts = new Map<string, FoundAccount>(
    discovered.map(({ account, folder, files }) => [
      account,
      { account, files, read: files, watched: [folder], ...defaults },
    ]),
  );
  for (const one of written) {
    const { account, span, wave, environment } = one;
    const there = accounts.get(account);
    if (one.files.length === 0 && there === undefined) {
      const near = nearest(account, [...accounts.keys()]);
      findings.report(source, span, { code: "account_without_files", account, nearest: near });
      continue;
    }
    accounts.set(account, {
      account,
      ...(one.files.length === 0 && there !== undefined ? there : await filesOf(one, finder)),
      wave: wave ?? defaults.wave,
      environment: environment ?? defaults.environment,
    });
  }
  return [...accounts.values()];
}

async function filesOf(
  { files: written }: WrittenAccount,
  { source, folder, files, findings }: Finder,
): Promise<Pick<FoundAccount, "files" | "read" | "watched">> {
  const read: string[] = [];
  for (const { value, span } of written) {
    const found = await files.find(posix.join(folder, value));
    if (found.length === 0) {
      findings.report(source, span, { code: "path_finds_nothing", path: value });
    }
    read.push(...found.filter((path) => !read.includes(path)));
  }
  const paths = written.map(({ value }) => posix.join(folder, value));
  return { files: paths, read, watched: paths.map(beforeGlob) };
}

/** The part of a path that holds no `*`: a folder, where the rest does. */
function beforeGlob(path: string): string {
  const steps = path.split("/");
  const first = steps.findIndex((step) => step.includes("*"));
  return first === -1 ? path : steps.slice(0, first).join("/") || ".";
}
