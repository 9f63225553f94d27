/** How many characters lines take, each with its line feed. */
export function sizeOf(lines: readonly string[]): number {
  return lines.reduce((size, line) => size + line.length + 1, 0);
}

/**
 * As many of the items, from the first on, as have room, each a group of lines; and where some have not, a last line
 * that says how many (for which room is kept).
 */
export function fit(
  items: readonly (readonly string[])[],
  room: number,
  more: (count: number) => string,
): readonly string[] {
  if (items.reduce((size, item) => size + sizeOf(item), 0) <= room) return items.flat();
  const forMore = more(items.length).length + 1;
  let left = room - forMore;
  const end = items.findIndex((item) => {
    left -= sizeOf(item);
    return left < 0;
  });
  return room < forMore ? [] : [...items.slice(0, end).flat(), more(items.length - end)];
}
