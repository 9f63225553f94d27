import { resolve } from "node:path";
import type { Io } from "../io.ts";
import { Interrupted, UserError } from "../user-error.ts";
import { whyUnreadable } from "./file-error.ts";
import { readBytes } from "./read-bytes.ts";

/** No plan and no document of any account comes near it. */
const MAX_BYTES = 100_000_000;

/** A file that the program wrote, of an account of any size. Throws `UserError`, for one that is too large with `code`. */
export async function readLarge(
  path: string,
  code: string,
  io: Pick<Io, "cwd" | "stop" | "reading">,
): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readBytes(resolve(io.cwd, path), MAX_BYTES, io);
  } catch (error) {
    throw error instanceof Interrupted
      ? error
      : new UserError("file_unreadable", `${path} cannot be read: ${whyUnreadable(error)}.`, { file: path });
  }
  if (bytes.length > MAX_BYTES) {
    throw new UserError(code, `${path} is larger than any plan: over 100 MB.`, { file: path });
  }
  return bytes;
}
