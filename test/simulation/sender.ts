import type { Draw } from "./draw.ts";

/** When a program ends before its time: at one of its requests, before or after the API acts on it. */
export interface Death {
  /** Counts from 1. */
  readonly request: number;
  readonly moment: "before" | "after";
}

/** How a program comes by its consent: `--yes`, an answer at a terminal, or a saved plan. */
export type Consent =
  | { readonly by: "option" }
  /** `after`: how long the person thinks, in milliseconds; `meanwhile`: what others do before the answer. */
  | {
      readonly by: "answer";
      readonly answer: string | null;
      readonly after: number;
      readonly meanwhile: () => void;
    }
  | { readonly by: "plan"; readonly path: string; readonly changes: readonly SavedChange[] };

/** A change of a saved plan, as far as it is checked. */
export interface SavedChange {
  readonly action: "create" | "update" | "delete" | "replace";
  readonly kind: string;
  readonly name: string;
  readonly id: string | null;
  readonly before: {
    readonly name: string;
    readonly spec: { readonly [attribute: string]: unknown };
    readonly facts: { readonly version?: string };
  } | null;
}

/** What somebody on call does to one tunnel, by a command of its own. */
export interface Care {
  readonly command: "token" | "rotate" | "disconnect";
  readonly kind: string;
  readonly id: string;
  /** As it was when the command was written. */
  readonly name: string;
  /** The request at which somebody else renames the tunnel. */
  readonly renamedAt: number | null;
  /** The token that the API gives in place of the tunnel's own. */
  readonly otherToken: string | null;
}

export interface SenderOptions {
  readonly consent: Consent;
  /** Seconds after which it begins nothing. */
  readonly deadline: number | null;
  readonly death: Death | null;
  /** The request at which a person interrupts the program. */
  readonly interruptedAt: number | null;
  /** The request at which the person does so once more. */
  readonly cutAt: number | null;
  readonly concurrency: number;
  /** Whether its output shows the plan before it writes. */
  readonly showsPlan: boolean;
  readonly verifiesSecrets: boolean;
  /** What it is for where it is no `plan` and no `apply`. */
  readonly care?: Care;
}

/** One run of the program, as the network knows it. */
export class Sender {
  readonly name: string;
  readonly concurrency: number;
  readonly showsPlan: boolean;
  readonly consent: Consent;
  /** Where the program's output goes, as it is written. */
  output = "";
  /** What was in its output when it was told yes; null while nobody was asked, or no was said. */
  shown: string | null = null;
  dead = false;
  /** Aborted when the program is interrupted. */
  readonly stop = new AbortController();
  /** Aborted when it is interrupted once more. */
  readonly abort = new AbortController();
  /** Resolves when the program dies. */
  readonly died: Promise<void>;
  requests = 0;
  readonly #options: SenderOptions;
  readonly #draw: Draw;
  readonly #underWay = new Set<() => unknown>();
  #tellDeath: () => void = () => {};

  constructor(name: string, draw: Draw, options: SenderOptions) {
    this.name = name;
    this.concurrency = options.concurrency;
    this.showsPlan = options.showsPlan;
    this.consent = options.consent;
    this.#draw = draw;
    this.#options = options;
    this.died = new Promise((resolve) => {
      this.#tellDeath = resolve;
    });
  }

  /** Seconds that it has. */
  get deadline(): number | null {
    return this.#options.deadline;
  }

  /** The one tunnel that it is for; undefined for a `plan` and an `apply`. */
  get care(): Care | undefined {
    return this.#options.care;
  }

  /** How many of its requests have no answer yet. */
  get inFlight(): number {
    return this.#underWay.size;
  }

  /** A request is sent; `carryOut` makes the API act on it. Returns the moment of the death that it is to bring. */
  begin(carryOut: () => unknown): Death["moment"] | null {
    this.requests += 1;
    this.#underWay.add(carryOut);
    const { death, interruptedAt, cutAt } = this.#options;
    if (this.requests === interruptedAt) {
      this.stop.abort();
    }
    if (this.requests === cutAt) {
      this.abort.abort();
    }
    return this.requests === death?.request ? death.moment : null;
  }

  end(carryOut: () => unknown): void {
    this.#underWay.delete(carryOut);
  }

  /**
   * The program is no more, and nothing of it goes on. What it had in flight was either received by the API, which
   * acts on it, or was not. Never resolves: nobody is there to see it.
   */
  die(bringer: () => unknown): Promise<never> {
    this.dead = true;
    // The request that brings the death has had its fate.
    this.#underWay.delete(bringer);
    const others = [...this.#underWay];
    this.#underWay.clear();
    for (const carryOut of others) {
      if (this.#draw.chance(0.5)) {
        carryOut();
      }
    }
    this.#tellDeath();
    return new Promise(() => {});
  }
}
