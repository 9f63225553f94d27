import type { Account } from "../account.ts";
import type { Kept, Table } from "../state/table.ts";
import { isFields, isList, isNumber, isText, orNull } from "../wire/checks.ts";
import type { Json } from "../wire/json.ts";
import { type Connector, type Tunnel } from "./tunnel.ts";

/** What a tunnel was last told to do. Its id is the tunnel's: there is one, and each PUT replaces it. */
export interface Configuration extends Kept {
  /** Rises with each PUT, also with one that changes nothing. */
  readonly version: number;
  /** Where it was written: `local` is what a connector reports of its own file. */
  readonly source: "local" | "cloudflare";
  /** Of a WARP connector; null elsewhere. */
  readonly ha_mode: string | null;
  readonly config: Json;
  /** When each version came, oldest first; `created_at` is that of the first. */
  readonly versions: readonly { readonly version: number; readonly at: number }[];
}

export const configurations: Table<Configuration, "tunnel"> = {
  name: "configurations",
  indexes: { tunnel: (configuration) => configuration.id },
  isRow: isFields({
    id: isText,
    created_at: isNumber,
    deleted_at: orNull(isNumber),
    version: isNumber,
    source: isText,
    ha_mode: orNull(isText),
    config: () => true,
    versions: isList(isFields({ version: isNumber, at: isNumber })),
  }),
};

/** More versions than these are not told apart by when they came. */
const MOST_VERSIONS = 100;

/** The tunnel's configuration with this in the place of what it was, in the next version. */
export function nextVersion(
  account: Account,
  tunnel: Tunnel,
  { source, ha_mode, config }: Pick<Configuration, "source" | "ha_mode" | "config">,
): Configuration {
  const before = account.tables.of(configurations).getLive(tunnel.id);
  const version = before ? before.version + 1 : account.switches.first_configuration_version;
  const at = account.now();
  return {
    id: tunnel.id,
    created_at: before?.created_at ?? at,
    deleted_at: null,
    version,
    source,
    ha_mode,
    config,
    versions: [...(before?.versions ?? []), { version, at }].slice(-MOST_VERSIONS),
  };
}

/** What a connector says that it runs on; null where it says nothing. */
export function versionOn(account: Account, tunnel: Tunnel, connector: Connector): number | null {
  const { config_version: own } = connector;
  const lag =
    connector.config_lag_ms === undefined ? account.switches.config_lag_ms : connector.config_lag_ms;
  const isRemote = tunnel.attributes["config_src"] === "cloudflare";
  const configuration = isRemote ? account.tables.of(configurations).getLive(tunnel.id) : undefined;
  if (own === null || lag === null || configuration?.source !== "cloudflare") {
    return own;
  }
  const now = account.now();
  // What was there before the connector is sent to it when it comes.
  const arrived = configuration.versions.filter(({ at }) => Math.max(at, connector.run_at) + lag <= now);
  return Math.max(own, arrived.at(-1)?.version ?? own);
}
