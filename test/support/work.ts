import { Session } from "node:inspector/promises";

/** Counts how often the blocks of some sources run: a measure of work that no load on the machine changes. */
export interface WorkCounter {
  /** How many blocks ran while `work` did. What a built-in does inside one call is not in it. */
  count(work: () => unknown): Promise<number>;
  stop(): void;
}

/** Counts the work of what is below a folder, and is imported only after this has resolved: other code has no counters. */
export async function startCounting(folder: string): Promise<WorkCounter> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const take = async () => {
    const { result } = await session.post("Profiler.takePreciseCoverage");
    return result
      .filter(({ url }) => url.includes(folder))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
      .reduce((sum, { count }) => sum + count, 0);
  };
  return {
    async count(work) {
      await take();
      await work();
      return take();
    },
    stop: () => session.disconnect(),
  };
}
