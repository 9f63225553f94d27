import { count, countOrNull, oneOf } from "./switch.ts";

/** What is not known of configurations, and of what connectors make of them. */
export const configurationSwitches = {
  /** GET where none was ever put: 404/1055, or version 0 with `config: null`. */
  no_configuration: oneOf("not_found", "empty"),
  /** The version of the first one. */
  first_configuration_version: count(0),
  /** Whether an ingress document is checked as cloudflared does, or not at all. */
  configuration_check: oneOf("cloudflared", "none"),
  /** PUT without `config`, or without a rule: 400/1056, or taken. */
  empty_configuration: oneOf("refused", "accepted"),
  /** Keys of an ingress document that are not described. */
  configuration_unknown_keys: oneOf("kept", "dropped"),
  /** What an ingress document leaves out shows as null, or not at all. */
  configuration_nulls: oneOf("filled", "absent"),
  /** What a PUT does to `config_src`. */
  config_src_on_put: oneOf("kept", "cloudflare"),
  /** `config_version` of a connector that was sent no configuration yet. */
  config_version_unset: oneOf("minus_one", "zero", "absent"),
  /** How long connectors take for a new version, where they were not told themselves; null: they refuse it. Milliseconds. */
  config_lag_ms: countOrNull(0),
};
