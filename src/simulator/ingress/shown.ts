import { isObject, type Json } from "../wire/json.ts";

/** The keys of the API's description, in each place of a document. */
const ORIGIN_REQUEST = [
  "access",
  "caPool",
  "connectTimeout",
  "disableChunkedEncoding",
  "http2Origin",
  "httpHostHeader",
  "keepAliveConnections",
  "keepAliveTimeout",
  "matchSNItoHost",
  "noHappyEyeballs",
  "noTLSVerify",
  "originServerName",
  "proxyType",
  "tcpKeepAlive",
  "tlsTimeout",
];
const RULE = ["hostname", "path", "service", "originRequest"];
const DOCUMENT = ["ingress", "originRequest", "warp-routing"];

type Fields = { readonly [key: string]: Json };
/** What is done to the fields of each object, given the keys that belong there. */
type Change = (fields: Fields, keys: readonly string[]) => Fields;

/** The document as the API shows it: what was left out is null. */
export function withNulls(document: Json): Json {
  return change(document, (fields, keys) => ({
    ...Object.fromEntries(keys.map((key) => [key, null])),
    ...fields,
  }));
}

/** The document without the keys that are not described. */
export function knownKeys(document: Json): Json {
  return change(document, (fields, keys) =>
    Object.fromEntries(Object.entries(fields).filter(([key]) => keys.includes(key))),
  );
}

function change(document: Json, fill: Change): Json {
  if (!isFields(document)) {
    return document;
  }
  const originRequest = (value: Json | undefined): Json =>
    isFields(value) ? fill(value, ORIGIN_REQUEST) : (value ?? null);
  const rule = (value: Json): Json => {
    if (!isFields(value)) {
      return value;
    }
    const own = "originRequest" in value ? { originRequest: originRequest(value["originRequest"]) } : {};
    return fill({ ...value, ...own }, RULE);
  };
  const { ingress, originRequest: global } = document;
  return fill(
    {
      ...document,
      ...(Array.isArray(ingress) && { ingress: ingress.map(rule) }),
      ...(global !== undefined && { originRequest: originRequest(global) }),
    },
    DOCUMENT,
  );
}

function isFields(value: Json | undefined): value is Fields {
  return isObject(value);
}
