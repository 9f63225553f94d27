import type { ActualResource } from "../../engine/model/resource.ts";
import { agoWords } from "../health/age.ts";
import { showName } from "../visible.ts";
import { showValue } from "../value.ts";
import { SHORT_ID, type TableOptions } from "./list.ts";
import { type Column, renderTable } from "./table.ts";

/** A table for people, with a column for each attribute that any of them reports. Ends with a line feed. */
export function renderResources(
  resources: readonly ActualResource[],
  { style, width, now }: TableOptions,
): string {
  if (resources.length === 0) {
    return "None.\n";
  }
  // A DNS record's own name is its address.
  const attributes = [...new Set(resources.flatMap(({ spec }) => Object.keys(spec)))].filter(
    (attribute) => attribute !== "name",
  );
  const columns: readonly Column<ActualResource>[] = [
    { title: "KIND", cell: ({ kind }) => showName(kind) },
    { title: "NAME", cell: ({ name }) => showName(name) },
    { title: "ID", cell: ({ id }) => id, yields: SHORT_ID },
    ...attributes.map(
      (attribute): Column<ActualResource> => ({
        title: attribute.replace(/_id$/, "").toUpperCase(),
        cell: ({ spec, facts }) => {
          // A name says more than an id, where the API tells it.
          const value = facts[attribute.replace(/_id$/, "_name")] ?? spec[attribute];
          return value === undefined || value === "" ? "-" : showValue(value);
        },
        yields: resources.some(({ spec }) => typeof spec[attribute] === "object") ? { least: 8 } : "wraps",
      }),
    ),
    { title: "CREATED", cell: ({ facts }) => agoWords(facts["created_at"] ?? null, now), yields: "goes" },
  ];
  return renderTable(columns, resources, { width, title: style.bold });
}

/** The members of the JSON document. */
export function resourceFields(resources: readonly ActualResource[]): object {
  return {
    listed: resources.map(({ kind, name, id, spec, facts }) => ({ ...facts, ...spec, kind, name, id })),
  };
}
