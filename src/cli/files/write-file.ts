import { lstat, open, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { Io } from "../io.ts";
import { errorCode, whyUnwritable } from "./file-error.ts";
import { UserError } from "../user-error.ts";

/** A file about to be written. Nobody ever sees it half written. */
export interface NewFile {
  /** As the user named it. */
  readonly path: string;
  /** Puts the text in the place of whatever was there. Throws `UserError` where the disk says no. */
  write(text: string): Promise<void>;
  /** Leaves what was there as it is. To be called at the end, also after `write`. */
  discard(): Promise<void>;
}

/** How a file is asked for, and who may read it. */
interface Access {
  readonly option: string;
  readonly mode: number;
}

/** Opens a file that only its owner may read, for what `--out` names. Otherwise as `openNewFile`. */
export function openPrivateFile(path: string, io: Io): Promise<NewFile> {
  return openNewFile(path, { option: "--out", mode: 0o600 }, io);
}

/**
 * Opens a file to write, beside the one that it is to replace, so that a path that cannot be written is found before
 * anything else is done. Throws `UserError`.
 */
export async function openNewFile(path: string, { option, mode }: Access, io: Io): Promise<NewFile> {
  const refuse = (error: unknown) =>
    new UserError("file_unwritable", `${path} cannot be written: ${whyUnwritable(error, path)}.`, {
      file: path,
    });
  if (path === "-") {
    throw new UserError(
      "usage",
      `${option} takes a file. To print the result, leave ${option} out; for a file of that name, write ./- instead.`,
    );
  }
  try {
    const target = await targetOf(resolve(io.cwd, path), path, option);
    const temporary = join(dirname(target), `.${basename(target).slice(0, 200)}.${crypto.randomUUID()}`);
    const file = await open(temporary, "wx", mode);
    let state: "open" | "closed" | "gone" = "open";
    const close = async () => {
      if (state === "open") {
        state = "closed";
        await file.close();
      }
    };
    return {
      path,
      write: async (text) => {
        try {
          // The umask may have taken more than was asked for; nothing may give more.
          await file.chmod(mode);
          await file.writeFile(text);
          await file.sync();
          await close();
          await rename(temporary, target);
          state = "gone";
        } catch (error) {
          throw refuse(error);
        }
      },
      discard: async () => {
        // What could be wrong with either has been said by `write`, or harms nobody.
        await close().catch(() => {});
        if (state !== "gone") {
          state = "gone";
          await unlink(temporary).catch(() => {});
        }
      },
    };
  } catch (error) {
    throw error instanceof UserError ? error : refuse(error);
  }
}

/**
 * The file itself. A link is refused: whoever made it would choose which file is replaced. Nor is a device or a folder
 * replaced by a file.
 */
async function targetOf(target: string, path: string, option: string): Promise<string> {
  try {
    const found = await lstat(target);
    if (found.isSymbolicLink() && (await isFileBehind(target))) {
      throw new UserError(
        "file_unwritable",
        `${path} is a symbolic link. Name a file of its own with ${option}.`,
        {
          file: path,
        },
      );
    }
    if (!found.isFile()) {
      throw new UserError(
        "file_unwritable",
        `${path} is not a file. To print the result, leave ${option} out.`,
        {
          file: path,
        },
      );
    }
  } catch (error) {
    if (errorCode(error) !== "ENOENT") {
      throw error;
    }
  }
  return target;
}

/** Whether a link leads to a file, or to nothing yet: `/dev/stdout` does not. */
async function isFileBehind(link: string): Promise<boolean> {
  try {
    return (await stat(link)).isFile();
  } catch (error) {
    if (errorCode(error) === "ENOENT") {
      return true;
    }
    throw error;
  }
}
