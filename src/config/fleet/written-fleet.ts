import schema from "../../../schema/fleet.schema.json" with { type: "json" };
import { checkSchema, type FileSchema } from "../schema/check.ts";
import type { Reporter, Source, Span } from "../yaml/source.ts";
import type { Entry, Tree } from "../yaml/tree.ts";
import { entriesOf, textAt, type Written } from "../written.ts";
import { compileSchema } from "./compile-schema.ts";

/** A fleet as it is written. */
export interface WrittenFleet {
  readonly discover: Written<string> | null;
  readonly defaults: Placement;
  readonly accounts: readonly WrittenAccount[];
}

/** Where an account goes. */
export interface Placement {
  readonly wave: string | null;
  readonly environment: string | null;
}

export interface WrittenAccount extends Placement {
  readonly account: string;
  readonly span: Span;
  /** Empty: those that are discovered. */
  readonly files: readonly Written<string>[];
}

/** Checks a fleet by its schema, and picks out what it says. */
export function readFleet(source: Source, tree: Tree, report: Reporter): WrittenFleet {
  checkSchema(source, { tree, mistyped: [] }, report, fleetSchema());
  const top = entriesOf(tree);
  return {
    discover: textAt(top.get("discover")),
    defaults: placementOf(top.get("defaults")),
    accounts: [...entriesOf(top.get("accounts")?.value).values()].map((entry) => ({
      account: entry.key,
      span: entry.keySpan,
      files: filesOf(entriesOf(entry.value).get("files")),
      ...placementOf(entry),
    })),
  };
}

function fleetSchema(): FileSchema {
  const validate = compileSchema();
  return { root: schema, violations: (data) => (validate(data) ? [] : (validate.errors ?? [])) };
}

function placementOf(entry: Entry | undefined): Placement {
  const written = entriesOf(entry?.value);
  const text = (key: string) => textAt(written.get(key))?.value ?? null;
  return { wave: text("wave"), environment: text("environment") };
}

function filesOf(entry: Entry | undefined): readonly Written<string>[] {
  const items = entry?.value.type === "list" ? entry.value.items : [];
  const one = textAt(entry);
  return one === null
    ? items.flatMap((value) => textAt({ key: "", keySpan: value.span, value }) ?? [])
    : [one];
}
