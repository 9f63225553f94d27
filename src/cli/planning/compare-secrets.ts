import type { CloudflareClient } from "../../cloudflare/client.ts";
import type { Plan } from "../../engine/model/change.ts";
import type { ComparableSecret, ComparedSecret } from "../../engine/decide/judge.ts";
import type { ResourceKind } from "../../engine/model/kind.ts";
import type { Match } from "../../engine/model/match.ts";
import type { DesiredEntry, DesiredState, SecretReference } from "../../engine/model/resource.ts";
import type { Target } from "../../engine/decide/target.ts";
import { keyOf } from "../../engine/model/account-index.ts";
import type { SecretValues } from "./secrets.ts";
import { UserError } from "../user-error.ts";

/** One write-only attribute of an entry, and where its value is found. */
export interface DeclaredSecretOf {
  readonly entry: DesiredEntry;
  readonly attribute: string;
  readonly reference: SecretReference;
}

/** Every secret that the files declare; with targets, those of the targets. */
export function declaredSecrets(
  desired: DesiredState,
  targets: readonly Target[],
): readonly DeclaredSecretOf[] {
  const wanted = new Set(targets.map(({ kind, name }) => keyOf(kind, name)));
  return desired.entries
    .filter(({ kind, name }) => wanted.size === 0 || wanted.has(keyOf(kind, name)))
    .flatMap((entry) =>
      Object.entries(entry.secrets).map(([attribute, reference]) => ({ entry, attribute, reference })),
    );
}

/** Those whose entries match a live resource, whatever its name. */
export function comparableSecrets(
  declared: readonly DeclaredSecretOf[],
  matches: ReadonlyMap<string, Match>,
): readonly ComparableSecret[] {
  return declared.flatMap(({ entry: { kind, name }, attribute, reference }) => {
    const match = matches.get(keyOf(kind, name));
    return match?.state === "found" || match?.state === "moving"
      ? [{ kind, id: match.actual.id, attribute, reference }]
      : [];
  });
}

/**
 * Compares secrets with what the API holds. One that may not be read is unknown; any other error of the API is thrown.
 * How many are under way at once is the client's matter.
 */
export async function compareSecrets(
  secrets: readonly ComparableSecret[],
  options: {
    readonly kinds: readonly ResourceKind[];
    readonly client: CloudflareClient;
    readonly values: SecretValues;
  },
): Promise<readonly ComparedSecret[]> {
  const compared = secrets.map(async ({ kind: of, id, attribute, reference }) => {
    const kind = options.kinds.find(({ kind }) => kind === of);
    if (kind?.secrets === undefined) {
      throw new Error(`Internal error: no kind with secrets is named ${of}`);
    }
    const value = options.values(reference);
    return { id, attribute, comparison: await kind.secrets.compare(options.client, id, attribute, value) };
  });
  return Promise.all(compared);
}

/** That secrets could not be compared although they had to be. */
export function unknownSecrets({ unknown }: Plan): string {
  const count = unknown.length;
  return `${count} ${count === 1 ? "secret" : "secrets"} could not be compared, and --require-secrets asks for that.`;
}

/** Throws `UserError` where `--require-secrets` keeps a plan from being applied. */
export function refuseUnknownSecrets(plan: Plan, options: { readonly requireSecrets: boolean }): void {
  if (options.requireSecrets && plan.unknown.length > 0) {
    throw new UserError("secrets_unknown", `${unknownSecrets(plan)} Nothing was changed.`);
  }
}
