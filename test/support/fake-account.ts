import { isSame, keyOf } from "../../src/engine/model/account-index.ts";
import type { Workplace } from "../../src/engine/steps/workplace.ts";
import type { Clock } from "../../src/base/clock.ts";
import { Secret } from "../../src/base/secret.ts";
import type { CloudflareClient } from "../../src/cloudflare/client.ts";
import { ApiError, type ApiFailure, type Hint } from "../../src/cloudflare/error.ts";
import type { ExecuteOptions } from "../../src/engine/execute.ts";
import type { ResourceKind, SecretAbility, SecretComparison } from "../../src/engine/model/kind.ts";
import type { ActualResource, Spec } from "../../src/engine/model/resource.ts";
import { kinds } from "../../src/kinds/index.ts";
import { id, LONG_AGO, NOW } from "./builders.ts";

/** What a call meets instead of its plain end. */
export interface Trouble {
  readonly error?: ApiError;
  /** Whether the account acts all the same: the answer was lost. */
  readonly acts?: boolean;
  /** Done before anything else: what others do to the account meanwhile. */
  readonly before?: (account: FakeAccount) => void;
}

/**
 * An account in memory behind `ResourceKind`, so that steps can be tried without a wire. Calls are logged as
 * `create a`, `update 1`, `delete 1`, `read 1`, `find a`, `compare 1`, `list`, with ids by their number.
 */
export class FakeAccount {
  resources: ActualResource[];
  readonly log: string[] = [];
  /** What each update set, as the kind was asked to. */
  readonly edits: unknown[] = [];
  /** The verdicts of comparisons of secrets, by id. */
  readonly verdicts = new Map<string, SecretComparison>();
  mostAtOnce = 0;
  readonly #knownIds: ReadonlySet<string>;
  readonly #troubles = new Map<string, Trouble[]>();
  #atOnce = 0;
  #made = 500;

  constructor(...resources: readonly ActualResource[]) {
    this.resources = [...resources];
    this.#knownIds = new Set(resources.map((resource) => keyOf(resource.kind, resource.id)));
  }

  /** The next calls of this sort meet these troubles, one each; `{}` is none. */
  on(call: string, ...troubles: readonly Trouble[]): this {
    this.#troubles.set(call, [...(this.#troubles.get(call) ?? []), ...troubles]);
    return this;
  }

  /** How often a call was made. */
  count(call: string): number {
    return this.log.filter((line) => line === call).length;
  }

  /** Changes what a resource is, as others may. */
  set(number: number, change: Partial<ActualResource>): void {
    this.resources = this.resources.map((actual) =>
      actual.id === id(number) ? { ...actual, ...change } : actual,
    );
  }

  remove(number: number): void {
    this.resources = this.resources.filter((actual) => actual.id !== id(number));
  }

  /** All that `execute` wants; `knownIds` are those that were there at the start. */
  options(change: Partial<ExecuteOptions> = {}): ExecuteOptions & Workplace {
    return {
      client: NO_CLIENT,
      kinds: kinds.map((kind) => this.kind(kind)),
      clock: NO_WAIT,
      knownIds: this.#knownIds,
      outputs: new Map(),
      leaving: new Map(),
      secret: () => new Secret("c2VjcmV0"),
      concurrency: 8,
      ...change,
    };
  }

  /** The real kind, with this account for a wire. */
  kind(real: ResourceKind): ResourceKind {
    const { kind } = real;
    const own = () => this.resources.filter((actual) => actual.kind === kind);
    return {
      ...real,
      ...(real.secrets === undefined ? {} : { secrets: this.#secrets(real.secrets) }),
      list: () => this.#call("list", own),
      read: (_, id) =>
        this.#call(`read ${numberOf(id)}`, () => own().find((actual) => actual.id === id) ?? null),
      find: (_, wanted) =>
        this.#call(`find ${wanted.name}`, () => own().filter((actual) => isSame(real, actual, wanted))),
      create: (_, { name, spec }) => this.#call(`create ${name}`, () => this.#make(kind, name, spec)),
      update: (_, id, edit) =>
        this.#call(`update ${numberOf(id)}`, () => {
          this.edits.push(edit);
          this.resources = this.resources.map((actual) =>
            actual.id === id
              ? { ...actual, name: edit.name ?? actual.name, spec: { ...actual.spec, ...edit.spec } }
              : actual,
          );
        }),
      delete: (_, id) => this.#call(`delete ${numberOf(id)}`, () => this.remove(numberOf(id))),
    };
  }

  #secrets(real: SecretAbility): SecretAbility {
    return {
      flaw: (attribute, value) => real.flaw(attribute, value),
      compare: (_, id) =>
        this.#call(`compare ${numberOf(id)}`, () => this.verdicts.get(id) ?? { verdict: "same" as const }),
    };
  }

  async #call<T>(call: string, act: () => T): Promise<T> {
    this.log.push(call);
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    // Lets the others begin.
    await Promise.resolve();
    await Promise.resolve();
    this.#atOnce -= 1;
    const trouble = this.#troubles.get(call)?.shift() ?? {};
    trouble.before?.(this);
    if (trouble.error === undefined) {
      return act();
    }
    if (trouble.acts) {
      act();
    }
    throw trouble.error;
  }

  #make(kind: string, name: string, spec: Spec): ActualResource {
    this.#made += 1;
    const made = id(this.#made);
    const facts = {
      status: "inactive",
      created_at: LONG_AGO,
      conns_active_at: null,
      conns_inactive_at: null,
    };
    const resource = { kind, name, id: made, spec, facts };
    this.resources.push(resource);
    return resource;
  }
}

/** A clock on which a sleep takes its time, and no other. `onSleep` is told how many there have been. */
export function countedClock(
  onSleep: (count: number) => void = () => {},
): Clock & { readonly sleeps: readonly number[] } {
  const sleeps: number[] = [];
  let now = 0;
  return {
    sleeps,
    now: () => now,
    sleep: (ms) => {
      sleeps.push(ms);
      now += ms;
      onSleep(sleeps.length);
      return Promise.resolve();
    },
  };
}

/** The API said no. */
export function refused(status: number, hint: Hint | null = null, method = "POST"): ApiError {
  return new ApiError("no", {
    failure: status === 429 ? "rate_limited" : "refused",
    method,
    path: "/",
    status,
    hint,
    errors: [{ code: 1000, message: "no" }],
  });
}

/** Nobody knows whether the API acted. */
export function lost(failure: ApiFailure = "network"): ApiError {
  return new ApiError("lost", { failure, method: "POST", path: "/", ambiguous: true });
}

/** A GET that failed. */
export function unreadable(): ApiError {
  return new ApiError("unreadable", { failure: "server", method: "GET", path: "/", status: 502 });
}

function numberOf(id: string): number {
  return Number(id.slice(-12));
}

const NO_WAIT: Clock = { now: () => NOW, sleep: () => Promise.resolve() };

const NO_CLIENT: CloudflareClient = {
  accountId: "account",
  get: notUsed,
  list: notUsed,
  find: notUsed,
  post: notUsed,
  put: notUsed,
  patch: notUsed,
  delete: notUsed,
};

function notUsed(): Promise<never> {
  return Promise.reject(new Error("the wire is not used here"));
}
