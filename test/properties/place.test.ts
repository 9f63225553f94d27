import fc from "fast-check";
import { expect, test } from "vitest";
import type { Update } from "../../src/engine/change.ts";
import { type Node, place } from "../../src/engine/place.ts";
import { entry, id, planOf, state, tunnel } from "../support/builders.ts";

interface Waiting {
  readonly pinned: boolean;
  readonly needs: readonly number[];
  readonly after: readonly number[];
}

/**
 * Waits of any shape, more than two kinds could give. What is not pinned needs only what stands before it, so that
 * each cycle has a pinned member or one that only follows.
 */
const waits: fc.Arbitrary<readonly Waiting[]> = fc.integer({ min: 1, max: 9 }).chain((size) => {
  const others = fc.uniqueArray(fc.nat(size - 1), { maxLength: 3 });
  return fc
    .array(fc.record({ pinned: fc.boolean(), needs: others, after: others }), {
      minLength: size,
      maxLength: size,
    })
    .map((all) =>
      all.map(({ pinned, needs, after }, at) => ({
        pinned,
        needs: needs.filter((other) => (pinned ? other !== at : other < at)),
        after: after.filter((other) => other !== at && !needs.includes(other)),
      })),
    );
});

test("whatever waits for whatever, all is placed once, and after what it needs has left its name", () => {
  fc.assert(
    fc.property(waits, (all) => {
      const steps = place(nodesOf(all), new Set());
      for (const [position, { needs, after }] of all.entries()) {
        const own = steps.flatMap(({ change }, at) => (change.id === id(position) ? [at] : []));
        const last = steps[own.at(-1) ?? -1];
        expect(last?.operation).toBe("update");
        expect(own).toHaveLength(last?.change.action === "update" && last.change.via !== null ? 2 : 1);
        const left = (other: number) => steps.findIndex(({ change }) => change.id === id(other));
        const aside = own.length === 2 ? own.slice(0, 1) : [];
        expect(last?.needs).toEqual([...needs.map(left), ...aside]);
        expect(
          [...needs, ...after.filter((other) => last?.after.includes(left(other)))].every(
            (other) => left(other) < (own.at(-1) ?? -1),
          ),
        ).toBe(true);
        // An order is given up only where nobody is pinned.
        if (all.every(({ pinned }) => pinned)) {
          expect(last?.after).toEqual(after.map(left));
        }
      }
    }),
    { numRuns: 3_000 },
  );
});

function nodesOf(all: readonly Waiting[]): Node[] {
  const nodes = all.map(({ pinned, needs, after }, at) => ({
    change: renameOf(at, pinned),
    needs: [...needs],
    after: [...after],
    waitedForBy: new Array<number>(),
    unmet: needs.length + after.length,
    movedAt: null,
    asideAt: null,
    placed: false,
  }));
  for (const [position, { needs, after }] of nodes.entries()) {
    for (const other of [...needs, ...after]) {
      nodes[other]?.waitedForBy.push(position);
    }
  }
  return nodes;
}

function renameOf(at: number, pinned: boolean): Update {
  const renamed = entry(`new-${at}`, pinned ? { id: id(at) } : { renamed_from: "old" });
  const [change] = planOf(state([renamed]), [tunnel("old", at)]).changes;
  if (change?.action !== "update") {
    throw new Error("the plan updates nothing");
  }
  return change;
}
