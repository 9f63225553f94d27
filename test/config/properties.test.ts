import * as fc from "fast-check";
import { expect, test } from "vitest";
import { join } from "node:path";
import { stringify } from "yaml";
import { loadDesiredState } from "../../src/config/load.ts";
import type { Result } from "../../src/config/problem.ts";
import type { DesiredState } from "../../src/engine/model/resource.ts";
import { bombs, mutatedFiles, scrapTexts, secretFiles, structures } from "../fuzz/inputs.ts";
import { judge } from "../fuzz/judge.ts";

/** As `npm run fuzz`, with fewer inputs. */
test.each<readonly [string, fc.Arbitrary<string | Uint8Array>, number]>([
  ["a mutated example", mutatedFiles(join(import.meta.dirname, "../..")), 1_500],
  ["any structure", structures, 400],
  ["scraps of YAML", scrapTexts, 1_000],
  ["a literal secret", secretFiles, 1_500],
  ["a bomb", bombs, 40],
])("%s ends in a state, or in problems with places and without secrets", async (_, inputs, numRuns) => {
  await fc.assert(
    fc.asyncProperty(inputs, async (text) => {
      await judge(text);
    }),
    { numRuns },
  );
});

test("a literal secret is never accepted", async () => {
  await fc.assert(
    fc.asyncProperty(secretFiles, async (text) => {
      expect(await judge(text)).toBe("problems");
    }),
    { numRuns: 300 },
  );
});

const name = fc.stringMatching(/^[a-z]{1,6}$/);
const entries = fc.uniqueArray(fc.tuple(fc.constantFrom("cfd_tunnel", "warp_connector"), name), {
  selector: ([kind, name]) => `${kind}/${name}`,
  maxLength: 20,
});

/** Puts each entry into one of some files, and each into its kind, in the order given. */
function filesOf(placed: readonly { readonly entry: readonly [string, string]; readonly file: number }[]) {
  return [0, 1, 2].map((file) => {
    const own = placed.filter((each) => each.file === file).map(({ entry }) => entry);
    const written = new Map<string, unknown>([
      ["version", 1],
      ["protected", own.map(([, name]) => name)],
    ]);
    for (const kind of new Set(own.map(([kind]) => kind))) {
      const names = own.filter(([other]) => other === kind).map(([, name]) => [name, null] as const);
      written.set(kind, new Map(names));
    }
    return { path: `${file}.yaml`, text: stringify(written) };
  });
}

test("the order of files and entries leaves no trace but the places", async () => {
  const shuffled = entries.chain((list) =>
    fc.record({
      order: fc.shuffledSubarray([...list], { minLength: list.length }),
      files: fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
      in: fc.array(fc.nat({ max: 2 }), { minLength: list.length, maxLength: list.length }),
      list: fc.constant(list),
    }),
  );
  await fc.assert(
    fc.asyncProperty(shuffled, async (drawn) => {
      const plain = filesOf(drawn.list.map((entry) => ({ entry, file: 0 })));
      const mixed = filesOf(drawn.order.map((entry, at) => ({ entry, file: drawn.in[at] ?? 0 })));
      const reordered = drawn.files.flatMap((at) => mixed.slice(at, at + 1));
      const expected = withoutPlaces(await loadDesiredState(plain, { env: {} }));
      const kinds = [...new Set(drawn.list.map(([kind]) => kind))].sort((a, b) => (a < b ? -1 : 1));
      expect(expected).toMatchObject({ kinds });
      expect(withoutPlaces(await loadDesiredState(reordered, { env: {} }))).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

function withoutPlaces(result: Result<DesiredState>): unknown {
  if (!result.ok) {
    return result;
  }
  return { ...result.value, entries: result.value.entries.map((entry) => ({ ...entry, source: null })) };
}
