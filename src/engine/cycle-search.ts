/**
 * Finds cycles among things that wait for each other, one after another. Keeps the way that it has walked, so that
 * many cycles behind one long way are not found by walking that way again and again.
 */
export class CycleSearch {
  readonly #waitsFor: (position: number) => number;
  readonly #path: number[] = [];
  /** Where on the path a position stands. */
  readonly #places = new Map<number, number>();

  /** `waitsFor` tells one of those that a position waits for. */
  constructor(waitsFor: (position: number) => number) {
    this.#waitsFor = waitsFor;
  }

  /** A cycle that can be reached from `start`, or from where the last search has come to: each waits for the next. */
  find(start: number): readonly number[] {
    let position = this.#path.at(-1) ?? start;
    if (this.#path.length === 0) {
      this.#push(start);
    }
    while (true) {
      position = this.#waitsFor(position);
      const place = this.#places.get(position);
      if (place !== undefined) {
        return this.#path.slice(place);
      }
      this.#push(position);
    }
  }

  /** Nobody waits for this position any more: the way that leads on from it is given up. */
  forget(position: number): void {
    const place = this.#places.get(position);
    if (place !== undefined) {
      for (const later of this.#path.splice(place)) {
        this.#places.delete(later);
      }
    }
  }

  #push(position: number): void {
    this.#places.set(position, this.#path.length);
    this.#path.push(position);
  }
}
