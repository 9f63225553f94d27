import type { Simulator } from "./simulator.ts";
import type { SandboxState } from "./state-format.ts";

/**
 * Resolves once what the account holds now is in its file. Rejects with a `StateFileError` where it cannot be: by then
 * the account holds again what the file does, so that nobody is shown what would not outlive the process.
 */
export type Keep = () => Promise<void>;

/** Keeps an account in memory alone. */
export async function keepNothing(): Promise<void> {}

/**
 * Keeps an account by `save`, one write at a time. Calls that come while a write is under way share the next one, and
 * fail with the one under way: what they wait for was built on what it has undone.
 */
export function keepBy(
  save: (tunnels: SandboxState["tunnels"]) => Promise<void>,
  simulator: Pick<Simulator, "tunnels" | "restore">,
): Keep {
  let kept = simulator.tunnels;
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;

  const write = async (): Promise<void> => {
    next = null;
    const { tunnels } = simulator;
    try {
      await save(tunnels);
      kept = tunnels;
    } catch (error) {
      next = null;
      running = Promise.resolve();
      simulator.restore(kept);
      kept = simulator.tunnels;
      throw error;
    }
  };

  return async () => {
    if (simulator.tunnels === kept) {
      return;
    }
    next ??= running.then(() => {
      running = write();
      return running;
    });
    await next;
  };
}
