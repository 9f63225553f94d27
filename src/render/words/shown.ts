import type { Owner } from "../../engine/model/change.ts";
import type { ActualResource, Liveness } from "../../engine/model/resource.ts";
import { carriesConnections, mayBeLive } from "../../kinds/cards.ts";
import { name, say, type Sentence } from "./sentence.ts";

const WORDED = new Set(["status", "conns_active_at", "conns_inactive_at", "created_at"]);

/** `status healthy`, or that the API reported none. */
export function statusWords(status: string | null): Sentence {
  return status === null ? say`no status reported` : say`status ${name(status)}`;
}

/** What says that it is live: `status healthy`, `status down, but connections are open`. */
export function livenessWords(status: string | null, because: Liveness): Sentence {
  switch (because) {
    case "status":
      return status === null ? say`the API reported no status` : statusWords(status);
    case "connections":
      return say`${statusWords(status)}, but connections are open`;
    case "activity":
      return say`${statusWords(status)}, but connected without an end`;
  }
}

/** Its status and when it was last active, where it has any, when it was made, and whatever else its kind shows. Times as the API gave them. */
export function factWords(actual: ActualResource): Sentence {
  const { facts } = actual;
  const status = facts["status"] ?? null;
  const created = facts["created_at"] ?? null;
  const others = Object.entries(facts).flatMap(([field, value]): readonly Sentence[] =>
    WORDED.has(field) || value === null ? [] : [say`${name(field)} ${name(value)}`],
  );
  const all = [
    ...(carriesConnections(actual.kind) ? [statusWords(status), activity(actual)] : []),
    created === null ? say`creation time not reported` : say`created ${name(created)}`,
    ...others,
  ];
  return all.flatMap((part, position) => (position === 0 ? part : [", ", ...part]));
}

function activity(actual: ActualResource): Sentence {
  const { facts } = actual;
  const since = facts["conns_active_at"] ?? null;
  const until = facts["conns_inactive_at"] ?? null;
  if (facts["status"] === "inactive") {
    return say`never connected`;
  }
  if (since !== null && mayBeLive(actual)) {
    return say`connected since ${name(since)}`;
  }
  if (until !== null) {
    return say`last connected ${name(until)}`;
  }
  return since === null ? say`last connection not reported` : say`connected at ${name(since)}`;
}

/** What something hangs on, as far as it is known. */
export function ownerWords({ kind, name: called, id }: Owner): Sentence {
  const address = called === null ? null : kind === null ? called : `${kind}/${called}`;
  return address === null ? say`${name(id)}` : say`${name(address)} (${name(id)})`;
}
