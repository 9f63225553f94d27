import type { Run } from "../command.ts";
import { isDeepStrictEqual } from "node:util";
import type { CloudflareClient } from "../../cloudflare/client.ts";
import { ApiError } from "../../cloudflare/error.ts";
import { TUNNEL_KINDS } from "../../tunnels/tunnel-row.ts";
import { refusedOr } from "../../tunnels/find.ts";
import { cardOf } from "../../kinds/cards.ts";
import type { ResourceKind } from "../../engine/model/kind.ts";
import { badNameOf } from "../../config/attribute.ts";
import { observe } from "../../engine/observe.ts";
import { type ActualResource, compareText, type Spec } from "../../engine/model/resource.ts";
import { keyOf } from "../../engine/model/account-index.ts";
import { closureOf } from "../../engine/model/reference.ts";
import { kinds } from "../../kinds/index.ts";
import {
  type ExportedEntry,
  leftOutWords,
  type LeftOut,
  renderExport,
  type Unread,
  unreadWords,
} from "../../render/yaml/export.ts";
import { resultDocument, toJson } from "../../render/json/json.ts";
import type { ApiOptions } from "../args/options.ts";
import { modeline } from "../files/modeline.ts";
import { withConfigurations, withItems } from "../tunnel/export-parts.ts";
import { withSession } from "../session/session.ts";
import { EXIT, type ExitCode, UserError } from "../user-error.ts";
import { dnsNameOf } from "../../ingress/hostname.ts";
import { showName } from "../../render/visible.ts";

export interface ExportOptions extends ApiOptions {
  readonly kind: readonly string[];
  /** What is exported beside tunnels; empty: all that may be read. */
  readonly with: readonly string[];
  /** The zones whose records are read; empty: all that may be listed. */
  readonly zone: readonly string[];
  readonly prefix?: string;
  readonly pinIds: boolean;
}

/** Prints the account's live tunnels as a file that plans to nothing. What no file can say makes it exit 1. */
export async function exportTunnels(run: Run<ExportOptions>): Promise<ExitCode> {
  const { options, printer, io, waiting } = run;
  return withSession(run, async ({ client, accountId }) => {
    const wanted = wantedKinds(options);
    const { actual, unread } = await waiting.reading(
      "Reading the account",
      readAll(wanted, options.zone, client),
    );
    // What was read because others refer to it is not printed.
    const printed = new Set(wanted.map(({ kind }) => kind));
    const named = actual.filter(
      ({ kind, name }) => printed.has(kind) && name.startsWith(options.prefix ?? ""),
    );
    const isPart = ({ kind }: ActualResource) => PARTS.has(kind);
    const wholes = toEntries(
      named.filter((resource) => !isPart(resource) && !HANGING.has(resource.kind)),
      options.pinIds,
    );
    const parts = await withConfigurations(wholes.entries, named.filter(isPart));
    const hanging = wanted.filter(({ kind }) => HANGING.has(kind));
    const { entries, leftOut: items } = withItems(parts.entries, actual, hanging);
    const leftOut = [...wholes.leftOut, ...parts.leftOut, ...items];
    const file = renderExport(modeline(io.cwd), entries, unread);
    if (options.format === "json") {
      const left_out = [
        ...leftOut.map((each) => ({ ...each, message: leftOutWords(each) })),
        ...unread.map(({ kind, error }) => ({
          kind,
          name: null,
          ids: [],
          reason: "unread",
          message: unreadWords(kind, error),
        })),
      ];
      printer.result(toJson(resultDocument(accountId, { file, left_out })));
    } else {
      printer.result(file);
    }
    for (const each of leftOut) {
      printer.rendered(`left out: ${leftOutWords(each)}\n`);
    }
    for (const { kind, error } of unread) {
      printer.rendered(`left out: ${unreadWords(kind, error)}\n`);
    }
    const missing = [...unread, ...parts.leftOut, ...items].map(({ kind }) => wordOf(kind));
    const isMissing = missing.some((word) => options.with.includes(word));
    return wholes.leftOut.length === 0 && !isMissing ? EXIT.done : EXIT.failed;
  });
}

/** What may stand in a file beside tunnels. */
const EXTRAS = kinds
  .map(({ kind }) => kind)
  .filter((kind) => !TUNNEL_KINDS.some((tunnel) => tunnel === kind));

/** What is written in the entries of others. */
const PARTS = new Set(kinds.flatMap(({ kind, partOf }) => (partOf === undefined ? [] : [kind])));

/** What is written as items of lists in the entries of others. */
const HANGING = new Set(kinds.flatMap(({ kind, ownedBy }) => (ownedBy === undefined ? [] : [kind])));

/** What `--with` calls it. */
function wordOf(kind: string): string {
  return cardOf(kind).exportedAs ?? kind;
}

function wantedKinds({ kind: named, with: extras }: ExportOptions): readonly ResourceKind[] {
  return kinds.filter(({ kind, within }) =>
    EXTRAS.includes(kind)
      ? extras.includes(wordOf(kind)) || (extras.length === 0 && named.length === 0 && within === undefined)
      : named.length === 0 || named.includes(kind),
  );
}

/** All of a kind; of what lies in zones, in those that are named. */
async function readKind(
  kind: ResourceKind,
  zones: readonly string[],
  client: CloudflareClient,
): Promise<readonly ActualResource[]> {
  const { within } = kind;
  if (within === undefined || zones.length === 0) {
    return observe([kind], client);
  }
  const source = { file: "", line: 1, column: 1 };
  const found = await within.list(
    client,
    zones.map((name) => ({ kind: within.kind, name, id: null, source })),
  );
  const missing = zones.filter((name) => !found.some((zone) => zone.name === dnsNameOf(name)));
  if (missing.length > 0) {
    throw new UserError(
      "zone_unknown",
      `The account has no zone ${missing.map(showName).join(", ")}, or the token may not see it.`,
    );
  }
  return (await Promise.all(found.map(({ id }) => kind.list(client, id)))).flat();
}

/** Tunnels must be readable; what else may not be read is left out. Reads what these refer to as well. */
async function readAll(
  wanted: readonly ResourceKind[],
  zones: readonly string[],
  client: CloudflareClient,
): Promise<{ readonly actual: readonly ActualResource[]; readonly unread: readonly Unread[] }> {
  const names = wanted.map(({ kind }) => kind);
  const unread: Unread[] = [];
  const read = closureOf(names, kinds, []).map(async (kind) => {
    const found = EXTRAS.includes(kind.kind)
      ? await refusedOr(() => readKind(kind, zones, client))
      : await observe([kind], client);
    if (found instanceof ApiError) {
      unread.push({ kind: kind.kind, error: found });
      return [];
    }
    return found;
  });
  return { actual: (await Promise.all(read)).flat(), unread };
}

/** The attributes that are not as the API makes them anyway. */
function worthSaying(kind: string, spec: Spec): Spec {
  const { defaults = {} } = cardOf(kind);
  return Object.fromEntries(
    Object.entries(spec).filter(([attribute, value]) => defaults[attribute] !== value),
  );
}

/** An entry for each resource, sorted by kind and name, and those that no file can declare. */
function toEntries(
  actual: readonly ActualResource[],
  pinIds: boolean,
): { readonly entries: readonly ExportedEntry[]; readonly leftOut: readonly LeftOut[] } {
  const groups = new Map<string, ActualResource[]>();
  for (const resource of actual) {
    const key = keyOf(resource.kind, resource.name);
    groups.set(key, [...(groups.get(key) ?? []), resource]);
  }
  const entries: ExportedEntry[] = [];
  const leftOut: LeftOut[] = [];
  for (const group of groups.values()) {
    const [first, another] = group;
    if (first === undefined) {
      continue;
    }
    const { kind, name, spec } = first;
    if (isDeepStrictEqual(cardOf(kind).initial, { name, spec })) {
      continue;
    }
    const reason = another === undefined ? badNameOf(name) : "shared";
    if (reason === null) {
      entries.push({ kind, name, id: pinIds ? first.id : null, spec: worthSaying(kind, spec) });
    } else {
      leftOut.push({ kind, name, ids: group.map(({ id }) => id).sort(compareText), reason });
    }
  }
  return { entries, leftOut };
}
