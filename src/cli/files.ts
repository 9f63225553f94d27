import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { MAX_FILE_BYTES, type SourceFile } from "../config/source.ts";
import type { Io } from "./io.ts";
import { errorCode, whyUnreadable } from "./file-error.ts";
import { UserError } from "./user-error.ts";

/** The file that is read when `--file` names none. */
export const DEFAULT_FILE = "tunnels.yaml";

/** Reads the files that `--file` names, `-` being standard input. Throws `UserError` for the first that cannot be read. */
export async function readFiles(paths: readonly string[], io: Io): Promise<readonly SourceFile[]> {
  const files: SourceFile[] = [];
  for (const path of paths.length === 0 ? [DEFAULT_FILE] : paths) {
    files.push(
      path === "-" ? { path, text: await io.stdin.read() } : { path, text: await readOne(path, paths, io) },
    );
  }
  return files;
}

async function readOne(path: string, named: readonly string[], io: Io): Promise<Uint8Array> {
  try {
    return await readStart(resolve(io.cwd, path));
  } catch (error) {
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

/** No more of a file than shows that it is too large. */
async function readStart(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of file.createReadStream({ end: MAX_FILE_BYTES })) {
      const bytes: Uint8Array = chunk;
      chunks.push(bytes);
      size += bytes.length;
    }
    return Buffer.concat(chunks, size);
  } finally {
    await file.close();
  }
}
