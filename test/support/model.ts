import type { Plan, Step } from "../../src/engine/change.ts";
import type { ActualResource, DesiredState, Spec } from "../../src/engine/resource.ts";
import { id, LONG_AGO } from "./builders.ts";

/** Chooses one of `count` possibilities. */
export type Pick = (count: number) => number;

/** What a played plan left, and what was wrong on the way. */
export interface Played {
  readonly world: readonly ActualResource[];
  /** Sentences; empty when no step met what it must not meet. */
  readonly faults: readonly string[];
}

export interface PlayOptions {
  /** Ends after so many half-steps, as a crash would: a replacement has two. */
  readonly stopAfter?: number;
  /** Whether the API refuses a step: then nothing of it happens. */
  readonly fails?: (step: Step) => boolean;
  /** Both kinds share one namespace, so that a name is taken whatever its holder's kind. */
  readonly sharedNames?: boolean;
}

/**
 * Plays a plan on a small model of an account: it knows names, ids and what a kind reports, and nothing of how a plan
 * is made. Of all steps that may begin, `pick` chooses the next.
 */
export function play(
  plan: Plan,
  start: readonly ActualResource[],
  pick: Pick,
  options: PlayOptions = {},
): Played {
  const account = new Account(start, options.sharedNames ?? false);
  let left = options.stopAfter ?? Number.POSITIVE_INFINITY;
  for (const stage of plan.stages) {
    const ended = new Map<number, "applied" | "failed">();
    while (ended.size < stage.length) {
      const ready = [...stage.entries()].filter(
        ([position, { needs, after }]) =>
          !ended.has(position) && [...needs, ...after].every((at) => ended.has(at)),
      );
      const chosen = ready[pick(ready.length)];
      if (chosen === undefined) {
        account.faults.push("no step may begin");
        return account;
      }
      const [position, step] = chosen;
      if (step.needs.some((at) => ended.get(at) === "failed") || options.fails?.(step)) {
        ended.set(position, "failed");
        continue;
      }
      for (const half of halvesOf(step)) {
        if (left === 0) {
          return account;
        }
        left -= 1;
        account.take(half);
      }
      ended.set(position, "applied");
    }
  }
  return account;
}

/** How many half-steps a plan has. */
export function lengthOf({ stages }: Plan): number {
  return stages.flat().flatMap(halvesOf).length;
}

type Half =
  | { readonly does: "make"; readonly kind: string; readonly name: string; readonly spec: Spec }
  | { readonly does: "edit"; readonly id: string; readonly from: string; readonly to: string }
  | { readonly does: "remove"; readonly id: string; readonly from: string };

function halvesOf(step: Step): readonly Half[] {
  const { change } = step;
  switch (step.operation) {
    case "create":
      return [{ does: "make", kind: change.kind, ...step.change.after }];
    case "update": {
      const { id, via, before, after } = step.change;
      return [{ does: "edit", id, from: via ?? before.name, to: after.name }];
    }
    case "rename_aside": {
      const { id, via, before } = step.change;
      return [{ does: "edit", id, from: before.name, to: via ?? "(no temporary name)" }];
    }
    case "replace": {
      const { id, before, after } = step.change;
      return [
        { does: "remove", id, from: before.name },
        { does: "make", kind: change.kind, ...after },
      ];
    }
    case "delete":
      return [{ does: "remove", id: step.change.id, from: step.change.before.name }];
  }
}

let made = 0;

class Account implements Played {
  world: ActualResource[];
  readonly faults: string[] = [];
  readonly #shared: boolean;

  constructor(start: readonly ActualResource[], shared: boolean) {
    this.world = [...start];
    this.#shared = shared;
  }

  take(half: Half): void {
    switch (half.does) {
      case "make": {
        this.#wants(half.kind, half.name, null);
        made += 1;
        const { kind, name } = half;
        const spec = kind === "cfd_tunnel" ? { config_src: "local", ...half.spec } : {};
        this.world.push({ kind, name, id: id(900_000_000 + made), spec, facts: NEW });
        return;
      }
      case "edit": {
        const actual = this.#bears(half.id, half.from);
        if (actual !== undefined) {
          if (half.to !== half.from) {
            this.#wants(actual.kind, half.to, half.id);
          }
          this.world = this.world.map((other) => (other === actual ? { ...actual, name: half.to } : other));
        }
        return;
      }
      case "remove": {
        const actual = this.#bears(half.id, half.from);
        if (actual !== undefined && !["inactive", "down"].includes(actual.facts["status"] ?? "")) {
          this.faults.push(`${half.id} is live and was deleted`);
        }
        this.world = this.world.filter((other) => other !== actual);
        return;
      }
    }
  }

  #bears(id: string, name: string): ActualResource | undefined {
    const actual = this.world.find((other) => other.id === id);
    if (actual?.name !== name) {
      this.faults.push(`${id} should bear ${name} and bears ${actual?.name}`);
    }
    return actual;
  }

  #wants(kind: string, name: string, mover: string | null): void {
    for (const holder of this.world) {
      if (holder.name === name && holder.id !== mover && (this.#shared || holder.kind === kind)) {
        this.faults.push(`${kind}/${name} is wanted and held by ${holder.kind} ${holder.id}`);
      }
    }
  }
}

const NEW = { status: "inactive", created_at: LONG_AGO, conns_active_at: null, conns_inactive_at: LONG_AGO };

/** What is not as the files ask for it, in sentences. Knows the contract, and nothing of how a plan is made. */
export function unmet(desired: DesiredState, world: readonly ActualResource[]): readonly string[] {
  const found: string[] = [];
  for (const { kind, name, state, id, spec } of desired.entries) {
    const named = world.filter((actual) => actual.kind === kind && actual.name === name);
    const bearers = id === null ? named : named.filter((actual) => actual.id === id);
    if (state === "absent" && bearers.length > 0) {
      found.push(`${kind}/${name} is there`);
    }
    if (state === "present" && bearers.length !== 1) {
      found.push(`${kind}/${name} is there ${bearers.length} times`);
    }
    for (const actual of state === "present" ? bearers : []) {
      const wrong = Object.keys(spec).filter(
        (key) => actual.spec[key] !== undefined && actual.spec[key] !== spec[key],
      );
      found.push(...wrong.map((key) => `${kind}/${name} has another ${key}`));
    }
  }
  return found;
}
