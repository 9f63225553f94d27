import { keyOf, type World } from "../model/account-index.ts";

/** A change that wants a name: a rename, or a create. */
export interface Wish {
  readonly kind: string;
  /** The identity that is wanted; null while it rests on what is not known yet: nobody can hold that. */
  readonly identity: string | null;
  /** The id of the resource that leaves its name by this; null for a create. */
  readonly mover: string | null;
}

/**
 * Of all wishes, those whose name is held by a resource that does not move, each with that resource's id. A wish
 * that is refused keeps its own resource where it is, which can refuse the next: so refusals are followed along the
 * names. What is left can be done, in the right order, without two resources of a kind ever bearing one name.
 */
export function refuseHeldNames<C extends Wish>(wishes: readonly C[], world: World): ReadonlyMap<C, string> {
  const movers = new Map<string, C>();
  for (const wish of wishes) {
    if (wish.mover !== null) {
      movers.set(keyOf(wish.kind, wish.mover), wish);
    }
  }
  const waitingFor = new Map<C, C[]>();
  const refused = new Map<C, string>();
  const queue: C[] = [];
  const refuse = (wish: C, holder: string) => {
    if (!refused.has(wish)) {
      refused.set(wish, holder);
      queue.push(wish);
    }
  };
  for (const wish of wishes) {
    for (const holder of wish.identity === null ? [] : world.holders(wish.kind, wish.identity)) {
      const mover = movers.get(keyOf(holder.kind, holder.id));
      if (mover === undefined) {
        refuse(wish, holder.id);
      } else {
        const others = waitingFor.get(mover);
        if (others === undefined) {
          waitingFor.set(mover, [wish]);
        } else {
          others.push(wish);
        }
      }
    }
  }
  for (let stays = queue.pop(); stays !== undefined; stays = queue.pop()) {
    for (const wish of waitingFor.get(stays) ?? []) {
      // Only a wish with a mover is ever waited for.
      refuse(wish, stays.mover ?? "");
    }
  }
  return refused;
}
