import { DEFAULT_FILE } from "../files/find-files.ts";
import { type ApiOptions, DEFAULT_STATE, type FileOptions, type PlanningOptions } from "./options.ts";

/**
 * The options that make another command act on the same account as this one; none where it would anyway.
 * `accountId` is the one to name, and null where the other command finds it by itself.
 */
export function accountWords(
  { sandbox, state }: Pick<ApiOptions, "sandbox" | "state">,
  accountId: string | null,
): readonly string[] {
  if (sandbox) {
    return ["--sandbox", ...(state === DEFAULT_STATE ? [] : ["--state", pathWord(state)])];
  }
  return accountId === null ? [] : ["--account-id", accountId];
}

/** The `apply`, still to be quoted, of the very files, account and comparisons that these options name. */
export function applyCommand(options: PlanningOptions): readonly string[] {
  const { accountId, requireSecrets, verifySecrets } = options;
  const secrets = requireSecrets ? ["--require-secrets"] : verifySecrets ? ["--verify-secrets"] : [];
  return ["warren", "apply", ...fileWords(options), ...accountWords(options, accountId), ...secrets];
}

/** A path as a word of its own that cannot be taken for an option. */
export function pathWord(path: string): string {
  return path.startsWith("-") && path !== "-" ? `./${path}` : path;
}

/** The options that make another command read the same files; none for the default one. */
function fileWords({ file }: FileOptions): readonly string[] {
  const isDefault = file.length === 1 && file[0] === DEFAULT_FILE;
  return isDefault ? [] : file.flatMap((path) => ["--file", pathWord(path)]);
}
