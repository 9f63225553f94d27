import type { DesiredEntry, SecretReference } from "../../engine/model/resource.ts";
import type { ManagedTunnel } from "../../tunnels/tunnel-row.ts";
import { findDefaultFile } from "../files/find-files.ts";
import type { Io } from "../io.ts";
import type { FileOptions } from "../args/options.ts";
import { readDesiredState } from "../planning/make-plan.ts";
import { FileProblems, UserError } from "../user-error.ts";

/** What the files at hand say about a tunnel's secret. */
export type DeclaredSecret =
  | { readonly found: "reference"; readonly reference: SecretReference; readonly entry: DesiredEntry }
  | { readonly found: "nothing" }
  /** The default file is there, and cannot be read or has errors, so nobody knows what it declares. */
  | { readonly found: "problems" };

/**
 * Looks whether the files declare this tunnel's secret. No file is needed: without `--file`, the default one is looked
 * at where there is one. Files that were named are read as `plan` reads them, or `UserError` and `FileProblems` are
 * thrown.
 */
export async function findDeclaredSecret(
  tunnel: ManagedTunnel,
  options: FileOptions,
  io: Io,
): Promise<DeclaredSecret> {
  const named = options.file.length > 0;
  if (!named && (await findDefaultFile(io)) === null) {
    return { found: "nothing" };
  }
  try {
    const { entries } = await readDesiredState({ ...options, anyAccount: true }, io);
    const entry = entries.find((each) => means(each, tunnel));
    const reference = entry?.secrets["tunnel_secret"];
    return entry === undefined || reference === undefined
      ? { found: "nothing" }
      : { found: "reference", reference, entry };
  } catch (error) {
    const isOfFile =
      error instanceof FileProblems || (error instanceof UserError && error.code === "file_unreadable");
    if (!named && isOfFile) {
      return { found: "problems" };
    }
    throw error;
  }
}

function means(entry: DesiredEntry, { kind, id, name }: ManagedTunnel): boolean {
  const byName = entry.name === name || entry.renamed_from === name;
  return entry.kind === kind && (entry.id === null ? byName : entry.id === id);
}
