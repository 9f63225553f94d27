import type { CloudflareClient } from "../cloudflare/client.ts";
import type { Plan } from "../engine/change.ts";
import type { ComparedSecret } from "../engine/judge.ts";
import type { ResourceKind } from "../engine/kind.ts";
import type { Match } from "../engine/match.ts";
import type { DesiredEntry, DesiredState, SecretReference } from "../engine/resource.ts";
import type { Target } from "../engine/target.ts";
import { keyOf } from "../engine/world.ts";
import type { SecretValues } from "./secrets.ts";
import { UserError } from "./user-error.ts";

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

/**
 * Compares the secrets whose entries match a live resource, whatever its name, with what the API holds. One that may
 * not be read is unknown; any other error of the API is thrown. How many are under way at once is the client's matter.
 */
export async function compareSecrets(
  declared: readonly DeclaredSecretOf[],
  matches: ReadonlyMap<string, Match>,
  options: {
    readonly kinds: readonly ResourceKind[];
    readonly client: CloudflareClient;
    readonly values: SecretValues;
  },
): Promise<readonly ComparedSecret[]> {
  const compared = declared.map(
    async ({ entry, attribute, reference }): Promise<readonly ComparedSecret[]> => {
      const match = matches.get(keyOf(entry.kind, entry.name));
      const kind = options.kinds.find(({ kind }) => kind === entry.kind);
      if (kind === undefined || (match?.state !== "found" && match?.state !== "moving")) {
        return [];
      }
      const { id } = match.actual;
      const value = options.values(reference);
      const comparison = await kind.compareSecret(options.client, id, attribute, value);
      return [{ id, attribute, comparison }];
    },
  );
  return (await Promise.all(compared)).flat();
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
