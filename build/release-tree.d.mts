export const CARRIED: readonly string[];
export function makeTagTree(folder: string, dist?: string): void;
export function makePackage(folder: string, dist?: string): void;
