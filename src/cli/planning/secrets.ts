import type { Run } from "../command.ts";
import { resolve } from "node:path";
import { credentialsIn, isCredentialName, looksLikeSecret } from "../../base/recognise-secret.ts";
import { HIDDEN, Secret } from "../../base/secret.ts";
import type { Change } from "../../engine/model/change.ts";
import type { SecretReference, SecretReferences } from "../../engine/model/resource.ts";
import { kinds } from "../../kinds/index.ts";
import { whyUnreadable } from "../files/file-error.ts";
import type { Io } from "../io.ts";
import { readBytes } from "../files/read-bytes.ts";
import { Interrupted, UserError } from "../user-error.ts";

/** No secret comes near it. */
const MAX_BYTES = 1_000_000;

/** Values that were read, to be looked up by their reference. */
export type SecretValues = (reference: SecretReference) => Secret;

/** Where a value is found, and what it is for. */
export interface WantedSecret {
  readonly reference: SecretReference;
  /** Why a value cannot be used for that, in words that do not show it; null when it can. */
  readonly flaw: (value: Secret) => string | null;
}

/**
 * Reads the value of every reference, or throws a `UserError` that names each one that cannot be used: what the
 * account or the CI is reached with is never read as a secret to send. Messages show the reference and never the
 * value, which from now on nothing else shows either.
 */
export async function readSecrets(
  wanted: readonly WantedSecret[],
  { printer, io }: Pick<Run, "printer" | "io">,
): Promise<SecretValues> {
  const values = new Map<string, Secret>();
  const problems = new Set<string>();
  for (const { reference, flaw } of wanted) {
    const key = keyOf(reference);
    const value = values.get(key) ?? (await readOne(reference, io));
    if (value instanceof Secret) {
      printer.hide(value);
      values.set(key, value);
    }
    const problem = value instanceof Secret ? flaw(value) : value;
    if (problem !== null) {
      problems.add(`${describeReference(reference)}: ${problem}`);
    }
  }
  if (problems.size > 0) {
    throw new UserError("secret_unusable", ["A secret cannot be used.", ...problems].join("\n  "));
  }
  return (reference) => {
    const value = values.get(keyOf(reference));
    if (value === undefined) {
      throw new Error(`Internal error: ${describeReference(reference)} was not read before it was needed`);
    }
    return value;
  };
}

/** What a set of changes sends. */
export function secretsOf(changes: readonly Change[]): readonly WantedSecret[] {
  return changes.flatMap(({ kind, after }) => secretsFor(kind, after?.secrets ?? {}));
}

/** Write-only attributes of one resource of a kind. */
export function secretsFor(kind: string, secrets: SecretReferences): readonly WantedSecret[] {
  const rules = kinds.find((each) => each.kind === kind);
  return Object.entries(secrets).map(([attribute, reference]) => ({
    reference,
    flaw: (value) => rules?.secrets?.flaw(attribute, value) ?? null,
  }));
}

async function readOne(reference: SecretReference, io: Io): Promise<Secret | string> {
  if ("env" in reference && isCredentialName(reference.env)) {
    return CREDENTIAL;
  }
  const text = "env" in reference ? textOfVariable(reference.env, io) : await textOfFile(reference.file, io);
  if (typeof text !== "string") {
    return text.problem;
  }
  const value = text.trim();
  return credentialsIn(io.env).includes(value) ? CREDENTIAL : new Secret(value);
}

const CREDENTIAL = "is a credential of the account's or the CI's own, which is never sent as a secret";

type Text = string | { readonly problem: string };

function textOfVariable(name: string, io: Io): Text {
  const text = Object.hasOwn(io.env, name) ? io.env[name] : undefined;
  return text === undefined || text === "" ? { problem: "is not set" } : text;
}

async function textOfFile(path: string, io: Io): Promise<Text> {
  try {
    const { stop, reading } = io;
    const bytes = await readBytes(resolve(io.cwd, path), MAX_BYTES, {
      stop,
      // The path may be the secret itself.
      ...(reading && { reading: (_, work) => reading("Reading a secret", work) }),
    });
    return bytes.length > MAX_BYTES
      ? { problem: "is too large for a secret" }
      : Buffer.from(bytes).toString("utf8");
  } catch (error) {
    if (error instanceof Interrupted) {
      throw error;
    }
    return { problem: `cannot be read: ${whyUnreadable(error)}` };
  }
}

/** `env NAME` or `file PATH`. What may be the secret itself, as on a command line, is not shown. */
export function describeReference(reference: SecretReference): string {
  const [sort, where] = "env" in reference ? ["env", reference.env] : ["file", reference.file];
  return `${sort} ${looksLikeSecret(where) ? HIDDEN : where}`;
}

function keyOf(reference: SecretReference): string {
  return "env" in reference ? `env ${reference.env}` : `file ${reference.file}`;
}
