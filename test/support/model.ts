import type { Plan, Step } from "../../src/engine/model/change.ts";
import type { ActualResource, DesiredState, Spec } from "../../src/engine/model/resource.ts";
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
  /** Ends after so many steps, as a crash would. */
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
  const ended = new Map<string, "applied" | "failed">();
  let left = options.stopAfter ?? Number.POSITIVE_INFINITY;
  for (const name of ["build", "teardown"]) {
    const stage = plan.steps.filter(({ stage }) => stage === name);
    const done = new Set<Step>();
    while (done.size < stage.length) {
      const ready = stage.filter(
        (step) => !done.has(step) && [...step.needs, ...step.after].every((id) => ended.has(id)),
      );
      const step = ready[pick(ready.length)];
      if (step === undefined) {
        account.faults.push("no step may begin");
        return account;
      }
      done.add(step);
      if (step.needs.some((id) => ended.get(id) === "failed") || options.fails?.(step)) {
        ended.set(step.id, "failed");
        continue;
      }
      if (left === 0) {
        return account;
      }
      left -= 1;
      account.take(actOf(step));
      ended.set(step.id, "applied");
    }
  }
  return account;
}

type Act =
  | { readonly does: "make"; readonly kind: string; readonly name: string; readonly spec: Spec }
  | { readonly does: "edit"; readonly id: string; readonly from: string; readonly to: string }
  | { readonly does: "remove"; readonly id: string; readonly from: string };

function actOf(step: Step): Act {
  switch (step.operation) {
    case "create":
      return { does: "make", kind: step.change.kind, ...step.change.after };
    case "update": {
      const { id, via, before, after } = step.change;
      return { does: "edit", id, from: via ?? before.name, to: after.name };
    }
    case "rename_aside": {
      const { id, via, before } = step.change;
      return { does: "edit", id, from: before.name, to: via ?? "(no temporary name)" };
    }
    case "delete":
      return { does: "remove", id: step.change.id, from: step.change.before.name };
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

  take(act: Act): void {
    switch (act.does) {
      case "make": {
        this.#wants(act.kind, act.name, null);
        made += 1;
        const { kind, name } = act;
        const spec = kind === "cfd_tunnel" ? { config_src: "local", ...act.spec } : {};
        this.world.push({ kind, name, id: id(900_000_000 + made), spec, facts: NEW });
        return;
      }
      case "edit": {
        const actual = this.#bears(act.id, act.from);
        if (actual !== undefined) {
          if (act.to !== act.from) {
            this.#wants(actual.kind, act.to, act.id);
          }
          this.world = this.world.map((other) => (other === actual ? { ...actual, name: act.to } : other));
        }
        return;
      }
      case "remove": {
        const actual = this.#bears(act.id, act.from);
        if (actual !== undefined && !["inactive", "down"].includes(actual.facts["status"] ?? "")) {
          this.faults.push(`${act.id} is live and was deleted`);
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
