import { resolve } from "node:path";
import { MAX_FILE_BYTES, type SourceFile } from "../../config/yaml/source.ts";
import type { Io } from "../io.ts";
import { errorCode, whyUnreadable } from "./file-error.ts";
import { findFiles } from "./find-files.ts";
import { readBytes } from "./read-bytes.ts";
import { untilStopped } from "../terminal/waiting.ts";
import { Interrupted, UserError } from "../user-error.ts";

/** What reading files takes. */
type Reading = Pick<Io, "stdin" | "cwd" | "stop" | "reading">;

/**
 * Reads the files that `--file` names, `-` being standard input, and of each no more than shows that it is too large.
 * Throws `UserError` for the first that cannot be read, and `Interrupted`.
 */
export async function readFiles(paths: readonly string[], io: Reading): Promise<readonly SourceFile[]> {
  const files: SourceFile[] = [];
  for (const path of await findFiles(paths, io)) {
    const hint = paths.length === 0 ? " Write it (warren init does), or name another with --file." : "";
    files.push({ path, text: path === "-" ? await readInput(io) : await readFile(path, io, hint) });
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

/** As `readFiles`, of one path that is neither a folder nor `-`. `absent` is what to say beside that it is not there. */
export async function readFile(path: string, io: Reading, absent = ""): Promise<Uint8Array> {
  const whole = resolve(io.cwd, path);
  try {
    return await readBytes(whole, MAX_FILE_BYTES, io);
  } catch (error) {
    if (error instanceof Interrupted) {
      throw error;
    }
    const hint = errorCode(error) === "ENOENT" ? absent : "";
    throw new UserError("file_unreadable", `${path} cannot be read: ${whyUnreadable(error)}.${hint}`, {
      file: path,
    });
  }
}
