/** As many at a time as warren by default: every peer gets the same. */
const AT_ONCE = 8;

/** Does the work for every item, a bounded number at a time. */
export async function eachOf(items, work) {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const item of queue) {
        await work(item);
      }
    }),
  );
}
