import { dirname } from "node:path";

/** Why a file cannot be read, to stand after a colon: `there is no such file`. */
export function whyUnreadable(error: unknown): string {
  const code = errorCode(error);
  return WORDS[code] ?? `error ${code}`;
}

/** Why a file cannot be written, likewise. `path` is as the user named it. */
export function whyUnwritable(error: unknown, path: string): string {
  return errorCode(error) === "ENOENT" ? `the folder ${dirname(path)} does not exist` : whyUnreadable(error);
}

/** What the operating system called it. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
}

const WORDS: { readonly [code: string]: string | undefined } = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is a file, where a folder must be",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ELOOP: "its symbolic links lead in a circle",
  ENAMETOOLONG: "its name is too long",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
};
