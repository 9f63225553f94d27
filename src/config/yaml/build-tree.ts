import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { hide, hideSecret } from "../secret/hiding.ts";
import {
  hidesUserInfo,
  holdsSecret,
  isService,
  isWriteOnly,
  mentionsWriteOnly,
  suggestsSecret,
} from "../secret/secrecy.ts";
import { locate, type Reporter, type Source, type Span } from "./source.ts";
import { nearest } from "../../base/spelling.ts";
import type { Entry, ListTree, MapTree, Tree } from "./tree.ts";

export interface Built {
  /** Null when nothing can be said about the file's values. */
  readonly tree: Tree | null;
  /** What may be a secret, in no order; stretches may overlap. */
  readonly secrets: readonly Span[];
}

/** How many nodes aliases may stand for in all: enough for 100,000 entries that share what they say. */
const MAX_ALIASED = 500_000;

/** So many characters of a text count for one node more, for each place that repeats a text is gone through. */
const LONG_TEXT = 100;

/** Among more anchors than these, or for more aliases, no one looks for the one that was meant. */
const MAX_COMPARED = 50;

/** Maps count their depth from the root's 0; the keys at this depth are names. */
const NAMES = 1;

interface Slot {
  tree: Tree | null;
}

/**
 * Turns the parser's nodes into ours, and reports what YAML allows and a configuration should not hold: duplicate
 * keys, merge keys, aliases to nothing or to themselves, numbers that lose digits. One pass; aliases are looked up
 * in a map, where the library would walk the whole document for each.
 */
export function buildTree(source: Source, root: ParsedNode | null, report: Reporter): Built {
  const anchors = new Map<string, Slot>();
  const secrets: Span[] = [];
  let sound = true;
  let aliased = 0;
  let unknown = 0;
  const tree = build(root, { start: 0, end: 1 }, 0);
  // A file that is a single text may be a file of quite another sort, such as one that holds a token.
  if (tree.type === "scalar") {
    hide(tree, secrets);
  }
  return { tree: sound ? tree : null, secrets };

  /** `keySpan` is the place to show for a value that is left out. */
  function build(node: ParsedNode | null, keySpan: Span, depth: number): Tree {
    if (node === null) {
      return nothing(keySpan);
    }
    if (isAlias(node)) {
      return follow(node.source, spanOf(node, keySpan));
    }
    if (node.anchor === undefined) {
      return buildPlain(node, keySpan, depth);
    }
    const slot: Slot = { tree: null };
    anchors.set(node.anchor, slot);
    slot.tree = buildPlain(node, keySpan, depth);
    return slot.tree;
  }

  function buildPlain(node: ParsedNode, keySpan: Span, depth: number): Tree {
    const span = spanOf(node, keySpan);
    if (isMap(node)) {
      return buildMap(node, span, depth);
    }
    if (isSeq(node)) {
      return buildList(node, span, depth);
    }
    return isScalar(node) ? buildScalar(node.value, node.source ?? "", span) : nothing(span);
  }

  function buildScalar(value: unknown, written: string, span: Span): Tree {
    if (typeof value === "number" && !isExact(value)) {
      report(source, span, { code: "inexact_number" });
    }
    const known = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    const size = 1 + Math.floor(written.length / LONG_TEXT);
    const tree: Tree = { type: "scalar", value: known ? value : null, written, span, size, hidden: false };
    // `tunnel_secret=…`, where a colon was forgotten.
    if (typeof value === "string" && mentionsWriteOnly(value)) {
      hide(tree, secrets);
    }
    return tree;
  }

  function buildList(node: YAMLSeq.Parsed, span: Span, depth: number): ListTree {
    const items: Tree[] = [];
    const aliases = new Map<number, Span>();
    let size = 1;
    for (const [at, written] of node.items.entries()) {
      const item = build(toParsed(written), span, depth + 1);
      items.push(item);
      size += item.size;
      if (isAlias(written)) {
        aliases.set(at, spanOf(written, span));
      }
    }
    return { type: "list", items, aliases, span, size, hidden: false, data: null };
  }

  function buildMap(node: YAMLMap.Parsed, span: Span, depth: number): MapTree {
    const entries = new Map<string, Entry>();
    let size = 1;
    for (const pair of node.items) {
      const entry = buildEntry(pair, span, depth);
      if (entry === null) {
        continue;
      }
      const first = entries.get(entry.key);
      if (first === undefined) {
        entries.set(entry.key, entry);
        size += entry.value.size;
      } else {
        const place = locate(source, first.keySpan.start);
        report(source, entry.keySpan, { code: "duplicate_key", key: entry.key, first: place });
      }
    }
    return { type: "map", entries, span, size, hidden: false, data: null };
  }

  function buildEntry(pair: Pair, mapSpan: Span, depth: number): Entry | null {
    const keyNode = toParsed(pair.key);
    const keySpan = keyNode === null ? mapSpan : spanOf(keyNode, mapSpan);
    const value = build(toParsed(pair.value), keySpan, depth + 1);
    // A key that is not text was reported by the parser.
    if (!isScalar(keyNode) || typeof keyNode.value !== "string") {
      return null;
    }
    const key = keyNode.value;
    if (key === "<<" && keyNode.type === "PLAIN") {
      report(source, keySpan, { code: "merge_key" });
      return null;
    }
    if (holdsSecret(key)) {
      secrets.push(keySpan);
    }
    const text = value.type === "scalar" && typeof value.value === "string" ? value.value : "";
    if (isService(key) && hidesUserInfo(text, source.text.slice(value.span.start, value.span.end))) {
      secrets.push(value.span);
    }
    if (isWriteOnly(key) || (depth !== NAMES && suggestsSecret(key))) {
      hideSecret(value, secrets);
      // An anchor or a tag before the value may be part of a secret that begins so.
      const properties = source.text.slice(keySpan.end, value.span.start).replace(/^\s*:?\s*/, "");
      const end = value.span.start;
      if (value.hidden && properties !== "") {
        secrets.push({ start: end - properties.length, end });
      }
    }
    return { key, keySpan, value };
  }

  function follow(anchor: string, span: Span): Tree {
    const slot = anchors.get(anchor);
    if (slot === undefined) {
      sound = false;
      unknown += 1;
      const candidates = Math.max(anchors.size, unknown) <= MAX_COMPARED ? anchors.keys() : [];
      report(source, span, { code: "unknown_anchor", anchor, nearest: nearest(anchor, candidates) });
      return unresolved(span);
    }
    if (slot.tree === null) {
      sound = false;
      report(source, span, { code: "alias_cycle", anchor });
      return unresolved(span);
    }
    const before = aliased;
    aliased += slot.tree.size;
    if (aliased <= MAX_ALIASED) {
      return slot.tree;
    }
    sound = false;
    if (before <= MAX_ALIASED) {
      report(source, span, { code: "alias_explosion", limit: MAX_ALIASED });
    }
    return nothing(span);
  }
}

function nothing(span: Span): Tree {
  return { type: "scalar", value: null, written: "", span, size: 1, hidden: false };
}

/** An alias that stands for nothing. Unlike what is left out, it has a place of its own. */
function unresolved(span: Span): Tree {
  return { type: "scalar", value: null, written: "*", span, size: 1, hidden: false };
}

function spanOf(node: ParsedNode, keySpan: Span): Span {
  const [start, end] = node.range;
  return start === end ? keySpan : { start, end };
}

function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

/** The library's types allow plain values inside a map; a parsed one holds nodes alone. */
function toParsed(value: unknown): ParsedNode | null {
  return isNode(value) ? (value as ParsedNode) : null;
}
