import { plural } from "../../render/words/plural.ts";
import type { Run } from "../command.ts";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { loadDesiredState } from "../../config/load.ts";
import type { SourceFile } from "../../config/yaml/source.ts";
import type { DesiredState } from "../../engine/model/resource.ts";
import { visible } from "../../render/visible.ts";
import { readFile } from "../files/files.ts";
import { findFiles } from "../files/find-files.ts";
import { readFromGit } from "../files/git.ts";
import { UserError } from "../user-error.ts";

/**
 * What the files said before, from `--base FILE` or `--base git-ref:path`; null without one. A file that the commit
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
  const files = await findFiles(options.file, io);
  const sources: SourceFile[] = [];
  for (const [at, base] of options.base.entries()) {
    const text = await readOne(base, run);
    if (text !== null) {
      // By the name of the file that it is the base of, so that paths written in either mean the same.
      const path = options.base.length === files.length ? (files[at] ?? base) : base;
      sources.push({ path, text });
    }
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
  limits: { max_deletes: 0, min_idle: 0 },
  protected: [],
};

async function readOne(
  base: string,
  { printer, io }: Pick<Run, "printer" | "io">,
): Promise<Uint8Array | string | null> {
  const colon = base.indexOf(":");
  if (colon === -1 || (await exists(resolve(io.cwd, base)))) {
    if (base === "-") {
      throw new UserError("usage", "--base takes a file or git-ref:path, not standard input.");
    }
    return readFile(base, io);
  }
  const found = await readFromGit(base.slice(0, colon), base.slice(colon + 1), io);
  switch (found.status) {
    case "found":
      return found.text;
    case "absent":
      printer.note(`${base}: the commit holds no such file, so everything is shown as new.`);
      return null;
    case "failed":
      throw new UserError(
        "base_unreadable",
        `--base ${base} cannot be read from git: ${visible(found.why.replace(/\.+$/, ""))}. In CI, the commit must have been fetched.`,
      );
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
