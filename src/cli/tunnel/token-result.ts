import type { Run } from "../command.ts";
import type { Secret } from "../../base/secret.ts";
import { resultDocument, toJson } from "../../render/json/json.ts";
import type { Io } from "../io.ts";
import type { OutputOptions } from "../args/options.ts";
import type { Printer } from "../terminal/printer.ts";
import { openPrivateFile, type NewFile } from "../files/write-file.ts";

/** Where a token goes that is a command's result. */
export interface TokenOptions {
  readonly out?: string;
}

/** For a run token that is handed out unseen. */
export const UNKNOWN_FORM =
  "The token is not in the form that warren knows, so whether it is this tunnel's could not be seen.";

/** Opens `--out`, lets the work be done, and cleans up whatever comes; without `--out`, there is no file. */
export async function withOutFile<T>(
  { out }: TokenOptions,
  io: Io,
  work: (file: NewFile | null) => Promise<T>,
): Promise<T> {
  const file = out === undefined ? null : await openPrivateFile(out, io);
  try {
    return await work(file);
  } finally {
    await file?.discard();
  }
}

/** What a token belongs to, and what the document about it holds besides. */
export interface TokenOf {
  /** Begins a sentence: `The token of cfd_tunnel/web`. */
  readonly what: string;
  readonly accountId: string;
  readonly fields: object;
}

/** Hands a token out: into the file, or to standard output alone, or within the document that `--json` asks for. */
export async function handOut(
  token: Secret,
  file: NewFile | null,
  of: TokenOf,
  { options, printer }: Run<OutputOptions>,
): Promise<void> {
  if (file !== null) {
    await saveToken(token, file, of, printer);
  } else if (options.format !== "json") {
    printer.secretResult(token);
  }
  if (options.format === "json") {
    printTokenDocument(token, file, of, printer);
  }
}

/** Writes a token into the file, and says so. */
export async function saveToken(
  token: Secret,
  file: NewFile,
  { what }: Pick<TokenOf, "what">,
  printer: Printer,
): Promise<void> {
  printer.hide(token);
  await file.write(token.reveal());
  printer.note(`${what} is in ${file.path}, which only you may read.`);
}

/** Prints the document, which holds the token unless a file does. */
export function printTokenDocument(
  token: Secret,
  file: NewFile | null,
  { accountId, fields }: TokenOf,
  printer: Printer,
): void {
  const document = (value: string | null) =>
    toJson(resultDocument(accountId, { ...fields, token: value, out: file?.path ?? null }));
  if (file === null) {
    printer.secretResult(token, document);
  } else {
    printer.result(document(null));
  }
}
