import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Io } from "../io.ts";
import { UserError } from "../user-error.ts";

/**
 * Throws `UserError` where the file of `--out`, or of another option, is one that the same command reads, under whatever name: its result
 * would take that file's place. What is no file, as `-` or a path within a commit, is passed over.
 */
export async function requireOwnFile(
  out: string | undefined,
  inputs: readonly string[],
  io: Io,
  option = "--out",
): Promise<void> {
  const target = out === undefined ? null : await identityOf(out, io);
  for (const input of target === null ? [] : inputs) {
    if (target === (await identityOf(input, io))) {
      throw new UserError(
        "usage",
        `${option} ${out} would replace ${input}, which this command reads. Name a file of its own.`,
        { file: out ?? input },
      );
    }
  }
}

/** The same for any two paths to one file; null where there is none. */
async function identityOf(path: string, { cwd }: Io): Promise<string | null> {
  try {
    const { dev, ino } = await stat(resolve(cwd, path), { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}
