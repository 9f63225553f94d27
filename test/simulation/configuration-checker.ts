import type { Answer } from "../../src/simulator/wire/envelope.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { CONFIGURATION } from "./account.ts";
import {
  asDocument,
  configurationOf,
  type Document,
  lostSections,
  unmetSections,
  writesConfiguration,
} from "./configurations.ts";
import type { Entry, File } from "./file.ts";
import type { Call } from "./network.ts";
import type { Sender } from "./sender.ts";

/** What a program was shown of one configuration. */
interface Look {
  /** Before the first one where there is none. */
  readonly version: number;
  readonly config: Document;
  readonly at: number;
}

/** What one program was shown: at first, when it planned, and last, while it has not written since. */
interface Known {
  readonly first: Map<string, number>;
  readonly last: Map<string, Look>;
}

/** Tells of a rule that is broken. */
type Require = (holds: boolean, rule: string, call: Call, more?: string) => void;

/** The API's codes for a tunnel that was never given one, and for one that is not there. */
const NONE = /"code":(1055|1001|1002|1046)\b/;
const BEFORE_THE_FIRST = -1;

/** Holds the writes of configurations against what each program was shown, and against what others write. */
export class ConfigurationChecker {
  /** Writes over what another had written since the look before: their senders have to say so. */
  readonly overtaken: Call[] = [];
  readonly #known = new Map<Sender, Known>();
  /** Which of our programs wrote a version, by `id version`. */
  readonly #writers = new Map<string, Sender>();
  /** What each write rests on. */
  readonly #bases = new Map<Call, number>();
  readonly #simulator: () => Simulator;
  readonly #file: File;
  readonly #require: Require;

  constructor(file: File, simulator: () => Simulator, require: Require) {
    this.#file = file;
    this.#simulator = simulator;
    this.#require = require;
  }

  /** Returns the entries that may have asked for a PUT. `names`: those that its tunnel has had. */
  sent(call: Call, names: ReadonlySet<string>, justNow: number): readonly Entry[] {
    const id = call.id ?? "";
    const { first, last } = this.#of(call.sender);
    const look = last.get(id);
    last.delete(id);
    this.#require(look !== undefined, "a write without a look right before it", call);
    const entries = entriesFor(this.#file, id, names);
    const after = asDocument(call.body?.["config"]);
    const meant = entries.filter((entry) => unmetSections(entry, after).length === 0);
    this.#require(meant.length > 0, "a configuration that no entry asks for", call);
    if (look === undefined) {
      return entries;
    }
    this.#bases.set(call, look.version);
    this.#require(look.at >= justNow, "a write on an old look", call);
    const isOverAnother = this.#isByAnother(call, first.get(id) ?? look.version, look.version);
    this.#require(!isOverAnother, "a write over what another wrote since the plan", call);
    const lost = meant.map((entry) => lostSections(entry, look.config, after));
    this.#require(
      lost.some((keys) => keys.length === 0),
      "a configuration that loses what is not ours",
      call,
      String(lost),
    );
    const isSo = look.version >= 0 && meant.every((entry) => unmetSections(entry, look.config).length === 0);
    this.#require(!isSo, "a write of what is so already", call);
    return entries;
  }

  acted(call: Call): void {
    const id = call.id ?? "";
    const row = configurationOf(this.#simulator(), id);
    if (call.method !== "PUT" || call.effect === null || row === undefined) {
      return;
    }
    this.#writers.set(`${id} ${row.version}`, call.sender);
    const base = this.#bases.get(call) ?? row.version;
    // Nobody can tell a first version from the second where it was not seen that there is none.
    const isFirst = base === BEFORE_THE_FIRST && row.version <= 1;
    if (!isFirst && !call.late && this.#isByAnother(call, base, row.version - 1)) {
      this.overtaken.push(call);
    }
  }

  answered(call: Call, arrived: Answer | null, result: unknown, now: number): void {
    if (call.kind !== CONFIGURATION || call.method !== "GET" || arrived === null) {
      return;
    }
    const { version, config } = asDocument(result);
    const isNone = arrived.status === 404 && NONE.test(arrived.body);
    if (!isNone && typeof version !== "number") {
      return;
    }
    const isEmpty = isNone || (version === 0 && config === null);
    const shown = isEmpty || typeof version !== "number" ? BEFORE_THE_FIRST : version;
    const { first, last } = this.#of(call.sender);
    const id = call.id ?? "";
    if (!first.has(id)) {
      first.set(id, shown);
    }
    last.set(id, { version: shown, config: asDocument(config), at: now });
  }

  /** Whether another wrote one of the versions after `from`, up to `to`. */
  #isByAnother({ id, sender }: Call, from: number, to: number): boolean {
    for (let version = from + 1; version <= to; version += 1) {
      if (this.#writers.get(`${id} ${version}`) !== sender) {
        return true;
      }
    }
    return false;
  }

  #of(sender: Sender): Known {
    const known = this.#known.get(sender) ?? { first: new Map(), last: new Map() };
    this.#known.set(sender, known);
    return known;
  }
}

/** The entries that may be meant by a write to a tunnel that has had these names. */
function entriesFor({ entries }: File, id: string, names: ReadonlySet<string>): readonly Entry[] {
  return entries.filter(
    (entry) =>
      entry.kind === "cfd_tunnel" &&
      writesConfiguration(entry) &&
      (entry.id === id || names.has(entry.name) || names.has(entry.renamed_from ?? "")),
  );
}
