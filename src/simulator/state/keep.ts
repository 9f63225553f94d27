import type { Contents } from "./tables.ts";

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
  save: (contents: Contents) => Promise<void>,
  account: { readonly contents: Contents; restore(contents: Contents): void },
): Keep {
  let kept = account.contents;
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;

  const write = async (): Promise<void> => {
    next = null;
    const { contents } = account;
    try {
      await save(contents);
      kept = contents;
    } catch (error) {
      next = null;
      running = Promise.resolve();
      account.restore(kept);
      kept = account.contents;
      throw error;
    }
  };

  return async () => {
    if (account.contents === kept) {
      return;
    }
    next ??= running.then(() => {
      running = write();
      return running;
    });
    await next;
  };
}
