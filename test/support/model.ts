import type { Plan, Step } from "../../src/engine/model/change.ts";
import { referenceIn } from "../../src/engine/model/reference.ts";
import type { ActualResource, DesiredState, JsonValue, Spec } from "../../src/engine/model/resource.ts";
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
  const account = new Account(start, {
    shared: options.sharedNames ?? false,
    changing: new Set(plan.changes.map(({ kind, id }) => `${kind} ${id}`)),
  });
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
  | {
      readonly does: "edit";
      readonly kind: string;
      readonly id: string;
      readonly from: string;
      readonly to: string;
      readonly spec: Spec;
    }
  | { readonly does: "remove"; readonly kind: string; readonly id: string; readonly from: string };

function actOf(step: Step): Act {
  switch (step.operation) {
    case "create":
      return { does: "make", kind: step.change.kind, ...step.change.after };
    case "update": {
      const { kind, id, via, before, after } = step.change;
      return { does: "edit", kind, id, from: via ?? before.name, to: after.name, spec: after.spec };
    }
    case "promote":
      throw new Error("no world of these tests has a default");
    case "swap":
      throw new Error("no world of these tests has a kind that is replaced in one request");
    case "rename_aside": {
      const { kind, id, via, before } = step.change;
      return { does: "edit", kind, id, from: before.name, to: via ?? "(no temporary name)", spec: {} };
    }
    case "delete":
      return {
        does: "remove",
        kind: step.change.kind,
        id: step.change.id,
        from: step.change.before.name,
      };
  }
}

let made = 0;

/** Tunnels are in use or not; a toy goes by its hook and its box, and its name is a word of the files alone. */
const isTunnel = (kind: string) => kind === "cfd_tunnel" || kind === "warp_connector";
type Named = Omit<ActualResource, "id" | "facts">;
const keyIn = ({ kind, name, spec: { hook, box_id = null } }: Named) =>
  kind === "toy" ? JSON.stringify([hook, box_id]) : name;

class Account implements Played {
  world: ActualResource[];
  readonly faults: string[] = [];
  readonly #shared: boolean;
  /** What the plan deletes or leads elsewhere. */
  readonly #changing: ReadonlySet<string>;

  constructor(
    start: readonly ActualResource[],
    { shared, changing }: { readonly shared: boolean; readonly changing: ReadonlySet<string> },
  ) {
    this.world = [...start];
    this.#shared = shared;
    this.#changing = changing;
  }

  take(act: Act): void {
    const actual = act.does === "make" ? undefined : this.#bears(act.kind, act.id, act.from);
    switch (act.does) {
      case "make": {
        const { kind, name } = act;
        const sent = this.#followed(act.spec);
        const spec = kind === "cfd_tunnel" ? { config_src: "local", ...sent } : isTunnel(kind) ? {} : sent;
        this.#wants({ kind, name, spec }, null);
        made += 1;
        const facts = isTunnel(kind) ? NEW : { created_at: LONG_AGO };
        this.world.push({ kind, name, id: id(900_000_000 + made), spec, facts });
        return;
      }
      case "edit": {
        if (actual !== undefined) {
          const name = actual.kind === "toy" ? act.from : act.to;
          const edited = { ...actual, name, spec: { ...actual.spec, ...this.#followed(act.spec) } };
          if (keyIn(edited) !== keyIn(actual)) {
            this.#wants(edited, act.id);
          }
          this.world = this.world.map((other) => (other === actual ? edited : other));
        }
        return;
      }
      case "remove": {
        if (
          actual !== undefined &&
          isTunnel(actual.kind) &&
          !["inactive", "down"].includes(actual.facts["status"] ?? "")
        ) {
          this.faults.push(`${act.id} is live and was deleted`);
        }
        for (const { kind, id, spec } of this.world) {
          if (this.#changing.has(`${kind} ${id}`) && Object.values(spec).includes(act.id)) {
            this.faults.push(`${act.id} was deleted before ${kind} ${id} left it`);
          }
        }
        this.world = this.world.filter((other) => other !== actual);
        return;
      }
    }
  }

  /** Attributes with the ids that their references lead to. */
  #followed(spec: Spec): Spec {
    return Object.fromEntries(Object.entries(spec).map(([key, value]) => [key, this.#idFor(value)]));
  }

  #idFor(value: JsonValue): JsonValue {
    const reference = referenceIn(value);
    if (reference === null) {
      return value;
    }
    const found = this.world.filter(({ kind, name }) => kind === reference.kind && name === reference.name);
    if (found.length !== 1) {
      this.faults.push(`${reference.kind}/${reference.name} is referred to and there ${found.length} times`);
    }
    return found[0]?.id ?? null;
  }

  #bears(kind: string, id: string, name: string): ActualResource | undefined {
    const actual = this.world.find((other) => other.kind === kind && other.id === id);
    if (actual?.name !== name) {
      this.faults.push(`${id} should bear ${name} and bears ${actual?.name}`);
    }
    return actual;
  }

  #wants(wanted: Named, mover: string | null): void {
    for (const holder of this.world) {
      if (
        keyIn(holder) === keyIn(wanted) &&
        holder.id !== mover &&
        (this.#shared || holder.kind === wanted.kind)
      ) {
        this.faults.push(`${wanted.kind}/${keyIn(wanted)} is wanted and held by ${holder.kind} ${holder.id}`);
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
