import { isObject } from "../base/json.ts";
import type { Matrix, MatrixAccount } from "./matrix.ts";

/** Reads what `matrix` prints for `json` or `github`, its groups put together; null where it is something else. */
export function readMatrix(document: unknown): Matrix | null {
  if (!isObject(document) || !/^1\.\d+$/.test(String(document["format_version"]))) {
    return null;
  }
  const { run, include, groups, removed } = document;
  const lists: readonly unknown[] = Array.isArray(groups)
    ? groups.map((group: unknown) => (isObject(group) ? group["include"] : null))
    : [include];
  const accounts = lists.flatMap((list) => (Array.isArray(list) ? list.map(accountOf) : [null]));
  const gone = Array.isArray(removed) ? removed.map(removedOf) : [null];
  const whole = accounts.filter((one) => one !== null);
  const wholeGone = gone.filter((one) => one !== null);
  return whole.length < accounts.length || wholeGone.length < gone.length
    ? null
    : { run: typeof run === "string" ? run : null, include: whole, removed: wholeGone };
}

function accountOf(value: unknown): MatrixAccount | null {
  const { account, account_id, files, environment, wave } = isObject(value) ? value : {};
  return typeof account === "string" && typeof account_id === "string"
    ? {
        account,
        account_id,
        files: typeof files === "string" ? files.split("\n") : Array.isArray(files) ? files.map(String) : [],
        environment: typeof environment === "string" ? environment : null,
        wave: typeof wave === "string" ? wave : null,
      }
    : null;
}

function removedOf(value: unknown): Matrix["removed"][number] | null {
  const { account, account_id } = isObject(value) ? value : {};
  return typeof account === "string"
    ? { account, account_id: typeof account_id === "string" ? account_id : null }
    : null;
}
