import { execFile } from "node:child_process";
import { MAX_FILE_BYTES } from "../../config/yaml/source.ts";
import type { Io } from "../io.ts";
import { errorCode } from "./file-error.ts";

/** What a commit holds under a path. */
export type GitFile =
  | { readonly status: "found"; readonly text: Uint8Array }
  /** Paths below it, of files and not of links. */
  | { readonly status: "folder"; readonly paths: readonly string[] }
  /** The commit is there, and the file is not in it. */
  | { readonly status: "absent" }
  /** `why` is git's own sentence. */
  | { readonly status: "failed"; readonly why: string };

/**
 * One file or folder as git has it at a commit, tag or branch. The path is git's: from the top of the repository, or from the
 * working folder where it begins with `./`. git is started without a shell, runs no filter over the file, and is told
 * none of our credentials.
 */
export async function readFromGit(ref: string, path: string, io: Io): Promise<GitFile> {
  if (ref.startsWith("-") || ref === "") {
    return { status: "failed", why: "that is no name of a commit" };
  }
  const blob = await git(["cat-file", "blob", `${ref}:${path}`], io);
  if (blob.ok) {
    return { status: "found", text: blob.output };
  }
  const tree = await git(["ls-tree", "-r", "-z", "--full-tree", `${ref}:${path}`], io);
  if (tree.ok) {
    return { status: "folder", paths: filesOf(Buffer.from(tree.output).toString("utf8")) };
  }
  const commit = await git(["rev-parse", "--verify", "--quiet", `${ref}^{commit}`], io);
  const listed = commit.ok ? await git(["cat-file", "-e", `${ref}:${path}`], io) : commit;
  return commit.ok && !listed.ok
    ? { status: "absent" }
    : { status: "failed", why: blob.why === "" ? "git could not read it" : blob.why };
}

/** Of what `ls-tree -z` lists: mode, type and id, then a tab and the path. A link has a mode of its own. */
function filesOf(listed: string): readonly string[] {
  return listed.split("\0").flatMap((line) => {
    const [, path] = /^100\d{3} blob [0-9a-f]+\t(.*)$/s.exec(line) ?? [];
    return path === undefined ? [] : [path];
  });
}

/** What git answered; `why` is its own sentence. */
export type GitOutput =
  | { readonly ok: true; readonly output: Uint8Array }
  | { readonly ok: false; readonly why: string };

/** Asks git, in the working folder. */
export function git(argv: readonly string[], io: Io): Promise<GitOutput> {
  const { cwd, env, stop, reading = (_, work) => work } = io;
  const names = Object.keys(env).filter((name) => FOR_GIT.test(name));
  const own = Object.fromEntries(names.map((name) => [name, env[name]]));
  const options = {
    cwd,
    env: { ...own, GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" },
    encoding: "buffer" as const,
    maxBuffer: MAX_FILE_BYTES + 1,
    signal: stop,
  };
  const answer = new Promise<GitOutput>((resolve) => {
    execFile("git", argv, options, (error, output, errors) => {
      if (error === null) {
        resolve({ ok: true, output });
        return;
      }
      const said = errors.toString("utf8").trim();
      const code = errorCode(error);
      resolve({ ok: false, why: code === "ENOENT" ? "git is not installed" : said });
    });
  });
  return reading(`Waiting for git ${argv[0] ?? ""}`, answer);
}

/** What git needs of the environment, and no more. */
const FOR_GIT = /^(?:PATH|HOME|USERPROFILE|SYSTEMROOT|TMPDIR|TEMP|XDG_CONFIG_HOME|GIT_(?!TRACE).*)$/i;
