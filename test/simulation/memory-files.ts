/*
 * Stands in for `node:fs/promises` below the command line (bundle.mjs): files in memory, since a simulated run must
 * wait for nothing but its clock. As much of the module as the command line uses.
 */

/** By path. Scenarios are played one after the other in each thread, and each begins with `forgetFiles`. */
const files = new Map<string, Buffer>();

/** Throws every file away. */
export function forgetFiles(): void {
  files.clear();
}

/** Puts a file where the program will look for it. */
export function putFile(path: string, text: string): void {
  files.set(path, Buffer.from(text));
}

/** What a file holds; null where there is none. */
export function textOf(path: string): string | null {
  return files.get(path)?.toString() ?? null;
}

export async function open(path: string, flags = "r") {
  if (flags === "wx") {
    files.set(path, Buffer.alloc(0));
  }
  const held = contentOf(path);
  let at = 0;
  return {
    read: async (buffer: Buffer, offset: number, length: number) => {
      const bytesRead = held.copy(buffer, offset, at, at + length);
      at += bytesRead;
      return { bytesRead, buffer };
    },
    writeFile: async (text: string) => putFile(path, text),
    chmod: async () => {},
    sync: async () => {},
    close: async () => {},
  };
}

export async function readFile(path: string): Promise<string> {
  return contentOf(path).toString();
}

export async function lstat(path: string) {
  contentOf(path);
  return { isFile: () => true, isDirectory: () => false, isSymbolicLink: () => false };
}

/** There are no folders. */
export async function readdir(): Promise<readonly never[]> {
  return [];
}

export function stat(path: string) {
  return lstat(path);
}

export async function access(path: string): Promise<void> {
  contentOf(path);
}

export async function realpath(path: string): Promise<string> {
  contentOf(path);
  return path;
}

export async function rename(from: string, to: string): Promise<void> {
  files.set(to, contentOf(from));
  files.delete(from);
}

export async function unlink(path: string): Promise<void> {
  contentOf(path);
  files.delete(path);
}

export async function appendFile(path: string, text: string): Promise<void> {
  putFile(path, (textOf(path) ?? "") + text);
}

function contentOf(path: string): Buffer {
  const held = files.get(path);
  if (held === undefined) {
    throw Object.assign(new Error("no such file"), { code: "ENOENT" });
  }
  return held;
}
