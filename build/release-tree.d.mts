export const CARRIED: readonly string[];
export function makeReleaseTree(folder: string): void;
