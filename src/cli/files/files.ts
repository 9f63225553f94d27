import { resolve } from "node:path";
import { MAX_FILE_BYTES, type SourceFile } from "../../config/yaml/source.ts";
import type { Io } from "../io.ts";
import { errorCode, whyUnreadable } from "./file-error.ts";
import { readBytes } from "./read-bytes.ts";
import { untilStopped } from "../terminal/until-stopped.ts";
import { Interrupted, UserError } from "../user-error.ts";

/** The file that is read when `--file` names none. */
export const DEFAULT_FILE = "tunnels.yaml";

/** The files that these are: without any, the default one. */
export function filesOf(named: readonly string[]): readonly string[] {
  return named.length === 0 ? [DEFAULT_FILE] : named;
}

/** What reading files takes. */
type Reading = Pick<Io, "stdin" | "cwd" | "stop">;

/**
 * Reads the files that `--file` names, `-` being standard input, and of each no more than shows that it is too large.
 * Throws `UserError` for the first that cannot be read, and `Interrupted`.
 */
export async function readFiles(paths: readonly string[], io: Reading): Promise<readonly SourceFile[]> {
  const files: SourceFile[] = [];
  for (const path of filesOf(paths)) {
    files.push({ path, text: path === "-" ? await readInput(io) : await readOne(path, paths, io) });
  }
  return files;
}

async function readInput({ stdin, stop }: Reading): Promise<Uint8Array> {
  try {
    return await untilStopped(stdin.read(MAX_FILE_BYTES), stop);
  } catch (error) {
    throw error instanceof Interrupted
      ? error
      : new UserError("file_unreadable", `Standard input cannot be read: ${whyUnreadable(error)}.`);
  }
}

async function readOne(path: string, named: readonly string[], { cwd, stop }: Reading): Promise<Uint8Array> {
  const whole = resolve(cwd, path);
  try {
    return await readBytes(whole, MAX_FILE_BYTES, stop);
  } catch (error) {
    if (error instanceof Interrupted) {
      throw error;
    }
    const code = errorCode(error);
    const hint =
      code === "ENOENT" && named.length === 0
        ? " Write it (README shows how), or name another with --file."
        : code === "EISDIR"
          ? " Name each file with a --file of its own."
          : "";
    throw new UserError("file_unreadable", `${path} cannot be read: ${whyUnreadable(error)}.${hint}`, {
      file: path,
    });
  }
}
