import { expect, test } from "vitest";
import { type Column, renderTable } from "../../src/render/text/table.ts";

interface Row {
  readonly name: string;
  readonly id: string;
  readonly extra: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: "NAME", cell: ({ name }) => name, yields: { least: 6 } },
  { title: "ID", cell: ({ id }) => id, paint: (_, cell) => `<${cell}>` },
  { title: "EXTRA", cell: ({ extra }) => extra, yields: "goes" },
];
const ROWS: readonly Row[] = [
  { name: "a-long-name", id: "0001", extra: "x" },
  { name: "日本", id: "2", extra: "" },
];

const render = (width: number | null) =>
  renderTable(COLUMNS, ROWS, { width, title: (text) => text }).split("\n");

test("columns are as wide as their widest cell, and nothing trails", () => {
  expect(render(null)).toEqual([
    "NAME         ID    EXTRA",
    "a-long-name  <0001>  x",
    "日本         <2   >",
    "",
  ]);
});

test("a narrow width first cuts what may be cut, then leaves out what may go", () => {
  expect(render(24)).toEqual(render(null));
  expect(render(20)).toEqual(["NAME     ID    EXTRA", "a-long…  <0001>  x", "日本     <2   >", ""]);
  // What went leaves its room to what was cut.
  expect(render(15)).toEqual(["NAME       ID", "a-long-n…  <0001>", "日本       <2   >", ""]);
});

test("a column that is cut at once is cut to its width, and not a little", () => {
  const columns = COLUMNS.map((column) =>
    column.title === "NAME" ? { ...column, yields: { to: 5 } } : column,
  );
  const lines = renderTable(columns, ROWS, { width: 20, title: (text) => text }).split("\n");
  expect(lines).toEqual(["NAME   ID    EXTRA", "a-lo…  <0001>  x", "日本   <2   >", ""]);
});

test("a column that wraps is broken at words, and a name is whole however narrow the terminal is", () => {
  const columns: readonly Column<Row>[] = COLUMNS.map((column) =>
    column.title === "NAME" ? { ...column, yields: "wraps" } : column,
  );
  const rows = [
    { name: "a.example.com, b.example.com and 2 more", id: "1", extra: "x" },
    { name: "-", id: "2", extra: "y" },
  ];
  const lines = (width: number) => renderTable(columns, rows, { width, title: (text) => text }).split("\n");
  expect(lines(40)).toEqual([
    "NAME                           ID  EXTRA",
    "a.example.com, b.example.com   <1 >  x",
    "and 2 more                     <  >",
    "-                              <2 >  y",
    "",
  ]);
  expect(lines(1)).toEqual([
    "NAME            ID",
    "a.example.com,  <1 >",
    "b.example.com   <  >",
    "and 2 more      <  >",
    "-               <2 >",
    "",
  ]);
});

test("what may neither be cut nor go stays whole", () => {
  expect(render(3)).toEqual(["NAME    ID", "a-lon…  <0001>", "日本    <2   >", ""]);
});
