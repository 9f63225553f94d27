import type { Secret } from "../base/secret.ts";
import { resultDocument, toJson } from "../render/json.ts";
import type { Io } from "./io.ts";
import type { OutputOptions } from "./options.ts";
import type { Printer } from "./printer.ts";
import { openPrivateFile, type PrivateFile } from "./write-file.ts";

/** Where a token goes that is a command's result. */
export interface TokenOptions {
  readonly out?: string;
}

/** Opens `--out`, lets the work be done, and cleans up whatever comes; without `--out`, there is no file. */
export async function withOutFile<T>(
  { out }: TokenOptions,
  io: Io,
  work: (file: PrivateFile | null) => Promise<T>,
): Promise<T> {
  const file = out === undefined ? null : await openPrivateFile(out, io);
  try {
    return await work(file);
  } finally {
    await file?.discard();
  }
}

/** Hands a token out: into the file, or to standard output alone, or within the document that `--json` asks for. */
export async function handOut(
  token: Secret,
  file: PrivateFile | null,
  of: {
    readonly what: string;
    readonly accountId: string;
    /** The other members of the document. */
    readonly fields: object;
  },
  options: OutputOptions,
  printer: Printer,
): Promise<void> {
  const document = (value: string | null) =>
    toJson(resultDocument(of.accountId, { ...of.fields, token: value, out: file?.path ?? null }));
  if (file === null) {
    printer.secretResult(token, options.format === "json" ? document : undefined);
    return;
  }
  printer.hide(token);
  await file.write(token.reveal());
  printer.note(`${of.what} is in ${file.path}, which only you may read.`);
  if (options.format === "json") {
    printer.result(document(null));
  }
}
