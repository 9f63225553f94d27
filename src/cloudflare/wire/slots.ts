import pLimit from "p-limit";

/** Runs work as soon as fewer than a fixed number of others run. */
export type Slots = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * At most `concurrency` at a time. A slot becomes free one turn of the event loop after its work is done: `fetch`
 * gives a connection back no sooner, and would open another one for a request that follows at once.
 */
export function createSlots(concurrency: number, turn: () => Promise<void> = nextTurn): Slots {
  const limit = pLimit(concurrency);
  return (work) =>
    new Promise((resolve, reject) => {
      void limit(async () => {
        try {
          resolve(await work());
        } catch (error) {
          reject(error);
        }
        await turn();
      });
    });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
