import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isObject } from "../wire/json.ts";
import { parseState, StateFileError, stateText, type SandboxState } from "./format.ts";
import type { Kept, Table } from "./table.ts";

/**
 * One JSON file that outlives the process, mode 0600. At every moment it holds one whole state: a kill leaves the old
 * one or the new one.
 */
export class StateFile {
  readonly #path: string;
  readonly #texts = new WeakMap<Kept, string>();
  /** The file as this process last saw it. */
  #mark: string;

  private constructor(path: string, mark: string) {
    this.#path = path;
    this.#mark = mark;
  }

  /** Opens the file; `state` is null where there is none. Throws a `StateFileError`. */
  static async open(
    path: string,
    tables: readonly Table<Kept>[],
  ): Promise<{ readonly file: StateFile; readonly state: SandboxState | null }> {
    await removeLeftovers(path);
    const mark = await markOf(path);
    try {
      // To open a named pipe could take for ever.
      const found = await stat(path).catch(() => null);
      if (found?.isFile() === false) {
        throw new StateFileError(`${path} is not a file.`);
      }
      const text = await readFile(path, "utf8");
      return { file: new StateFile(path, mark), state: parseState(text, path, tables) };
    } catch (error) {
      if (error instanceof StateFileError) {
        throw error;
      }
      if (codeOf(error) === "ENOENT") {
        return { file: new StateFile(path, mark), state: null };
      }
      throw new StateFileError(`${path} cannot be read (${codeOf(error)}).`);
    }
  }

  /**
   * Resolves once the state is in the file. Rejects with a `StateFileError` that says why it is not; the file is then
   * as it was. One call at a time.
   */
  async save(state: SandboxState): Promise<void> {
    const text = stateText(state, this.#texts);
    // Without its folder: this message is an answer to a client, too, which may take a long path for a secret.
    const name = basename(this.#path);
    if ((await markOf(this.#path)) !== this.#mark) {
      throw new StateFileError(`Another process has written ${name} since this sandbox last did.`);
    }
    const temporary = `${this.#path}.${randomBytes(4).toString("hex")}.tmp`;
    try {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      await writeThrough(temporary, text);
      await rename(temporary, this.#path);
    } catch (error) {
      await unlink(temporary).catch(() => {});
      throw new StateFileError(`${name} cannot be written (${codeOf(error)}).`);
    }
    this.#mark = await markOf(this.#path);
  }
}

async function writeThrough(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Tells one version of a file from another. */
async function markOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(path);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return "none";
  }
}

/** Removes what a write left that was killed before its rename. Files of the last minute may be someone's work. */
async function removeLeftovers(path: string): Promise<void> {
  const folder = dirname(path);
  const start = `${basename(path)}.`;
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(start) || !/^[0-9a-f]{8}\.tmp$/.test(name.slice(start.length))) {
      continue;
    }
    const file = join(folder, name);
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (mtimeMs < Date.now() - 60_000) {
      await unlink(file).catch(() => {});
    }
  }
}

function codeOf(error: unknown): string {
  return isObject(error) && typeof error["code"] === "string" ? error["code"] : "unknown";
}
