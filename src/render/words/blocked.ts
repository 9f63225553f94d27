import type { Blocked, BlockedReason, DnsHolder, PlanRefusal } from "../../engine/model/change.ts";
import { livenessWords, ownerWords } from "./shown.ts";
import { code, list, name, say, type Sentence, value } from "./sentence.ts";

/** Why something is blocked, and the way out. */
export function blockedWords(blocked: Blocked): Sentence {
  return blocked.kind === null
    ? refusalWords(blocked.reason)
    : blockedReasonWords(blocked.reason, blocked.kind);
}

function refusalWords(reason: PlanRefusal): Sentence {
  if (reason.code === "route_quota") {
    return say`The account has ${String(reason.live)} routes and hostname routes and would have ${String(reason.after)}; ${code("limits.max_routes")} allows ${String(reason.max_routes)}, which is 1000 unless Cloudflare has raised it for you. Remove some, or raise the limit to what the account may have.`;
  }
  return say`The plan prunes and replaces ${String(reason.deletes)} in all, and ${code("limits.max_deletes")} allows ${String(reason.max_deletes)}. Check that each is meant; then raise ${code("limits.max_deletes")}, or go in smaller steps.`;
}

/** The same of one resource of a kind. */
export function blockedReasonWords(reason: BlockedReason, kind: string): Sentence {
  switch (reason.code) {
    case "ambiguous_name":
      return say`${String(reason.ids.length)} live ${name(kind)} have the name ${name(reason.name)}: ${list(reason.ids)}. Write the ${code("id")} of the one that is meant; until then none of them is touched.`;
    case "id_gone":
      return say`No live ${name(kind)} has the id ${name(reason.id)}: it was deleted, is another account's, or is of a kind that the files do not write. To have a new one made, remove ${code("id")}; to take over another one, write its id.`;
    case "id_of_other_kind":
      return say`The id ${name(reason.id)} is a ${name(reason.kind)}, not a ${name(kind)}. Move the entry under ${code(`${reason.kind}:`)}, or correct the id.`;
    case "id_under_other_name":
      return say`The id ${name(reason.id)} lives under the name ${name(reason.live_name)}, and what does not rename acts only on what has its own name. Write it under ${name(reason.live_name)}, or correct the id.`;
    case "name_held":
      return say`The name ${name(reason.name)} is held by ${name(reason.holder)}, which this plan does not move. Give that one another name first (an entry with ${code("renamed_from")} or with its ${code("id")}), or choose another name here.`;
    case "claimed_twice":
      return say`The entry ${name(reason.by)} would act on the same live ${name(kind)}, ${name(reason.id)}. Remove one of the two, or write the ${code("id")} that each means.`;
    case "immutable_attribute":
      return immutableWords(reason);
    case "replace_of_pinned":
      return say`${code("replace")} gives a new id, and the entry pins ${name(reason.id)}. Remove ${code("id")} to have it replaced, or ${code("replace")} to keep it.`;
    case "replace_while_renaming":
      return say`${name(reason.id)} still lives under the name ${name(reason.live_name)}, and a replacement does not rename. Apply the rename first, without ${code("replace")}.`;
    case "reference_missing":
      return say`It refers to ${name(`${reason.kind}/${reason.name}`)}: the account has none, and this plan makes none. Declare it, or correct the name.`;
    case "reference_ambiguous":
      return say`It refers to ${name(`${reason.kind}/${reason.name}`)}, and ${String(reason.ids.length)} live ones have that name: ${list(reason.ids)}. Declare the one that is meant, with its ${code("id")}.`;
    case "reference_to_deleted":
      return say`It refers to ${name(`${reason.kind}/${reason.name}`)}, which the files declare as ${code("state: absent")}. Write ${code("state: absent")} here too, or let it refer to another one.`;
    case "reference_blocked":
      return say`It refers to ${name(`${reason.kind}/${reason.name}`)}, which is blocked itself. What is said there goes first.`;
    case "default_network":
      return say`${name(reason.name)} is the account's default network, which is neither demoted nor deleted. Make another one the default first (${code("is_default_network: true")}).`;
    case "config_is_local":
      return say`Its connectors follow a file beside them (${code("source: local")}), and nothing that the API is told. Move the tunnel to ${code("config_src: cloudflare")} first (a new tunnel, or the dashboard's migration).`;
    case "no_rules":
      return say`The tunnel has no rules, and the entry writes settings alone. Write ${code("ingress")} as well.`;
    case "replace_with_dependents":
      return say`The new one has a new id, and what refers to the old one would be left behind: ${list(reason.dependents)}. Declare a new one under another name instead, move these to it once it serves, and then let this one go (${code("state: absent")}).`;
    case "route_taken":
    case "hostname_route_taken":
      return say`It is taken: ${name(reason.id)} leads to ${ownerWords(reason.owner)}, which the files do not declare. To take it over, write ${code(`id: ${reason.id}`)} on the item; else leave it out.`;
    case "dns_points_elsewhere":
      return say`The record ${name(reason.id)} leads to ${ownerWords(reason.owner)}, which the files do not declare. To lead the name here, write ${code(`id: ${reason.id}`)} on the item; else leave it out.`;
    case "dns_conflict":
      return conflictWords(reason.records);
    case "target_not_connected":
      return say`It leads to ${ownerWords(reason.from)}, which has connectors or may have some, and ${name(reason.to)} has none: nobody would be served. Start a connector there first.`;
    case "network_in_use":
      return say`It is in use by what stays: ${list(reason.names)}. Delete these or move them to another network first.`;
    case "zone_unknown":
      return zoneUnknownWords(reason);
    case "live":
      return say`It is live (${livenessWords(reason.status, reason.because)}), and warren deletes nothing that is in use. Stop its connectors, wait until the status is down, and plan again. There is no override.`;
    case "protected":
      return say`The name ${name(reason.name)} is protected by ${name(reason.pattern)}, so no plan deletes or renames it. If it is meant, remove the pattern from ${code("protected")} first.`;
    case "recently_active":
      return say`It was made or last connected at ${name(reason.last_active)}, and ${code("limits.min_idle")} spares it for ${duration(reason.min_idle)} from then. Plan again later; to delete it sooner, write an entry with ${code("state: absent")}.`;
    case "activity_unknown":
      return say`The API does not say when it was last connected, and ${code("limits.min_idle")} asks for ${duration(reason.min_idle)} without a connection. To delete it nevertheless, write an entry with ${code("state: absent")}.`;
  }
}

function immutableWords(reason: Extract<BlockedReason, { code: "immutable_attribute" }>): Sentence {
  const differences = reason.attributes.flatMap((attribute, position): Sentence => {
    const separator = position === 0 ? "" : "; ";
    return say`${separator}${name(attribute.name)} is ${value(attribute.live)} and the file declares ${value(attribute.declared)}`;
  });
  const attributes = list(reason.attributes.map((attribute) => attribute.name));
  return say`${differences}; the API cannot change this in place. To keep the live one, declare ${attributes} as it is, or not at all. To have it deleted and made anew, with a new id, a new token and no routes, write ${code(`replace: ${reason.id}`)}.`;
}

function conflictWords(records: readonly DnsHolder[]): Sentence {
  const [first] = records;
  const shown = records.flatMap(({ id, type, content, comment }, position): Sentence => {
    return say`${position === 0 ? "" : "; "}${name(type)} ${value(content)} (${name(id)}, comment ${value(comment)})`;
  });
  return records.length === 1 && first !== undefined
    ? say`The name has another record: ${shown}. To let it go for the tunnel, in one transaction, write ${code(`replace: ${first.id}`)} on the item; else leave the item out.`
    : say`The name has ${String(records.length)} other records: ${shown}. Delete all but one by hand, and write ${code("replace")} with that one's id; else leave the item out.`;
}

function zoneUnknownWords({
  candidates,
  seesNone,
}: Extract<BlockedReason, { code: "zone_unknown" }>): Sentence {
  const tried = say`No zone of this account holds this name: there is no ${list(candidates)}.`;
  return seesNone
    ? say`${tried} The token shows no zone at all, so it may lack the permission ${name("Zone > Zone: Read")}: grant it, or write the zone with its ${code("id")} under ${code("zones")}.`
    : say`${tried} Correct the name, add the zone to the account, or name it under ${code("zones")} where the file has that key.`;
}

/** Milliseconds as the file writes them: `90m`, `1h`, `2d`. */
function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const [size, unit] = [[86_400, "d"] as const, [3600, "h"] as const, [60, "m"] as const].find(
    ([size]) => seconds % size === 0 && seconds > 0,
  ) ?? [1, "s"];
  return `${seconds / size}${unit}`;
}
