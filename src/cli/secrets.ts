import { resolve } from "node:path";
import { Secret } from "../base/secret.ts";
import type { Change } from "../engine/change.ts";
import type { SecretReference } from "../engine/resource.ts";
import { whyUnreadable } from "./file-error.ts";
import type { Io } from "./io.ts";
import type { Printer } from "./printer.ts";
import { readBytes } from "./read-bytes.ts";
import { Interrupted, UserError } from "./user-error.ts";

/** The fewest bytes that Cloudflare asks of a tunnel secret. */
const MIN_BYTES = 32;
/** No secret comes near it. */
const MAX_BYTES = 1_000_000;

/** Values that were read, to be looked up by their reference. */
export type SecretValues = (reference: SecretReference) => Secret;

/**
 * Reads the value of every reference, or throws a `UserError` that names each one that cannot be used. Messages show
 * the reference and never the value, which from now on nothing else shows either.
 */
export async function readSecrets(
  references: readonly SecretReference[],
  printer: Pick<Printer, "hide">,
  io: Io,
): Promise<SecretValues> {
  const values = new Map<string, Secret>();
  const problems = new Set<string>();
  for (const reference of references) {
    const key = describeReference(reference);
    const value = await readOne(reference, io);
    if (value instanceof Secret) {
      printer.hide(value);
      values.set(key, value);
    } else {
      problems.add(`${key}: ${value}`);
    }
  }
  if (problems.size > 0) {
    throw new UserError("secret_unusable", ["A secret cannot be used.", ...problems].join("\n  "));
  }
  return (reference) => {
    const value = values.get(describeReference(reference));
    if (value === undefined) {
      throw new Error(`Internal error: ${describeReference(reference)} was not read before it was needed`);
    }
    return value;
  };
}

/** The references whose values a set of changes sends. */
export function referencesOf(changes: readonly Change[]): readonly SecretReference[] {
  return changes.flatMap(({ after }) => Object.values(after?.secrets ?? {}));
}

async function readOne(reference: SecretReference, io: Io): Promise<Secret | string> {
  let text: string | undefined;
  if ("env" in reference) {
    text = Object.hasOwn(io.env, reference.env) ? io.env[reference.env] : undefined;
    if (text === undefined || text === "") {
      return "is not set";
    }
  } else {
    const path = resolve(io.cwd, reference.file);
    try {
      const bytes = await readBytes(path, MAX_BYTES, io.stop);
      if (bytes.length > MAX_BYTES) {
        return "is too large for a secret";
      }
      text = Buffer.from(bytes).toString("utf8");
    } catch (error) {
      if (error instanceof Interrupted) {
        throw error;
      }
      return `cannot be read: ${whyUnreadable(error)}`;
    }
  }
  const value = text.trim();
  if (!BASE64.test(value)) {
    return "is not base64";
  }
  const bytes = Buffer.from(value, "base64").length;
  return bytes < MIN_BYTES
    ? `is ${bytes} bytes once decoded; Cloudflare asks for at least ${MIN_BYTES} (openssl rand -base64 32 makes one)`
    : new Secret(value);
}

const BASE64 =
  /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$|^(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)$/;

/** `env NAME` or `file PATH`. */
export function describeReference(reference: SecretReference): string {
  return "env" in reference ? `env ${reference.env}` : `file ${reference.file}`;
}
