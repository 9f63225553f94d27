import { keyOf, type World } from "../model/account-index.ts";

/** A change that wants a name: a rename, or a create. */
export interface Claim {
  readonly kind: string;
  /** The identity that is wanted; null while it rests on what is not known yet: nobody can hold that. */
  readonly identity: string | null;
  /** The id of the resource that leaves its name by this; null for a create. */
  readonly mover: string | null;
}

/**
 * Of all claims, those whose name is held by a resource that does not move, each with that resource's id. A claim
 * that is refused keeps its own resource where it is, which can refuse the next: so refusals are followed along the
 * names. What is left can be done, in the right order, without two resources of a kind ever bearing one name.
 */
export function refuseHeldNames<C extends Claim>(claims: readonly C[], world: World): ReadonlyMap<C, string> {
  const movers = new Map<string, C>();
  for (const claim of claims) {
    if (claim.mover !== null) {
      movers.set(keyOf(claim.kind, claim.mover), claim);
    }
  }
  const waitingFor = new Map<C, C[]>();
  const refused = new Map<C, string>();
  const queue: C[] = [];
  const refuse = (claim: C, holder: string) => {
    if (!refused.has(claim)) {
      refused.set(claim, holder);
      queue.push(claim);
    }
  };
  for (const claim of claims) {
    for (const holder of claim.identity === null ? [] : world.holders(claim.kind, claim.identity)) {
      const mover = movers.get(keyOf(holder.kind, holder.id));
      if (mover === undefined) {
        refuse(claim, holder.id);
      } else {
        const others = waitingFor.get(mover);
        if (others === undefined) {
          waitingFor.set(mover, [claim]);
        } else {
          others.push(claim);
        }
      }
    }
  }
  for (let stays = queue.pop(); stays !== undefined; stays = queue.pop()) {
    for (const claim of waitingFor.get(stays) ?? []) {
      // Only a claim with a mover is ever waited for.
      refuse(claim, stays.mover ?? "");
    }
  }
  return refused;
}
