import { cyclesArePinned, renamedFromFreeName, renamedFromOnce } from "./rename-rules.ts";
import { namesUnderNoForeignPrefix, namesUnderOwnPrefix, prefixesApart } from "./prune-rules.ts";
import { defaultNetworkOnce } from "./network-rules.ts";
import { secretsAreReferences } from "./secret-rules.ts";
import { keyOf } from "../../engine/model/account-index.ts";
import { dnsNameOf } from "../../ingress/hostname.ts";
import { agree, entriesOf, once, type Rule } from "./rule.ts";
import type { Reporter } from "../yaml/source.ts";
import { LIMITS } from "../yaml/yaml.ts";
import type { WrittenFile } from "../written.ts";

/** What no JSON Schema can say, for it concerns several attributes, entries or files. */
const rules: readonly Rule[] = [
  entriesWithinLimit,
  declaredOnce,
  idOnce,
  renamedFromOnce,
  renamedFromFreeName,
  cyclesArePinned,
  absentTakesOnlyId,
  secretsAreReferences,
  defaultNetworkOnce,
  limitsAgree,
  zonesAgree,
  namesUnderOwnPrefix,
  namesUnderNoForeignPrefix,
  prefixesApart,
];

/** Runs every rule. */
export function checkRules(files: readonly WrittenFile[], report: Reporter): void {
  for (const rule of rules) {
    rule(files, report);
  }
}

/** What is too much for one file alone was given up before. */
function entriesWithinLimit(files: readonly WrittenFile[], report: Reporter): void {
  const first = entriesOf(files)[LIMITS.entries];
  if (first === undefined) {
    return;
  }
  report(first.source, first.nameSpan, { code: "too_many_entries", limit: LIMITS.entries });
}

/** In one file the tree has found it already. */
function declaredOnce(files: readonly WrittenFile[], report: Reporter): void {
  once(
    entriesOf(files).map((entry) => ({
      source: entry.source,
      span: entry.nameSpan,
      key: keyOf(entry.kind, entry.name),
      entry,
    })),
    ({ entry }, first) => ({ code: "declared_twice", kind: entry.kind, name: entry.name, first }),
    report,
  );
}

function idOnce(files: readonly WrittenFile[], report: Reporter): void {
  once(
    entriesOf(files).flatMap(({ source, id }) =>
      id === null ? [] : [{ source, span: id.span, key: id.value }],
    ),
    ({ key }, first) => ({ code: "id_twice", id: key, first }),
    report,
  );
}

function absentTakesOnlyId(files: readonly WrittenFile[], report: Reporter): void {
  for (const { source, name, absent, attributes } of entriesOf(files)) {
    if (!absent) {
      continue;
    }
    for (const { key, keySpan } of attributes.values()) {
      if (key === "state" || key === "id") {
        continue;
      }
      report(source, keySpan, { code: "absent_with_attribute", attribute: key, name });
    }
  }
}

function limitsAgree(files: readonly WrittenFile[], report: Reporter): void {
  for (const limit of ["max_deletes", "min_idle", "max_routes"] as const) {
    agree(
      files.map((file) => ({ source: file.source, written: file[limit] })),
      (first) => ({ code: "limit_conflict", limit, first }),
      report,
    );
  }
}

/** Of two ids one is wrong, or both: nobody could say in which zone a record would be written. */
function zonesAgree(files: readonly WrittenFile[], report: Reporter): void {
  const zones = files.flatMap((file) =>
    file.zones.map(({ name, span, id }) => ({
      zone: dnsNameOf(name),
      source: file.source,
      written: id === null ? null : { value: id, span },
    })),
  );
  for (const zone of new Set(zones.map((each) => each.zone))) {
    agree(
      zones.filter((each) => each.zone === zone),
      (first) => ({ code: "zone_id_conflict", zone, first }),
      report,
    );
  }
}
