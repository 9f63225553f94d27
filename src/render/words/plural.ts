/** `1 entry`, `2 entries`; without the second form, one that ends in "s". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
