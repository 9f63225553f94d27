/** An account that a run of the fleet takes. */
export interface MatrixAccount {
  readonly account: string;
  readonly account_id: string;
  /** As `--file` takes them. */
  readonly files: readonly string[];
  readonly environment: string | null;
  readonly wave: string | null;
}

/** An account that is no more in the fleet: nothing looks after what it holds. */
export interface RemovedAccount {
  readonly account: string;
  /** Null where its files did not say. */
  readonly account_id: string | null;
}

/** What a run of the fleet takes. */
export interface Matrix {
  readonly run: string | null;
  readonly include: readonly MatrixAccount[];
  readonly removed: readonly RemovedAccount[];
}

/** What runs the accounts; and how many it can run at most. */
export const ENGINES = { github: 256, gitlab: 200, json: Number.POSITIVE_INFINITY } as const;

export type Engine = keyof typeof ENGINES;

/** Pieces of at most so many. */
export function inGroups<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, at) => items.slice(at * size, (at + 1) * size));
}

/** Whether one of the paths is watched, or lies in a folder that is; true for what is watched above them all. */
export function concerns(watched: readonly string[], paths: readonly string[]): boolean {
  return watched.some(
    (one) =>
      one === ".." ||
      one.startsWith("../") ||
      paths.some((path) => one === "." || path === one || path.startsWith(`${one}/`)),
  );
}
