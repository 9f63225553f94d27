import { fitTo, padTo, widthOf } from "./width.ts";
import { wordsOf, wrap } from "./wrap.ts";

export interface Column<Row> {
  readonly title: string;
  /** Safe to print, without colour. */
  readonly cell: (row: Row) => string;
  /** Colours a cell that is already as wide as it will be. */
  readonly paint?: (row: Row, padded: string) => string;
  /**
   * What a narrow terminal does to it: cuts it, but not below this width, or at once to it; breaks it at words, which
   * stay whole, into lines of its own; or leaves it out.
   */
  readonly yields?: { readonly least: number } | { readonly to: number } | "wraps" | "goes";
}

const GAP = "  ";

/**
 * Rows below a line of titles. With a width, the columns that may be narrower are made so to fit, the widest first;
 * where that is not enough, those that may go are left out, the last first.
 */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: { readonly width: number | null; readonly title: (text: string) => string },
): string {
  const measured = columns.map((column) => measure(column, rows));
  const shown = options.width === null ? measured : fit(measured, options.width);
  const titles = shown.map(({ column, width }) => padTo(column.title, width)).join(GAP);
  const lines = rows.flatMap((row) => {
    const cells = shown.map(({ column, width }) =>
      column.yields === "wraps" ? wrap(column.cell(row), width, "") : [fitTo(column.cell(row), width)],
    );
    return Array.from({ length: Math.max(...cells.map(({ length }) => length)) }, (_, at) =>
      shown
        .map(({ column, width }, index) => {
          const padded = padTo(cells[index]?.[at] ?? "", width);
          return column.paint?.(row, padded) ?? padded;
        })
        .join(GAP)
        .trimEnd(),
    );
  });
  return [options.title(titles.trimEnd()), ...lines].map((line) => `${line}\n`).join("");
}

interface Measured<Row> {
  readonly column: Column<Row>;
  readonly width: number;
  /** It cannot be narrower. */
  readonly least: number;
}

function measure<Row>(column: Column<Row>, rows: readonly Row[]): Measured<Row> {
  const { title, yields } = column;
  const cells = rows.map((row) => column.cell(row));
  const widest = (texts: readonly string[]) =>
    texts.reduce((most, text) => Math.max(most, widthOf(text)), widthOf(title));
  const width = widest(cells);
  if (yields === "wraps") {
    return { column, width, least: widest(cells.flatMap(wordsOf)) };
  }
  if (typeof yields !== "object") {
    return { column, width, least: width };
  }
  const least = "to" in yields ? Math.min(yields.to, width) : yields.least;
  return { column, width, least: Math.max(least, widthOf(title)) };
}

function fit<Row>(columns: readonly Measured<Row>[], width: number): readonly Measured<Row>[] {
  const narrowed = narrow(columns, width);
  const last = columns.findLast(({ column }) => column.yields === "goes");
  // One that goes leaves room to those that were cut.
  return totalOf(narrowed) <= width || last === undefined
    ? narrowed
    : fit(
        columns.filter((each) => each !== last),
        width,
      );
}

/** Narrows the widest first, as far as they may be. */
function narrow<Row>(columns: readonly Measured<Row>[], width: number): readonly Measured<Row>[] {
  const over = totalOf(columns) - width;
  const [widest] = columns.filter((each) => each.width > each.least).sort((a, b) => b.width - a.width);
  if (over <= 0 || widest === undefined) {
    return columns;
  }
  const { least } = widest;
  const isCutAtOnce = typeof widest.column.yields === "object" && "to" in widest.column.yields;
  const cut = { ...widest, width: isCutAtOnce ? least : Math.max(least, widest.width - over) };
  return narrow(
    columns.map((each) => (each === widest ? cut : each)),
    width,
  );
}

function totalOf(columns: readonly Measured<never>[]): number {
  return columns.reduce((sum, { width }) => sum + width, GAP.length * (columns.length - 1));
}
