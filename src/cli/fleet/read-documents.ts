import { readdir } from "node:fs/promises";
import { posix, resolve } from "node:path";
import { type Facts, noDocument, readDocument } from "../../fleet/document.ts";
import { readMatrix } from "../../fleet/expected.ts";
import type { Matrix } from "../../fleet/matrix.ts";
import { compareText } from "../../engine/model/resource.ts";
import type { Run } from "../command.ts";
import { errorCode, whyUnreadable } from "../files/file-error.ts";
import { readFile } from "../files/files.ts";
import { sortOf } from "../files/find-files.ts";
import { readBytes } from "../files/read-bytes.ts";
import type { Io } from "../io.ts";
import { Interrupted, UserError } from "../user-error.ts";

/** No document of any account comes near it. */
const MAX_BYTES = 100_000_000;

/** What `--expect` names: what `matrix` printed. Throws `UserError`. */
export async function readExpected(path: string, io: Io): Promise<Matrix> {
  const text = new TextDecoder().decode(await readFile(path, io));
  const matrix = readMatrix(parse(text));
  if (matrix === null) {
    throw new UserError(
      "bad_document",
      `${path} is not what \`warren matrix\` prints for --format json or github.`,
      { file: path },
    );
  }
  return matrix;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * The documents that the paths name, files or folders of `*.json`; but `except`, which may lie among them. One after
 * another, since of each only little is kept. A file that is none is a document that failed.
 */
export async function readDocuments(
  paths: readonly string[],
  except: string,
  { printer, io }: Pick<Run, "printer" | "io">,
): Promise<readonly Facts[]> {
  const files: string[] = [];
  const seen = new Set([resolve(io.cwd, except)]);
  for (const path of paths) {
    const sort = await sortOf(path, io);
    if (sort === null) {
      // As a shell leaves a pattern that matches nothing: whose job left no document is said by account.
      printer.note(`${path}: there is no such file.`);
    }
    const found = sort === null ? [] : sort === "folder" ? await filesBelow(path, io) : [path];
    for (const file of found.filter((file) => !seen.has(resolve(io.cwd, file)))) {
      seen.add(resolve(io.cwd, file));
      files.push(file);
    }
  }
  const documents: Facts[] = [];
  for (const file of files) {
    documents.push(await readOne(file, io));
  }
  return documents;
}

async function filesBelow(folder: string, { cwd }: Io): Promise<readonly string[]> {
  try {
    const names = await readdir(resolve(cwd, folder), { recursive: true, withFileTypes: true });
    const paths = names
      .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
      .map((entry) =>
        posix.join(folder, posix.relative(resolve(cwd, folder), resolve(entry.parentPath, entry.name))),
      );
    return paths.sort(compareText);
  } catch (error) {
    throw new UserError("file_unreadable", `${folder} cannot be read: ${whyUnreadable(error)}.`, {
      file: folder,
    });
  }
}

async function readOne(file: string, io: Io): Promise<Facts> {
  let bytes: Uint8Array;
  try {
    bytes = await readBytes(resolve(io.cwd, file), MAX_BYTES, io);
  } catch (error) {
    if (error instanceof Interrupted || errorCode(error) === "unknown") {
      throw error;
    }
    return noDocument(file, `the file cannot be read: ${whyUnreadable(error)}`);
  }
  return bytes.length > MAX_BYTES
    ? noDocument(file, "the file is larger than any document: over 100 MB")
    : readDocument(file, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8"));
}
