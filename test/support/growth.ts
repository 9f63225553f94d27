import { expect } from "vitest";

/** Below this, what is measured is the machine and not the program. Milliseconds of the processor. */
const NOISE = 300;

/**
 * Does work of one size and of four times that, and fails where the second takes the time of a square (sixteen times)
 * rather than of its size. Both are measured in the same run, in time of the processor, so that a slow or busy machine
 * fails nothing.
 */
export async function growsWithItsSize(
  work: (size: number) => Promise<unknown>,
  size: number,
): Promise<void> {
  await work(Math.floor(size / 10));
  const small = await timeOf(() => work(size));
  const large = await timeOf(() => work(size * 4));
  expect(large).toBeLessThan(8 * small + NOISE);
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begin = process.cpuUsage();
  await work();
  return process.cpuUsage(begin).user / 1_000;
}
