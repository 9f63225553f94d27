import { isDeepStrictEqual } from "node:util";
import type { CloudflareClient } from "../../cloudflare/client.ts";
import type { Follower } from "../../engine/model/kind.ts";
import { type ActualResource, type DesiredContainer, versionOf } from "../../engine/model/resource.ts";
import { explain } from "../../ingress/explain.ts";
import { judge } from "../../ingress/judge.ts";
import type { Ingress, Match, Request } from "../../ingress/match.ts";
import { maskService } from "../../ingress/service.ts";
import { SETTING_KEYS } from "../../ingress/settings.ts";
import { cfdTunnelConfiguration } from "../../kinds/cfd_tunnel_configuration/index.ts";
import type { LiveAnswer, LiveDifference } from "../../render/problem/explain-live.ts";
import { leadsElsewhere, lookAtRecord, NO_RECORD } from "./live-record.ts";
import type { Session } from "../session/session.ts";
import { findTunnels } from "../../tunnels/find.ts";
import { resolveTunnel } from "./tunnel-argument.ts";

/** What is looked for in the account, and what the files say of it. */
export interface Asked {
  /** The tunnel's name, and its id where the entry pins it. */
  readonly tunnel: string;
  readonly id: string | null;
  readonly request: Request;
  readonly match: Match;
  /** The name in DNS that is to lead there, and the zones that the files name; null where they write none. */
  readonly dns: { readonly name: string; readonly zones: readonly DesiredContainer[] } | null;
}

/** What the account does with a request, and where that is not what the files say. Sends GETs only. */
export async function lookLive(
  asked: Asked,
  session: Pick<Session, "client" | "sameAccount">,
): Promise<LiveAnswer> {
  const { client } = session;
  const name = { kind: "cfd_tunnel" as const, text: asked.id ?? asked.tunnel, isId: asked.id !== null };
  const { tunnels } = await findTunnels(client, name);
  const held = asked.dns === null ? NO_RECORD : await lookAtRecord(asked.dns, client);
  const [found, another] = tunnels.filter(({ deleted_at }) => deleted_at === null);
  if (found === undefined) {
    return { ...NOTHING, record: held.record, differences: [{ code: "no_tunnel" }, ...held.differences] };
  }
  // Of several with one name nobody knows which is meant, and the error says so.
  const { id } = another === undefined ? found : await resolveTunnel(`cfd_tunnel/${asked.tunnel}`, session);
  const [actual, connectors] = await Promise.all([
    cfdTunnelConfiguration.read(client, id),
    followersOf(client, id),
  ]);
  const answer = await answerOf(asked, id, actual, connectors);
  const elsewhere = asked.dns === null ? [] : leadsElsewhere(held.record, id, asked.dns.name);
  return {
    ...answer,
    record: held.record,
    served: answer.served && (asked.dns === null || (held.record !== null && elsewhere.length === 0)),
    differences: [...held.differences, ...elsewhere, ...answer.differences],
  };
}

const NOTHING: LiveAnswer = {
  tunnel_id: null,
  record: null,
  version: null,
  ingress: null,
  match: null,
  served: false,
  connectors: [],
  differences: [],
};

async function followersOf(client: CloudflareClient, id: string): Promise<readonly Follower[]> {
  return (await cfdTunnelConfiguration.followers?.(client, id)) ?? [];
}

async function answerOf(
  { request, match: wanted }: Asked,
  id: string,
  actual: ActualResource | null,
  connectors: readonly Follower[],
): Promise<LiveAnswer> {
  const version = actual === null ? null : versionOf(actual);
  const followers: LiveDifference[] =
    connectors.length === 0 ? [{ code: "no_connector" }] : connectors.flatMap((one) => behind(one, version));
  const rules = await rulesOf(actual);
  if ("code" in rules) {
    return { ...NOTHING, tunnel_id: id, version, connectors, differences: [rules, ...followers] };
  }
  const [answer] = explain([{ tunnel: id, ingress: rules }], request);
  const match = answer?.match ?? null;
  return {
    ...NOTHING,
    tunnel_id: id,
    version,
    ingress: rules,
    match,
    served: answer?.served === true && connectors.length > 0,
    connectors,
    differences: [...differencesOf(wanted, match), ...followers],
  };
}

/** The rules that connectors follow, or why there are none to ask. */
async function rulesOf(actual: ActualResource | null): Promise<Ingress | LiveDifference> {
  if (actual === null) {
    return { code: "no_configuration" };
  }
  if (actual.facts["source"] === "local") {
    return { code: "local_configuration" };
  }
  const { ingress, originRequest } = actual.spec;
  return (await judge({ ingress, originRequest })).ingress ?? { code: "refused_configuration" };
}

/** By another rule is no difference where that does the same. */
function differencesOf(wanted: Match, live: Match | null): readonly LiveDifference[] {
  const service = live === null ? null : maskService(live.rule.written);
  if (live === null || service !== maskService(wanted.rule.written)) {
    return [{ code: "other_service", service, wanted: maskService(wanted.rule.written) }];
  }
  const keys = SETTING_KEYS.filter(
    (key) => !isDeepStrictEqual(live.settings[key].value, wanted.settings[key].value),
  );
  return keys.length === 0 ? [] : [{ code: "other_settings", keys }];
}

function behind(connector: Follower, expected: string | null): readonly LiveDifference[] {
  const { version } = connector;
  return version !== null && expected !== null && Number(version) < Number(expected)
    ? [{ code: "connector_behind", connector, expected }]
    : [];
}
