import { badNameOf } from "../../config/attribute.ts";
import { observe } from "../../engine/observe.ts";
import { type ActualResource, compareText } from "../../engine/model/resource.ts";
import { keyOf } from "../../engine/model/account-index.ts";
import { kinds } from "../../kinds/index.ts";
import { type ExportedEntry, leftOutWords, type LeftOut, renderExport } from "../../render/yaml/export.ts";
import { resultDocument, toJson } from "../../render/json/json.ts";
import type { Io } from "../io.ts";
import type { ApiOptions } from "../args/options.ts";
import type { Printer } from "../terminal/printer.ts";
import { withSession } from "../session/session.ts";
import { untilStopped } from "../terminal/until-stopped.ts";
import { EXIT, type ExitCode } from "../user-error.ts";

export interface ExportOptions extends ApiOptions {
  readonly kind: readonly string[];
  readonly prefix?: string;
  readonly pinIds: boolean;
}

/** Prints the account's live tunnels as a file that plans to nothing. What no file can say makes it exit 1. */
export async function exportTunnels(options: ExportOptions, printer: Printer, io: Io): Promise<ExitCode> {
  return withSession(options, printer, io, async ({ client, accountId, reading }) => {
    const wanted = kinds.filter(({ kind }) => options.kind.length === 0 || options.kind.includes(kind));
    const actual = await reading.during(untilStopped(observe(wanted, client), io.stop));
    const { entries, leftOut } = toEntries(
      actual.filter(({ name }) => name.startsWith(options.prefix ?? "")),
      options.pinIds,
    );
    const file = renderExport(entries);
    if (options.format === "json") {
      const left_out = leftOut.map((each) => ({ ...each, message: leftOutWords(each) }));
      printer.result(toJson(resultDocument(accountId, { file, left_out })));
    } else {
      printer.result(file);
    }
    for (const each of leftOut) {
      printer.rendered(`left out: ${leftOutWords(each)}\n`);
    }
    return leftOut.length === 0 ? EXIT.done : EXIT.failed;
  });
}

/** An entry for each tunnel, sorted by kind and name, and those that no file can declare. */
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
    const { kind, name } = first;
    const reason = another === undefined ? badNameOf(name) : "shared";
    if (reason === null) {
      entries.push({ kind, name, id: pinIds ? first.id : null, spec: first.spec });
    } else {
      leftOut.push({ kind, name, ids: group.map(({ id }) => id).sort(compareText), reason });
    }
  }
  return { entries, leftOut };
}
