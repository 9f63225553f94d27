import { isObject } from "../../base/json.ts";
import { keyOf } from "../../engine/model/account-index.ts";
import type { Change, Plan } from "../../engine/model/change.ts";
import { referenceIn } from "../../engine/model/reference.ts";
import type { ActualResource, JsonValue } from "../../engine/model/resource.ts";
import { cut } from "../value.ts";
import { visible } from "../visible.ts";

/** Beyond either, a picture is no help, or too long for a page. */
const MOST_NODES = 60;
const MOST_CHARACTERS = 2_000;
/** Of a name in it. */
const LONGEST = 40;

/** One thing that goes from one node to another. A node is a name, as the files call it. */
interface Move {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** The one makes room for the other, and is gone. */
  readonly replaces: boolean;
}

/**
 * A Mermaid diagram of what moves, where a row for each does not show it: renames that form a chain or a ring, hostnames
 * and others that go from one tunnel to another, also since that one is replaced. Empty where nothing does, and where it would be too large.
 */
export function pictureLines(plan: Plan): readonly string[] {
  // A part has the id of what it is a part of, to which nothing leads.
  const wholes = plan.changes.filter(({ id, before }) => before?.spec["tunnel_id"] !== id);
  const byId = new Map(wholes.map((change) => [change.id, change]));
  const moves = [
    ...connected(plan.changes.flatMap((change) => movesOf(change, byId))),
    ...hostnameMoves(plan.changes),
  ];
  const nodes = [...new Set(moves.flatMap(({ from, to }) => [from, to]))];
  if (moves.length === 0 || nodes.length > MOST_NODES) {
    return [];
  }
  const lines = [
    "",
    "```mermaid",
    "graph LR",
    ...nodes.map((node, at) => `  n${at}["${mermaidText(node)}"]`),
    ...moves.map(({ from, to, label, replaces }) => {
      const arrow = replaces ? "-.->" : "-->";
      const words = label === "" ? "" : `|"${mermaidText(label)}"|`;
      return `  n${nodes.indexOf(from)} ${arrow}${words} n${nodes.indexOf(to)}`;
    }),
    "```",
  ];
  const size = lines.reduce((sum, line) => sum + line.length + 1, 0);
  return size > MOST_CHARACTERS ? [] : lines;
}

/** By id. */
type Changes = ReadonlyMap<string | null, Change>;

function movesOf(change: Change, changes: Changes): readonly Move[] {
  const { action, kind, name, before, after } = change;
  if (action === "replace") {
    const from = oldNode(change);
    return [{ from, to: keyOf(kind, name), label: "replaced by", replaces: true }];
  }
  if (action !== "update" || before === null || after === null) {
    return [];
  }
  const label = change.via === null ? "" : "by way of a temporary name";
  const renamed =
    before.name === name
      ? []
      : [{ from: keyOf(kind, before.name), to: keyOf(kind, name), label, replaces: false }];
  const leading = change.fields.filter(
    (each) => each.endsWith("_id") || referenceIn(after.spec[each]) !== null,
  );
  const led = leading.flatMap((attribute): readonly Move[] => {
    const from = nodeOf(before.spec[attribute], changes, "before", ownerOf(before.facts));
    const to = nodeOf(after.spec[attribute], changes, "after");
    return from === null || to === null || from === to
      ? []
      : [{ from, to, label: keyOf(kind, name), replaces: false }];
  });
  return [...renamed, ...led];
}

/** What the API says that something hangs on, by name. */
function ownerOf({ tun_type, tunnel_name }: ActualResource["facts"]): string | null {
  return typeof tun_type === "string" && typeof tunnel_name === "string"
    ? keyOf(tun_type, tunnel_name)
    : null;
}

/** Where a value leads: to what a change is about, by its id or as a reference. Null where it leads nowhere that is known. */
function nodeOf(
  value: JsonValue | undefined,
  changes: Changes,
  side: "before" | "after",
  named: string | null = null,
): string | null {
  const reference = referenceIn(value);
  if (reference !== null) {
    return keyOf(reference.kind, reference.name);
  }
  const [id] =
    typeof value === "string" ? (/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(value) ?? []) : [];
  const change = id === undefined ? undefined : changes.get(id);
  if (id === undefined || change === undefined) {
    return named ?? id ?? null;
  }
  return change.action === "replace"
    ? oldNode(change)
    : keyOf(change.kind, (side === "before" ? change.before?.name : null) ?? change.name);
}

/** Hostnames that one set of rules loses and another gains: two rows far apart say so, and neither says where to. */
function hostnameMoves(changes: readonly Change[]): readonly Move[] {
  const gaining = new Map<string, Change[]>();
  const losing: (readonly [hostname: string, from: Change])[] = [];
  for (const change of changes) {
    const before = hostnamesOf(change.before?.spec["ingress"]);
    const after = hostnamesOf(change.after?.spec["ingress"]);
    for (const hostname of before) {
      if (!after.has(hostname)) {
        losing.push([hostname, change]);
      }
    }
    for (const hostname of after) {
      if (!before.has(hostname)) {
        gaining.set(hostname, [...(gaining.get(hostname) ?? []), change]);
      }
    }
  }
  return losing.flatMap(([label, from]) =>
    (gaining.get(label) ?? []).map((to) => ({
      from: keyOf(from.kind, from.name),
      to: keyOf(to.kind, to.name),
      label,
      replaces: false,
    })),
  );
}

function hostnamesOf(rules: JsonValue | undefined): ReadonlySet<string> {
  const names = (Array.isArray(rules) ? rules : []).map((rule: unknown) =>
    isObject(rule) ? rule["hostname"] : null,
  );
  return new Set(names.filter((name) => typeof name === "string"));
}

function oldNode({ kind, name, id, before }: Change): string {
  return `${keyOf(kind, before?.name ?? name)} (${(id ?? "").slice(0, 8)})`;
}

/** Those that share a node with another one: of a single one, its row says it all. */
function connected(moves: readonly Move[]): readonly Move[] {
  const count = new Map<string, number>();
  for (const node of moves.flatMap(({ from, to }) => [from, to])) {
    count.set(node, (count.get(node) ?? 0) + 1);
  }
  return moves.filter(({ from, to }) => (count.get(from) ?? 0) > 1 || (count.get(to) ?? 0) > 1);
}

/** Text between double quotes in Mermaid, where an entity of its own stands for what could act as markup. */
function mermaidText(text: string): string {
  const shown = visible(text);
  const fitted = shown.length > LONGEST ? `${cut(shown, LONGEST - 1)}…` : shown;
  return fitted.replace(/[^A-Za-z0-9_./ ()-]/gu, (each) => `#${each.codePointAt(0) ?? 0};`);
}
