import type { ActualResource, DesiredState } from "../../src/engine/model/resource.ts";
import { entry, id, scope, state, tunnel } from "../support/builders.ts";

export const SIZES = [1_000, 10_000, 50_000] as const;

/** What is planned, and how many changes there are to find. */
export interface BenchCase {
  readonly name: string;
  readonly desired: DesiredState;
  readonly actual: readonly ActualResource[];
  readonly changes: number;
}

/** Every sort of plan that could have a quadratic step, with so many entries and so many live tunnels. */
export function casesOf(size: number): readonly BenchCase[] {
  const all = Array.from({ length: size }, (_, at) => at);
  const spec = { config_src: "local" };
  const limits = { max_deletes: size, min_idle: 0, max_routes: 1_000 };
  const pinned = all.map((at) => entry(`n${at}`, { id: id(at), spec }));
  return [
    {
      name: "nothing to do",
      desired: state(all.map((at) => entry(`n${at}`, { spec }))),
      actual: all.map((at) => tunnel(`n${at}`, at)),
      changes: 0,
    },
    {
      name: "all to create, all to prune",
      desired: state(
        all.map((at) => entry(`n-new-${at}`)),
        { prune: [scope("n")], limits },
      ),
      actual: all.map((at) => tunnel(`n${at}`, at)),
      changes: 2 * size,
    },
    {
      name: "all to prune, beside 1,000 protected names and 100 globs",
      desired: state(
        all.map((at) => entry(`n-new-${at}`)),
        {
          prune: [scope("n")],
          limits,
          protected: [
            ...all.slice(0, 1_000).map((at) => `x${at}`),
            ...all.slice(0, 100).map((at) => `x*${at}`),
          ].sort(),
        },
      ),
      actual: all.map((at) => tunnel(`n${at}`, at)),
      changes: 2 * size,
    },
    {
      name: "one chain of renames",
      desired: state(all.map((at) => entry(`n${at}`, { renamed_from: `n${at + 1}` }))),
      actual: all.map((at) => tunnel(`n${at + 1}`, at)),
      changes: size,
    },
    {
      name: "swaps",
      desired: state(pinned),
      actual: all.map((at) => tunnel(`n${at ^ 1}`, at)),
      changes: size,
    },
    {
      name: "one cycle of renames",
      desired: state(pinned),
      actual: all.map((at) => tunnel(`n${(at + 1) % size}`, at)),
      changes: size,
    },
  ];
}
