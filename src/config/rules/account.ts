import { agree } from "./rule.ts";
import type { Reporter } from "../yaml/source.ts";
import type { Written, WrittenFile } from "../written.ts";

/** The process's environment, as it is passed in. */
export type Environment = { readonly [name: string]: string | undefined };

/** An account's id, in either case. */
export const ACCOUNT_ID = /^[0-9a-f]{32}$/i;
/** Of any variable, a pull request could print what the CI keeps secret. */
const REFERENCE = /^\$\{((?:[A-Za-z_][A-Za-z0-9_]*)?ACCOUNT_ID)\}$/;

/**
 * The account that the files name, in lower case, `${NAME}` replaced; null when none does or when it is wrong.
 * What is reported shows the reference and never its value.
 */
export function resolveAccount(
  files: readonly WrittenFile[],
  env: Environment,
  report: Reporter,
): string | null {
  const resolved = files.map((file) => ({ source: file.source, written: resolveOne(file, env, report) }));
  agree(resolved, (first) => ({ code: "account_id_conflict", first }), report);
  return resolved.find(({ written }) => written !== null)?.written?.value ?? null;
}

function resolveOne(
  { source, account_id: account }: WrittenFile,
  env: Environment,
  report: Reporter,
): Written<string> | null {
  if (account === null) {
    return null;
  }
  const variable = REFERENCE.exec(account.value)?.[1];
  if (variable === undefined) {
    // What is neither was reported by the schema.
    return ACCOUNT_ID.test(account.value) ? { ...account, value: account.value.toLowerCase() } : null;
  }
  const value = Object.hasOwn(env, variable) ? env[variable] : undefined;
  if (value === undefined || value === "") {
    report(source, account.span, { code: "variable_unset", variable, empty: value === "" });
    return null;
  }
  if (!ACCOUNT_ID.test(value)) {
    report(source, account.span, { code: "variable_not_an_account_id", variable });
    return null;
  }
  return { ...account, value: value.toLowerCase() };
}
