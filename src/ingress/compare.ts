import { isObject } from "../base/json.ts";
import { isDeepStrictEqual } from "node:util";
import { DEFAULTS } from "./settings.ts";

type Fields = { readonly [key: string]: unknown };

/** What cloudflared does where `warp-routing` says nothing. */
const WARP_DEFAULTS: Fields = { maxActiveFlows: 0 };
const RULE_DEFAULTS: Fields = { hostname: "", path: "" };

/** A value without what says nothing: nulls and empty objects, at any depth. Undefined where nothing is left. */
export function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((item: unknown) => cleaned(item) ?? {});
  }
  if (!isObject(value)) {
    return value ?? undefined;
  }
  const entries = Object.entries(value).flatMap(([key, item]): readonly [string, unknown][] => {
    const kept = cleaned(item);
    return kept === undefined ? [] : [[key, kept]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/**
 * Whether connectors do the same by a live part of a configuration as by the one that is wanted. A list of rules is
 * wanted whole; of settings for all rules, and of `warp-routing`, only the keys that are written. A setting that is not
 * written is the same as one at cloudflared's default, for a rule only where no setting of all rules comes between.
 */
export function doesTheSame(part: string, live: Fields, wanted: Fields): boolean {
  switch (part) {
    case "ingress":
      return haveSameRules(live, wanted);
    case "originRequest":
      return holdsAll(fieldsOf(live[part]), fieldsOf(wanted[part]), DEFAULTS);
    case "warp-routing":
      return holdsAll(fieldsOf(live[part]), fieldsOf(wanted[part]), WARP_DEFAULTS);
    default:
      return isDeepStrictEqual(live[part], wanted[part]);
  }
}

function holdsAll(live: Fields, wanted: Fields, defaults: Fields): boolean {
  return Object.entries(wanted).every(([key, value]) => isDeepStrictEqual(live[key] ?? defaults[key], value));
}

function haveSameRules(live: Fields, wanted: Fields): boolean {
  const { there, here } = ruleKeys(live, wanted);
  return isDeepStrictEqual(there, here);
}

/** What becomes of one rule. Positions count from 0; null: it is not in that list. */
export interface RuleChange {
  readonly change: "same" | "added" | "moved" | "changed" | "removed";
  readonly from: number | null;
  readonly to: number | null;
  /** Whether its place among the others is another one, which one that is changed may have, too. */
  readonly moved: boolean;
}

/**
 * How the live rules become those that are wanted, in the wanted order, what is removed where it stood. A rule that does
 * the same elsewhere is moved, as few as can be; one for the same requests, else the same hostname, is changed.
 */
export function ruleChanges(live: Fields, wanted: Fields): readonly RuleChange[] {
  const { there, here } = ruleKeys(live, wanted);
  const [rulesThere, rulesHere] = [listOf(live["ingress"]), listOf(wanted["ingress"])];
  const froms: (number | null)[] = here.map(() => null);
  pair(there, here, froms);
  const same = froms.map((from) => from !== null);
  const requestsOf = (rule: unknown) => JSON.stringify([textOf(rule, "hostname"), textOf(rule, "path")]);
  pair(rulesThere.map(requestsOf), rulesHere.map(requestsOf), froms);
  const hostOf = (rule: unknown) => textOf(rule, "hostname");
  pair(rulesThere.map(hostOf), rulesHere.map(hostOf), froms);

  const stay = longestRise(froms);
  const found = new Set(froms);
  const changes: RuleChange[] = [];
  let behind = 0;
  const removeUntil = (end: number) => {
    for (; behind < end; behind += 1) {
      if (!found.has(behind)) {
        changes.push({ change: "removed", from: behind, to: null, moved: false });
      }
    }
  };
  for (const [to, from] of froms.entries()) {
    if (from === null) {
      changes.push({ change: "added", from, to, moved: false });
      continue;
    }
    const moved = !stay.has(to);
    if (!moved) {
      removeUntil(from);
    }
    changes.push({ change: same[to] !== true ? "changed" : moved ? "moved" : "same", from, to, moved });
  }
  removeUntil(there.length);
  return changes;
}

/** Finds for each place that has none yet the first of the same key that nobody has. */
function pair(there: readonly string[], here: readonly string[], froms: (number | null)[]): void {
  const taken = new Set(froms);
  const free = new Map<string, number[]>();
  for (const [from, key] of [...there.entries()].toReversed()) {
    if (!taken.has(from)) {
      const places = free.get(key) ?? [];
      free.set(key, places);
      places.push(from);
    }
  }
  for (const [to, key] of here.entries()) {
    froms[to] ??= free.get(key)?.pop() ?? null;
  }
}

/** The places of a longest series of numbers that rise. */
function longestRise(numbers: readonly (number | null)[]): ReadonlySet<number> {
  /** By length: where the series of that length ends whose last number is the smallest. */
  const ends: number[] = [];
  const before = new Map<number, number | undefined>();
  for (const [at, number] of numbers.entries()) {
    if (number === null) {
      continue;
    }
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[ends[middle] ?? 0] ?? 0) < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    before.set(at, ends[low - 1]);
    ends[low] = at;
  }
  const rise = new Set<number>();
  for (let at = ends.at(-1); at !== undefined; at = before.get(at)) {
    rise.add(at);
  }
  return rise;
}

/** For each rule of both lists a text that is the same where connectors do the same. */
function ruleKeys(
  live: Fields,
  wanted: Fields,
): { readonly there: readonly string[]; readonly here: readonly string[] } {
  const global = { ...fieldsOf(live["originRequest"]), ...fieldsOf(wanted["originRequest"]) };
  const defaults = Object.fromEntries(
    Object.entries(DEFAULTS).filter(([key]) => !Object.hasOwn(global, key)),
  );
  const keyOf = (rule: unknown) => {
    const { originRequest, ...rest } = fieldsOf(rule);
    return JSON.stringify([said(rest, RULE_DEFAULTS), said(fieldsOf(originRequest), defaults)]);
  };
  return { there: listOf(live["ingress"]).map(keyOf), here: listOf(wanted["ingress"]).map(keyOf) };
}

/** What is not a default, in one order. */
function said(fields: Fields, defaults: Fields): unknown {
  return inOrder(
    Object.fromEntries(
      Object.entries(fields).filter(([key, value]) => !isDeepStrictEqual(value, defaults[key])),
    ),
  );
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(inOrder);
  }
  return isObject(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, item]) => [key, inOrder(item)]),
      )
    : value;
}

/** A text of a rule; empty where none is written, or for every host. */
function textOf(rule: unknown, key: string): string {
  const text = fieldsOf(rule)[key];
  return typeof text !== "string" || (key === "hostname" && text === "*") ? "" : text;
}

function fieldsOf(value: unknown): Fields {
  const kept = cleaned(value);
  return isObject(kept) ? kept : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
