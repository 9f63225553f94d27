import type { Owner } from "../../engine/model/change.ts";
import { name, say, type Sentence } from "./sentence.ts";

/** What something hangs on, as far as it is known. */
export function ownerWords({ kind, name: called, id }: Owner): Sentence {
  const address = called === null ? null : kind === null ? called : `${kind}/${called}`;
  return address === null ? say`${name(id)}` : say`${name(address)} (${name(id)})`;
}
