import type { Action, Blocked } from "../engine/model/change.ts";
import type { Location } from "../engine/model/resource.ts";
import { showName, visible } from "./visible.ts";

/** What stands before a change, in text. */
export const SIGN: { readonly [action in Action]: string } = {
  create: "+",
  update: "~",
  delete: "-",
  replace: "-/+",
};

/** `cfd_tunnel prod-web (0192…)`. */
export function headline(of: {
  readonly kind: string;
  readonly name: string;
  readonly id: string | null;
}): string {
  const id = of.id === null ? "" : ` (${showName(of.id)})`;
  return `${showName(of.kind)} ${showName(of.name)}${id}`;
}

/** `cfd_tunnel/prod-web`: what `--target` takes, quoted where it could be misread. */
export function address({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return showName(`${kind}/${name}`);
}

/** `tunnels.yaml:12`. */
export function place({ file, line }: Location): string {
  return `${visible(file)}:${line}`;
}

/** `delete cfd_tunnel prod-db (0192…)`, or that it is the whole plan. */
export function blockedHeadline(blocked: Blocked): string {
  if (blocked.kind === null) {
    return "the whole plan";
  }
  return blocked.action === null ? headline(blocked) : `${blocked.action} ${headline(blocked)}`;
}
