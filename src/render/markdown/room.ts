/** What a piece of the page looks like. */
type LinesOf<T> = (item: T) => readonly string[];

/** How many characters lines take, each with its line feed. */
export function sizeOf(lines: readonly string[]): number {
  return lines.reduce((size, line) => size + line.length + 1, 0);
}

/** The lines of the first items, as many as have room. Looks at no more of them than that. */
export function take<T>(items: readonly T[], linesOf: LinesOf<T>, room: number): (readonly string[])[] {
  const taken: (readonly string[])[] = [];
  let left = room;
  for (const item of items) {
    const lines = linesOf(item);
    left -= sizeOf(lines);
    if (left < 0) {
      break;
    }
    taken.push(lines);
  }
  return taken;
}

/** As `take`, and where not all items have room, a last line that says how many have not. */
export function fit<T>(
  items: readonly T[],
  linesOf: LinesOf<T>,
  room: number,
  more: (count: number) => string,
): readonly string[] {
  const taken = take(items, linesOf, room);
  if (taken.length === items.length) {
    return taken.flat();
  }
  // `more` is longest where all are left out.
  const last = more(items.length).length + 1;
  let left = room - sizeOf(taken.flat());
  while (left < last) {
    const dropped = taken.pop();
    if (dropped === undefined) {
      return [];
    }
    left += sizeOf(dropped);
  }
  return [...taken.flat(), more(items.length - taken.length)];
}
