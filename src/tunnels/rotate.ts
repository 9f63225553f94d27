import type { Secret } from "../base/secret.ts";
import type { CloudflareClient } from "../cloudflare/client.ts";
import { ApiError } from "../cloudflare/error.ts";
import { type Limits, wait, whyOver } from "../base/limits.ts";
import { isSameSecret } from "./run-token.ts";
import { readRunToken, replaceSecret, type TunnelRef } from "./api.ts";
import type { ManagedTunnel } from "./tunnel-row.ts";
import { type Moved, writeAfterLook } from "./write-after-look.ts";

/** Which secret holds after a rotation was tried. */
export type Rotation =
  /**
   * The new one; `confirmed` by reading back, where no answer said so. `known`: whether the token is in the known form,
   * and so was seen to be this tunnel's and to hold the new secret.
   */
  | { readonly holds: "new"; readonly token: Secret; readonly confirmed: boolean; readonly known: boolean }
  /** The new one, as the API accepted it; but its token could not be read, or is not this tunnel's. */
  | { readonly holds: "new"; readonly token: null; readonly error: ApiError }
  /** The old one. `error`: why; null where the API accepted the change and yet does not show it. */
  | { readonly holds: "old"; readonly error: ApiError | null }
  /** The old one, since the look right before the change showed this. `lost`: why an earlier try has no answer. */
  | { readonly holds: "old"; readonly moved: Moved; readonly lost: ApiError | null }
  /** No answer, and the token could not be read back either. */
  | { readonly holds: "unknown"; readonly error: ApiError };

/** How often the change is sent in all; the second time only where the old secret was seen to hold. */
const MOST_ROTATIONS = 2;
/** Reads of a token may lag behind the change: the waits before it is looked at again. Milliseconds. */
const WAITS = [500, 1_000, 2_000] as const;

/**
 * Looks at the tunnel, puts a new secret in the place of the old one, and reads the token back, which tells what
 * holds. Where the answer is lost, that is done before anything else is tried. Throws `ApiError` where the API
 * refused, and nothing changed.
 */
export async function rotateSecret(
  client: CloudflareClient,
  tunnel: ManagedTunnel,
  secret: Secret,
  limits: Limits,
): Promise<Rotation> {
  let lost: ApiError | null = null;
  for (let sent = 1; ; sent++) {
    const end = await send(client, tunnel, secret, limits);
    if (end !== null && !(end instanceof ApiError)) {
      return { holds: "old", moved: end, lost };
    }
    const error = end;
    if (error !== null && !error.ambiguous) {
      if (lost === null) {
        throw error;
      }
      return { holds: "old", error };
    }
    lost = error ?? lost;
    const seen = await readBack(client, tunnel, secret, limits);
    if (seen instanceof ApiError) {
      return error === null ? { holds: "new", token: null, error: seen } : { holds: "unknown", error: seen };
    }
    if (seen.same === true || (seen.same === null && error === null)) {
      return { holds: "new", token: seen.token, confirmed: error !== null, known: seen.same !== null };
    }
    if (seen.same === null && error !== null) {
      return { holds: "unknown", error };
    }
    if (error === null || sent === MOST_ROTATIONS || whyOver(limits) !== null) {
      return { holds: "old", error };
    }
  }
}

/** Null where the API accepted it. */
async function send(
  client: CloudflareClient,
  tunnel: ManagedTunnel,
  secret: Secret,
  limits: Limits,
): Promise<ApiError | Moved | null> {
  try {
    return await writeAfterLook(client, tunnel, () => replaceSecret(client, tunnel, secret), limits);
  } catch (error) {
    if (error instanceof ApiError) {
      return error;
    }
    throw error;
  }
}

interface Seen {
  readonly token: Secret;
  /** Whether the token holds the new secret; null where it is not in the form that is known. */
  readonly same: boolean | null;
}

/** Reads the token until it holds the new secret, or has had time enough to. */
async function readBack(
  client: CloudflareClient,
  tunnel: TunnelRef,
  secret: Secret,
  limits: Limits,
): Promise<Seen | ApiError> {
  for (const ms of [...WAITS, null]) {
    const seen = await look(client, tunnel, secret);
    if (seen instanceof ApiError || seen.same !== false || ms === null || whyOver(limits) !== null) {
      return seen;
    }
    await wait(ms, limits);
  }
  throw new Error("Internal error: the last wait is null");
}

async function look(client: CloudflareClient, tunnel: TunnelRef, secret: Secret): Promise<Seen | ApiError> {
  try {
    const { token, secret: held } = await readRunToken(client, tunnel);
    return { token, same: held === null ? null : await isSameSecret(secret, held) };
  } catch (error) {
    if (error instanceof ApiError) {
      return error;
    }
    throw error;
  }
}
