import { configurationSwitches } from "./switches/configuration.ts";
import { listSwitches } from "./switches/list.ts";
import { networkSwitches } from "./switches/network.ts";
import type { Switch } from "./switches/switch.ts";
import { tunnelSwitches } from "./switches/tunnel.ts";
import { wireSwitches } from "./switches/wire.ts";
import { zoneSwitches } from "./switches/zone.ts";

/** Every switch, its default and its values. `docs/sandbox.md` says for each which source it stands for. */
const table = {
  ...tunnelSwitches,
  ...configurationSwitches,
  ...listSwitches,
  ...networkSwitches,
  ...zoneSwitches,
  ...wireSwitches,
};

type Table = typeof table;

/** How this sandbox answers where the sources are silent or disagree. */
export type Switches = {
  readonly [K in keyof Table]: Table[K] extends Switch<infer T> ? T : never;
};

/** What the sources say, or the likeliest reading of them. */
export const defaultSwitches = Object.fromEntries(
  Object.entries(table).map(([name, each]) => [name, each.default]),
) as Switches; // Every name of the table is there, with a value of its switch.

/** The defaults, or `current`, with some switches set anew. Throws an `Error` that names what is wrong. */
export function withSwitches(
  change: { readonly [name: string]: unknown },
  current: Switches = defaultSwitches,
): Switches {
  const switches: { [name: string]: unknown } = { ...current };
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) {
      continue;
    }
    const each: Switch<unknown> | undefined = Object.hasOwn(table, name)
      ? table[name as keyof Table] // The line before has just looked.
      : undefined;
    if (!each) {
      throw new Error(`There is no switch "${name}".`);
    }
    if (!each.accepts(value)) {
      throw new Error(`Switch "${name}" takes ${each.takes}.`);
    }
    switches[name] = value;
  }
  return switches as Switches; // Every name of the table is there, with a value that its switch accepts.
}
