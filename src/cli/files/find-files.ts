import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { posix, resolve } from "node:path";
import { matcherOf } from "../../engine/decide/glob.ts";
import { compareText } from "../../engine/model/resource.ts";
import type { Io } from "../io.ts";
import { UserError } from "../user-error.ts";
import { errorCode, whyUnreadable } from "./file-error.ts";

/** The file that is meant when `--file` names none: the first of these that is there. */
export const DEFAULT_FILES = ["tunnels.yaml", "tunnels.yml"] as const;

export const DEFAULT_FILE = DEFAULT_FILES[0];

/** Where to look. */
type Where = Pick<Io, "cwd">;

/** The file that is meant when `--file` names none; null where it is not there. */
export async function findDefaultFile(io: Where): Promise<string | null> {
  for (const path of DEFAULT_FILES) {
    if ((await sortOf(path, io)) !== null) {
      return path;
    }
  }
  return null;
}

/**
 * The files that `--file` names, in its order, each once. A path that is there is taken as it is, but a folder stands
 * for the YAML files beneath it, and a glob for those that it matches. Throws `UserError` where these are none.
 */
export async function findFiles(named: readonly string[], io: Where): Promise<readonly string[]> {
  if (named.length === 0) {
    return [(await findDefaultFile(io)) ?? DEFAULT_FILE];
  }
  const files: string[] = [];
  for (const path of named) {
    const sort = path === "-" ? "file" : await sortOf(path, io);
    if (sort === "folder") {
      const found = await search(path, ["**", "*"], io);
      refuseNone(found, path, `The folder ${path} holds no .yaml or .yml file.`);
      addNew(found, files);
    } else if (sort === null && path.includes("*")) {
      const steps = path.split("/");
      const first = steps.findIndex((step) => step.includes("*"));
      const top = first === 0 ? "." : `${steps.slice(0, first).join("/")}/`;
      const found = await search(top, steps.slice(first), io);
      refuseNone(found, path, `${path} matches no .yaml or .yml file.`);
      addNew(found, files);
    } else {
      files.push(path);
    }
  }
  return files;
}

/** Of a folder's paths, told by their names alone, those that the folder stands for, sorted. */
export function filesAmong(paths: readonly string[]): readonly string[] {
  const isOut = (name: string) => name.startsWith(".") || NEVER.includes(name);
  return paths.filter((path) => /\.ya?ml$/.test(path) && !path.split("/").some(isOut)).sort(compareText);
}

/** Of paths, those that a pattern of `/`-separated globs matches, sorted. */
export function matching(pattern: string, paths: readonly string[]): readonly string[] {
  const steps = pattern.split("/");
  const isMatch = (path: string) =>
    path
      .split("/")
      .reduce(
        (at, name) =>
          reach(
            [...at].flatMap((step) => pass(steps[step], name, step)),
            steps,
          ),
        reach([0], steps),
      )
      .has(steps.length);
  return filesAmong(paths).filter(isMatch);
}

/** What a path is; null where nothing is there. */
export async function sortOf(path: string, { cwd }: Where): Promise<"file" | "folder" | null> {
  try {
    return (await stat(resolve(cwd, path))).isDirectory() ? "folder" : "file";
  } catch (error) {
    // Of what cannot be looked at, reading says why.
    return errorCode(error) === "ENOENT" ? null : "file";
  }
}

/** The YAML files below a folder that a pattern leads to, sorted. */
async function search(top: string, steps: readonly string[], io: Where): Promise<readonly string[]> {
  const found: string[] = [];
  await walk(top, reach([0], steps), steps, found, io);
  return found.sort(compareText);
}

function refuseNone(found: readonly string[], path: string, message: string): void {
  if (found.length === 0) {
    throw new UserError("file_unreadable", message, { file: path });
  }
}

/** Adds those that are not there yet, however they are spelled. */
function addNew(found: readonly string[], files: string[]): void {
  const known = new Set(files.map((file) => posix.normalize(file)));
  files.push(...found.filter((file) => !known.has(file)));
}

/**
 * Goes down as far as the pattern does, and follows no link. `at` are the steps of the pattern that may come next: all
 * at once, so that no number of `**` makes the way longer.
 */
async function walk(
  folder: string,
  at: ReadonlySet<number>,
  steps: readonly string[],
  found: string[],
  io: Where,
): Promise<void> {
  for (const entry of await list(folder, io)) {
    const { name } = entry;
    const passed = [...at].flatMap((step) => pass(steps[step], name, step));
    const next = reach(passed, steps);
    const path = posix.join(folder, name);
    if (entry.isDirectory()) {
      await walk(path, next, steps, found, io);
    } else if (entry.isFile() && next.has(steps.length) && /\.ya?ml$/.test(name)) {
      found.push(path);
    }
  }
}

/** Where a name leads to from one step of a pattern. */
function pass(pattern: string | undefined, name: string, step: number): readonly number[] {
  if (pattern === undefined) {
    return [];
  }
  if (pattern === "**") {
    return [step];
  }
  return matcherOf([pattern])(name) === null ? [] : [step + 1];
}

/** These steps, and those behind a `**`, which may stand for no folder at all. */
function reach(from: readonly number[], steps: readonly string[]): ReadonlySet<number> {
  const all = new Set(from);
  for (const step of all) {
    if (steps[step] === "**") {
      all.add(step + 1);
    }
  }
  return all;
}

/** What is in a folder; nothing where it is not there. Neither what is hidden nor what never holds entries. */
async function list(folder: string, { cwd }: Where): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(resolve(cwd, folder), { withFileTypes: true });
    return entries.filter(({ name }) => !name.startsWith(".") && !NEVER.includes(name));
  } catch (error) {
    if (errorCode(error) === "ENOENT") {
      return [];
    }
    throw new UserError("file_unreadable", `${folder} cannot be read: ${whyUnreadable(error)}.`, {
      file: folder,
    });
  }
}

const NEVER: readonly string[] = ["node_modules", "fleet.yaml"];
