import { inspect } from "node:util";

/** What stands wherever a secret would. */
export const HIDDEN = "(secret)";

/**
 * A value that cannot be printed, serialised or inspected by accident: every way of turning it into text
 * gives `(secret)`. Only `reveal` gives the value, so that one search finds each place that uses it.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Call it only where the value is sent, written to the user's own file, or compared. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
