/**
 * The document that a tunnel's connectors follow, key by key, as the API and cloudflared 2026.8 spell it. What it
 * means to decode one is in `decode.ts`.
 */

/** What a value must be. */
export type Shape = ScalarShape | ListShape | MappingShape;

export interface ScalarShape {
  /** `seconds` is a whole number, too: of seconds. `ignored` may be anything: cloudflared reads it no more. */
  readonly type: "text" | "boolean" | "integer" | "unsigned" | "seconds" | "ignored";
}

interface ListShape {
  readonly type: "list";
  readonly items: Shape;
}

export interface MappingShape {
  readonly type: "mapping";
  readonly keys: { readonly [key: string]: Shape };
}

/** A value of this shape: a key that is absent, or null, is left out. */
export type Decoded<S extends Shape> = S extends { readonly type: "text" }
  ? string
  : S extends { readonly type: "boolean" }
    ? boolean
    : S extends { readonly type: "integer" | "unsigned" | "seconds" }
      ? number
      : S extends ListShape
        ? readonly Decoded<S["items"]>[]
        : S extends MappingShape
          ? { readonly [Key in keyof S["keys"]]?: Decoded<S["keys"][Key]> }
          : never;

const text = { type: "text" } as const;
const boolean = { type: "boolean" } as const;
const integer = { type: "integer" } as const;
const unsigned = { type: "unsigned" } as const;
const seconds = { type: "seconds" } as const;

const ACCESS = {
  type: "mapping",
  keys: { required: boolean, teamName: text, audTag: { type: "list", items: text }, environment: text },
} as const;

const IP_RULE = {
  type: "mapping",
  keys: { prefix: text, ports: { type: "list", items: integer }, allow: boolean },
} as const;

/** What `originRequest` holds: of one rule, or of all. */
export const ORIGIN_REQUEST = {
  type: "mapping",
  keys: {
    connectTimeout: seconds,
    tlsTimeout: seconds,
    tcpKeepAlive: seconds,
    noHappyEyeballs: boolean,
    keepAliveConnections: integer,
    keepAliveTimeout: seconds,
    httpHostHeader: text,
    originServerName: text,
    matchSNItoHost: boolean,
    caPool: text,
    noTLSVerify: boolean,
    disableChunkedEncoding: boolean,
    bastionMode: boolean,
    proxyAddress: text,
    proxyPort: unsigned,
    proxyType: text,
    ipRules: { type: "list", items: IP_RULE },
    http2Origin: boolean,
    access: ACCESS,
  },
} as const;

/** The whole document. */
export const CONFIGURATION = {
  type: "mapping",
  keys: {
    ingress: {
      type: "list",
      items: {
        type: "mapping",
        keys: { hostname: text, path: text, service: text, originRequest: ORIGIN_REQUEST },
      },
    },
    originRequest: ORIGIN_REQUEST,
    "warp-routing": {
      type: "mapping",
      keys: {
        connectTimeout: seconds,
        tcpKeepAlive: seconds,
        maxActiveFlows: unsigned,
        enabled: { type: "ignored" },
      },
    },
  },
} as const;

/** A configuration that has been decoded: what is in it is of the right type, and nothing more is known of it. */
export type Configuration = Decoded<typeof CONFIGURATION>;

/** One rule as it is written. */
export type WrittenRule = NonNullable<Configuration["ingress"]>[number];

/** How cloudflared is to talk to an origin: of one rule, or of all. */
export type OriginRequest = Decoded<typeof ORIGIN_REQUEST>;

/** A key of `originRequest`. */
export type SettingKey = keyof OriginRequest;
