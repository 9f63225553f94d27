import type { CloudflareClient } from "../../cloudflare/client.ts";
import type { Secret } from "../../base/secret.ts";
import type { ResourceKind } from "../model/kind.ts";
import type { Match } from "../model/match.ts";
import type { DesiredEntry, DesiredState, SecretReference } from "../model/resource.ts";
import { keyOf } from "../model/account-index.ts";
import type { ComparableSecret, ComparedSecret } from "./judge.ts";
import type { Target } from "./target.ts";

/** One write-only attribute of an entry, and where its value is found. */
export interface DeclaredSecret {
  readonly entry: DesiredEntry;
  readonly attribute: string;
  readonly reference: SecretReference;
}

/** Every secret that the files declare; with targets, those of the targets. */
export function declaredSecrets(
  desired: Pick<DesiredState, "entries">,
  targets: readonly Target[],
): readonly DeclaredSecret[] {
  const wanted = new Set(targets.map(({ kind, name }) => keyOf(kind, name)));
  return desired.entries
    .filter(({ kind, name }) => wanted.size === 0 || wanted.has(keyOf(kind, name)))
    .flatMap((entry) =>
      Object.entries(entry.secrets).map(([attribute, reference]) => ({ entry, attribute, reference })),
    );
}

/** Those whose entries match a live resource, whatever its name. */
export function comparableSecrets(
  declared: readonly DeclaredSecret[],
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
  options: SecretSource & { readonly kinds: readonly ResourceKind[] },
): Promise<readonly ComparedSecret[]> {
  const compared = secrets.map(async ({ kind: of, id, attribute, reference }) => {
    const kind = options.kinds.find((each) => each.kind === of);
    if (kind?.secrets === undefined) {
      throw new Error(`Internal error: no kind with secrets is named ${of}`);
    }
    const value = options.secret(reference);
    return { id, attribute, comparison: await kind.secrets.compare(options.client, id, attribute, value) };
  });
  return Promise.all(compared);
}

/** What it takes to compare a secret with the account's. */
export interface SecretSource {
  readonly client: CloudflareClient;
  /** The value of a reference. All of them were read before. */
  secret(reference: SecretReference): Secret;
}
