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
  const [there, here] = [listOf(live["ingress"]), listOf(wanted["ingress"])];
  const global = { ...fieldsOf(live["originRequest"]), ...fieldsOf(wanted["originRequest"]) };
  return (
    there.length === here.length && there.every((rule, at) => isSameRule(rule, fieldsOf(here[at]), global))
  );
}

/** Whether connectors do the same by two rules, given the settings of all rules. */
export function isSameRule(one: unknown, other: unknown, global: Fields): boolean {
  const { originRequest: a, ...rest } = fieldsOf(one);
  const { originRequest: b, ...others } = fieldsOf(other);
  const defaults = Object.fromEntries(
    Object.entries(DEFAULTS).filter(([key]) => !Object.hasOwn(global, key)),
  );
  return areSame(rest, others, RULE_DEFAULTS) && areSame(fieldsOf(a), fieldsOf(b), defaults);
}

function areSame(one: Fields, other: Fields, defaults: Fields): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => isDeepStrictEqual(one[key] ?? defaults[key], other[key] ?? defaults[key]));
}

function fieldsOf(value: unknown): Fields {
  const kept = cleaned(value);
  return isObject(kept) ? kept : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
