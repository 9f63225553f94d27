import { refusal, type Refusal } from "./envelope.ts";

/** `write` includes `read`. */
type Access = "none" | "read" | "write";

/** What a credential may do, by area; in an area that is not named: nothing. */
export type Permissions = { readonly [area in Area]?: Access };

/** What permissions are given for: each kind of tunnel, what routes private traffic to them, zones, and their records. */
export type Area = "cfd_tunnel" | "warp_connector" | "networks" | "zone" | "dns";

/** Without `permissions` it may do everything. A key is hexadecimal, as Cloudflare's global keys are. */
export type Credential =
  | { readonly token: string; readonly permissions?: Permissions }
  | { readonly email: string; readonly key: string; readonly permissions?: Permissions };

export type Headers = { readonly [lowerCaseName: string]: string };

/** What the sender of these headers may do, or the API's refusal. */
export function authenticate(
  headers: Headers,
  credentials: readonly Credential[],
): { readonly ok: true; readonly permissions: Permissions } | Refusal {
  const bearer = headers["authorization"];
  if (bearer !== undefined) {
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(bearer)?.[1];
    if (token === undefined) {
      return malformed(6111, "Authorization");
    }
    return known(credentials.find((each) => "token" in each && each.token === token));
  }
  const key = headers["x-auth-key"];
  const email = headers["x-auth-email"];
  if (key === undefined || email === undefined) {
    return refusal(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers");
  }
  // An API token where the key belongs is the commonest slip, and is told by its form.
  if (!/^[0-9a-f]+$/.test(key)) {
    return malformed(6103, "X-Auth-Key");
  }
  if (!/^\S+@\S+$/.test(email)) {
    return malformed(6102, "X-Auth-Email");
  }
  return known(credentials.find((each) => "key" in each && each.key === key && each.email === email));
}

/** Whether these permissions are enough. */
export function permits(permissions: Permissions, area: Area, wanted: "read" | "write"): boolean {
  const access = permissions[area] ?? "none";
  return access === "write" || access === wanted;
}

/** 10000: no permission, or not this account. */
export function forbidden(status: number): Refusal {
  return refusal(status, 10000, "Authentication error");
}

function known(
  credential: Credential | undefined,
): { readonly ok: true; readonly permissions: Permissions } | Refusal {
  if (!credential) {
    return refusal(403, 9109, "Invalid access token");
  }
  return { ok: true, permissions: credential.permissions ?? EVERYTHING };
}

function malformed(code: number, header: string): Refusal {
  const error_chain = [{ code, message: `Invalid format for ${header} header` }];
  return { ok: false, status: 400, error: { code: 6003, message: "Invalid request headers", error_chain } };
}

const EVERYTHING: Permissions = {
  cfd_tunnel: "write",
  warp_connector: "write",
  networks: "write",
  zone: "write",
  dns: "write",
};
