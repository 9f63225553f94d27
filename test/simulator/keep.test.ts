import { describe, expect, it } from "vitest";
import { keepBy } from "../../src/simulator/state/keep.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { world } from "./support/world.ts";

/** A file whose writes end when the test says so. */
function slowFile(simulator: Simulator) {
  const writes: { readonly names: readonly string[]; end(error?: Error): void }[] = [];
  const keep = keepBy(
    () =>
      new Promise((resolve, reject) => {
        writes.push({
          names: names(simulator),
          end: (error) => (error ? reject(error) : resolve()),
        });
      }),
    simulator,
  );
  return { keep, writes };
}

const names = ({ tunnels }: Simulator) => tunnels.map(({ name }) => name);
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("keeping an account", () => {
  it("writes nothing while nothing has changed", async () => {
    const { simulator } = world();
    simulator.seed([{ kind: "cfd_tunnel", name: "a" }]);
    const { keep, writes } = slowFile(simulator);
    await keep();
    expect(writes).toEqual([]);
  });

  it("shares the next write among those that come while one is under way, and misses none", async () => {
    const { simulator } = world();
    const { keep, writes } = slowFile(simulator);
    const kept: string[] = [];
    const add = (name: string) => {
      simulator.seed([{ kind: "cfd_tunnel", name }]);
      void keep().then(() => kept.push(name));
    };
    add("a");
    await turn();
    add("b");
    add("c");
    writes[0]?.end();
    await turn();
    expect(kept).toEqual(["a"]);
    writes[1]?.end();
    await turn();
    expect(kept).toEqual(["a", "b", "c"]);
    expect(writes.map((write) => write.names)).toEqual([["a"], ["a", "b", "c"]]);
  });

  it("undoes what a failed write held, and what was built on it meanwhile", async () => {
    const { simulator } = world();
    const [before] = simulator.seed([{ kind: "cfd_tunnel", name: "before" }]);
    const { keep, writes } = slowFile(simulator);
    simulator.rename(before?.id ?? "", "renamed");
    const first = expect(keep()).rejects.toThrow("disk full");
    await turn();
    simulator.seed([{ kind: "cfd_tunnel", name: "later" }]);
    const second = expect(keep()).rejects.toThrow("disk full");
    writes[0]?.end(new Error("disk full"));
    await Promise.all([first, second]);
    expect(names(simulator)).toEqual(["before"]);
    await keep();
    expect(writes).toHaveLength(1);
  });

  it("tries again with the next change", async () => {
    const { simulator } = world();
    const { keep, writes } = slowFile(simulator);
    for (const [position, error] of [new Error("disk full"), undefined].entries()) {
      simulator.seed([{ kind: "cfd_tunnel", name: `try ${position}` }]);
      const kept = keep().then(
        () => "kept",
        () => "failed",
      );
      await turn();
      writes[position]?.end(error);
      expect(await kept).toBe(error ? "failed" : "kept");
    }
    expect(names(simulator)).toEqual(["try 1"]);
    expect(writes.at(-1)?.names).toEqual(["try 1"]);
  });
});
