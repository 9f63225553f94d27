import type { OriginRequest, SettingKey } from "./shape.ts";

/** What cloudflared does where neither a rule nor the global `originRequest` says otherwise. */
export const DEFAULTS: Required<OriginRequest> = {
  connectTimeout: 30,
  tlsTimeout: 10,
  tcpKeepAlive: 30,
  noHappyEyeballs: false,
  keepAliveConnections: 100,
  keepAliveTimeout: 90,
  httpHostHeader: "",
  originServerName: "",
  matchSNItoHost: false,
  caPool: "",
  noTLSVerify: false,
  disableChunkedEncoding: false,
  bastionMode: false,
  proxyAddress: "127.0.0.1",
  proxyPort: 0,
  proxyType: "",
  ipRules: [],
  http2Origin: false,
  access: {},
};

/** Every key of `originRequest`, in the order in which they are shown. */
export const SETTING_KEYS = Object.keys(DEFAULTS) as readonly SettingKey[];

/** Keys that cloudflared reads, and the API's own description does not have: an API may drop them. */
export const NOT_IN_API: readonly SettingKey[] = ["bastionMode", "proxyAddress", "proxyPort", "ipRules"];

/** One setting of a rule, and whose word it is. */
export interface Setting<Key extends SettingKey = SettingKey> {
  readonly value: Required<OriginRequest>[Key];
  readonly from: "rule" | "global" | "default";
}

/** All settings of a rule. */
export type Settings = { readonly [Key in SettingKey]: Setting<Key> };

/** How cloudflared talks to a rule's origin: a rule's own word counts before the global one, key by key. */
export function effectiveSettings(rule: OriginRequest, global: OriginRequest): Settings {
  const settings = SETTING_KEYS.map((key) => [key, settingOf(key, rule, global)] as const);
  // Each key has got the setting of its own type.
  return Object.fromEntries(settings) as unknown as Settings;
}

function settingOf(key: SettingKey, rule: OriginRequest, global: OriginRequest): Setting {
  const own = says(rule, key);
  const general = says(global, key);
  return own !== undefined
    ? { value: own, from: "rule" }
    : general !== undefined
      ? { value: general, from: "global" }
      : { value: DEFAULTS[key], from: "default" };
}

/** An empty list of `ipRules` is no word. */
function says(written: OriginRequest, key: SettingKey): OriginRequest[SettingKey] {
  const value = written[key];
  return Array.isArray(value) && value.length === 0 ? undefined : value;
}
