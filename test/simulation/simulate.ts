import { parseArgs } from "node:util";
import { simulate } from "./scenario.ts";

/** `--seeds N`, `--from N`, `--seed N [--trace]`. */
export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seeds: { type: "string", default: "1000" },
      from: { type: "string", default: "1" },
      seed: { type: "string" },
      trace: { type: "boolean", default: false },
    },
  });
  const from = Number(values.seed ?? values.from);
  const count = values.seed === undefined ? Number(values.seeds) : 1;
  let failed = 0;
  let requests = 0;
  const exits = new Map<string, number>();
  const rules = new Map<string, number[]>();
  const start = performance.now();
  for (let seed = from; seed < from + count; seed += 1) {
    const result = await simulate(seed, values.trace ? { trace: (line) => console.log(line) } : {});
    requests += result.requests;
    const course = result.exits.join(" ");
    exits.set(course, (exits.get(course) ?? 0) + 1);
    if (result.violations.length > 0) {
      failed += 1;
      for (const { rule, what } of result.violations) {
        const seeds = rules.get(rule) ?? [];
        rules.set(rule, [...seeds, seed]);
        if (seeds.length === 0) console.log(`seed ${seed}: ${rule}: ${what}`);
      }
    }
  }
  const seconds = (performance.now() - start) / 1_000;
  for (const [rule, seeds] of rules)
    console.log(`${rule}: ${seeds.length} (${[...new Set(seeds)].slice(0, 10).join(", ")})`);
  console.log(
    [...exits]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 15)
      .map(([course, times]) => `${times}x ${course}`)
      .join("\n"),
  );
  console.log(
    `${count} seeds, ${failed} failed, ${requests} requests, ${seconds.toFixed(1)} s, ${(count / seconds).toFixed(0)} seeds/s`,
  );
  return failed === 0 ? 0 : 1;
}
