import { posix } from "node:path";
import type { FleetFiles } from "../../config/fleet/load-fleet.ts";
import { concerns } from "../../fleet/matrix.ts";
import { visible } from "../../render/visible.ts";
import { filesAmong, matching } from "../files/find-files.ts";
import { git } from "../files/git.ts";
import type { Io } from "../io.ts";
import { UserError } from "../user-error.ts";

/** What has changed in the working folder since it parted from a commit. */
export interface Changes {
  /** The merge base: a commit, which stays where it is. */
  readonly base: string;
  /**
   * Whether one of these files, or anything below one of these folders, was changed, added or removed. Of what lies
   * outside the repository nobody can tell, so that it counts as changed.
   */
  touch(watched: readonly string[]): boolean;
  /** The files as they were. */
  readonly before: FleetFiles;
}

/** Compares with the merge base of a commit and what is checked out. Throws `UserError` where git cannot tell. */
export async function changesSince(ref: string, io: Io): Promise<Changes> {
  const ask = async (argv: readonly string[]) => {
    const answer = await git(argv, io);
    if (!answer.ok) {
      throw unreadable(ref, answer.why);
    }
    return Buffer.from(answer.output).toString("utf8");
  };
  if (ref.startsWith("-")) {
    throw unreadable(ref, "that is no name of a commit");
  }
  const top = (await ask(["rev-parse", "--show-toplevel"])).replace(/\n$/, "");
  const prefix = (await ask(["rev-parse", "--show-prefix"])).replace(/\n$/, "");
  const base = (await ask(["merge-base", ref, "HEAD"])).trim();
  const changed = await ask([
    "diff",
    "--name-only",
    "-z",
    "--no-renames",
    "--no-relative",
    "--no-ext-diff",
    base,
  ]);
  const added = await ask(["ls-files", "--others", "--exclude-standard", "--full-name", "-z", ":/"]);
  const paths = [...split(changed), ...split(added)];
  // As git names it, from the top of the repository.
  const named = (path: string) =>
    posix.isAbsolute(path) ? posix.relative(top, path) : posix.join(prefix, path);
  return {
    base,
    touch: (watched) => concerns(watched.map(named), paths),
    before: {
      find: async (path) => {
        const all = split(await ask(["ls-tree", "-r", "-z", "--name-only", "--full-tree", base]));
        const whole = named(path);
        const found = all.includes(whole)
          ? [whole]
          : whole.includes("*")
            ? matching(whole, all)
            : below(whole, all);
        return found.map((one) => posix.relative(prefix, one));
      },
      read: async (path) => {
        const blob = await git(["cat-file", "blob", `${base}:${named(path)}`], io);
        return { path, text: blob.ok ? blob.output : "" };
      },
    },
  };
}

function below(folder: string, paths: readonly string[]): readonly string[] {
  const start = `${folder}/`;
  const inside = paths.filter((path) => path.startsWith(start)).map((path) => path.slice(start.length));
  return filesAmong(inside).map((path) => `${start}${path}`);
}

function split(listed: string): readonly string[] {
  return listed.split("\0").filter((path) => path !== "");
}

function unreadable(ref: string, why: string): UserError {
  const said = why === "" ? "it has no commit in common with what is checked out" : why.replace(/\.+$/, "");
  return new UserError(
    "base_unreadable",
    `--changed-since ${visible(ref)} cannot be compared with: ${visible(said)}. In CI, the commits must have been fetched (GitHub: fetch-depth: 0; GitLab: GIT_DEPTH: 0).`,
  );
}
