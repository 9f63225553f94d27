import { plural } from "../../render/words/plural.ts";
import type { Plan } from "../../engine/model/change.ts";
import { UserError } from "../user-error.ts";

/** That secrets could not be compared although they had to be. */
export function unknownSecrets({ unknown }: Plan): string {
  return `${plural(unknown.length, "secret")} could not be compared, and --require-secrets asks for that.`;
}

/** Throws `UserError` where `--require-secrets` keeps a plan from being applied. */
export function refuseUnknownSecrets(plan: Plan, options: { readonly requireSecrets: boolean }): void {
  if (options.requireSecrets && plan.unknown.length > 0) {
    throw new UserError("secrets_unknown", `${unknownSecrets(plan)} Nothing was changed.`);
  }
}
