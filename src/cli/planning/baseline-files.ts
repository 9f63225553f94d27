import { plural } from "../../render/words/plural.ts";
import type { Run } from "../command.ts";
import { posix } from "node:path";
import { loadDesiredState } from "../../config/load.ts";
import type { SourceFile } from "../../config/yaml/source.ts";
import type { DesiredState } from "../../engine/model/resource.ts";
import { visible } from "../../render/visible.ts";
import { readFile } from "../files/files.ts";
import { filesAmong, findFiles, sortOf } from "../files/find-files.ts";
import { readFromGit } from "../files/git.ts";
import { UserError } from "../user-error.ts";

/**
 * What the files said before, from `--base PATH` or `--base git-ref:path`, a file or a folder; null without one. A file that the commit
 * does not hold, or that cannot be understood, declared nothing: then everything counts as new, which shows more and
 * hides nothing. Throws `UserError` for a file or a commit that is not there. Sends no request.
 */
export async function readBase(
  run: Run<{ readonly base: readonly string[]; readonly file: readonly string[] }>,
): Promise<DesiredState | null> {
  const { options, printer, io } = run;
  if (options.base.length === 0) {
    return null;
  }
  // By the names of what they are the base of, so that paths written in either mean the same.
  const candidates = [options.file, await findFiles(options.file, io)];
  const names = candidates.find(({ length }) => length === options.base.length) ?? options.base;
  const sources: SourceFile[] = [];
  for (const [at, base] of options.base.entries()) {
    sources.push(...(await readOne(base, names[at] ?? base, run)));
  }
  const loaded = await loadDesiredState(sources, { env: io.env, ignoreAccount: true });
  if (loaded.ok) {
    return loaded.value;
  }
  printer.note(
    `The base (${options.base.join(", ")}) has ${plural(loaded.problems.length, "problem")} of its own, so nothing in it counts: everything is shown as new.`,
  );
  return NOTHING;
}

const NOTHING: DesiredState = {
  account_id: null,
  kinds: [],
  entries: [],
  prune: [],
  containers: [],
  limits: { max_deletes: 0, min_idle: 0, max_routes: 1_000 },
  protected: [],
};

/** The file, or the files of the folder, under the name that it is to have. */
async function readOne(
  base: string,
  name: string,
  { printer, io }: Pick<Run, "printer" | "io">,
): Promise<readonly SourceFile[]> {
  const colon = base.indexOf(":");
  const sort = await sortOf(base, io);
  if (sort === "folder") {
    const paths = await findFiles([base], io);
    const below = (path: string) => posix.join(name, posix.relative(base, path));
    return Promise.all(paths.map(async (path) => ({ path: below(path), text: await readFile(path, io) })));
  }
  if (colon === -1 || sort === "file") {
    if (base === "-") {
      throw new UserError("usage", "--base takes a file, a folder or git-ref:path, not standard input.");
    }
    return [{ path: name, text: await readFile(base, io) }];
  }
  const [ref, path] = [base.slice(0, colon), base.slice(colon + 1)];
  const found = await readFromGit(ref, path, io);
  switch (found.status) {
    case "found":
      return [{ path: name, text: found.text }];
    case "folder": {
      const below = filesAmong(found.paths).map((file) => ({
        // Not `join`, which drops the `./` by which git knows where to begin.
        base: `${ref}:${path}${path === "" || path.endsWith("/") ? "" : "/"}${file}`,
        name: posix.join(name, file),
      }));
      const read = below.map((each) => readOne(each.base, each.name, { printer, io }));
      return (await Promise.all(read)).flat();
    }
    case "absent":
      printer.note(`${base}: the commit holds no such file, so everything is shown as new.`);
      return [];
    case "failed":
      throw new UserError(
        "base_unreadable",
        `--base ${base} cannot be read from git: ${visible(found.why.replace(/\.+$/, ""))}. In CI, the commit must have been fetched.`,
      );
  }
}
