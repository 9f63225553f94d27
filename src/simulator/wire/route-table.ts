import type { Switches } from "../switches.ts";
import type { Endpoint } from "./endpoint.ts";
import { noRoute, type Refusal } from "./envelope.ts";
import { isHex, isUuid } from "./json.ts";

/** Where a request goes: the endpoint, its name for counting, and the account that its path names. */
export interface Destination {
  /** As `GET /cfd_tunnel/{id}/token`. */
  readonly name: string;
  readonly accountId: string | null;
  readonly found: { readonly endpoint: Endpoint; readonly params: Params } | Refusal;
}

type Params = { readonly [name: string]: string };

/** A path with all that is done there. */
interface Place {
  readonly segments: readonly string[];
  /** The path as it is counted: without the account, ids without their names. */
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
}

/** Finds the endpoint of a method and a path. Of two paths that fit, the one that was given first is meant. */
export class RouteTable {
  readonly #places = new Map<number, Place[]>();

  constructor(endpoints: readonly Endpoint[]) {
    const byPath = new Map<string, Endpoint[]>();
    for (const endpoint of endpoints) {
      byPath.set(endpoint.path, [...(byPath.get(endpoint.path) ?? []), endpoint]);
    }
    for (const [path, here] of byPath) {
      const segments = path.slice(1).split("/");
      const name = path.replace(/^\/accounts\/\{account_id\}(?=\/)/, "").replaceAll(/\{\w+\}/g, "{id}");
      const places = this.#places.get(segments.length) ?? [];
      places.push({ segments, name, endpoints: here });
      this.#places.set(segments.length, places);
    }
  }

  find(method: string, path: string, switches: Switches): Destination {
    const segments = path.slice(1).split("/");
    const accountId = (segments[0] === "accounts" && segments[1]) || null;
    for (const place of this.#places.get(segments.length) ?? []) {
      const params = paramsOf(place, segments);
      const offered = place.endpoints.filter((each) => each.isOffered?.(switches) ?? true);
      if (params && offered.length > 0) {
        const name = `${method} ${place.name}`;
        return { name, accountId, found: foundAt(offered, params, method, path) };
      }
    }
    return { name: `${method} (no route)`, accountId, found: noRoute(404, path) };
  }
}

function foundAt(
  endpoints: readonly Endpoint[],
  params: Params,
  method: string,
  path: string,
): Destination["found"] {
  const values = Object.entries(params);
  // An id that was left empty makes the gateway say something odd.
  if (values.some(([, value]) => value === "")) {
    return notAllowed(method);
  }
  if (!values.every(([name, value]) => (FORMS[name] ?? isUuid)(value))) {
    return noRoute(400, path);
  }
  const endpoint = endpoints.find((each) => each.method === method);
  return endpoint ? { endpoint, params } : notAllowed(method);
}

/** The parameters' values where the path fits, ids in lower case; null where it does not. */
function paramsOf({ segments: pattern }: Place, segments: readonly string[]): Params | null {
  const params: { [name: string]: string } = {};
  for (const [at, part] of pattern.entries()) {
    const segment = segments[at] ?? "";
    if (part.startsWith("{")) {
      params[part.slice(1, -1)] = segment.toLowerCase();
    } else if (part !== segment) {
      return null;
    }
  }
  return params;
}

/** Forms of parameters other than UUIDs. */
const FORMS: { readonly [name: string]: (value: string) => boolean } = {
  // Another account's is refused, whatever it looks like.
  account_id: () => true,
  ip: () => true,
  zone_id: isHex,
  dns_record_id: isHex,
};

function notAllowed(method: string): Refusal {
  const message = `${method} method not allowed for the api_token authentication scheme`;
  return { ok: false, status: 405, error: { code: 10000, message }, gateway: true };
}
