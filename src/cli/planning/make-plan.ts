import { loadDesiredState } from "../../config/load.ts";
import type { DesiredState } from "../../engine/model/resource.ts";
import { declaredSecrets } from "../../engine/decide/declared-secrets.ts";
import { planAccount, type PlanAccountOptions, type Planned } from "../../engine/plan-account.ts";
import { readTargets, type Target, type TargetFlaw } from "../../engine/decide/target.ts";
import { kinds } from "../../kinds/index.ts";
import { readFiles } from "../files/files.ts";
import { filesDigest } from "../files/files-digest.ts";
import type { Io } from "../io.ts";
import type { Run } from "../command.ts";
import type { FileOptions, PlanningOptions } from "../args/options.ts";
import { readSecrets, secretsFor, type SecretValues } from "./secrets.ts";
import type { Stamping } from "./stamping.ts";
import type { Session } from "../session/session.ts";
import { FileProblems, UserError } from "../user-error.ts";

/**
 * What the files ask for. Throws `FileProblems` or `UserError`; sends no request. With `anyAccount` the files'
 * `account_id` is left alone, and need not resolve: the embedded sandbox has an account of its own.
 * `stamping` learns of the files and of the account that they name.
 */
export async function readDesiredState(
  options: FileOptions & { readonly anyAccount: boolean },
  io: Io,
  stamping: Stamping | null = null,
): Promise<DesiredState> {
  const files = await readFiles(options.file, io);
  stamping?.learn({ files_digest: filesDigest(files) });
  const loaded = await loadDesiredState(files, { env: io.env, ignoreAccount: options.anyAccount });
  if (!loaded.ok) {
    throw new FileProblems(loaded.problems, loaded);
  }
  if (loaded.value.account_id !== null) {
    stamping?.learn({ account_id: loaded.value.account_id });
  }
  return loaded.value;
}

/** What `--target` names, or `UserError` where it names no entry. */
export function parseTargets(texts: readonly string[], desired: DesiredState): readonly Target[] {
  const { targets, flaws } = readTargets(texts, desired);
  const [flaw] = flaws;
  if (flaw !== undefined) {
    throw new UserError("unknown_target", `--target ${flaw.text}: ${targetFlawWords(flaw)}`);
  }
  return targets;
}

function targetFlawWords(flaw: TargetFlaw): string {
  if (flaw.code === "no_kind") {
    return `write it as KIND/NAME, like cfd_tunnel/${flaw.text}.`;
  }
  return `the files declare no such entry.${flaw.nearest === null ? "" : ` Did you mean ${flaw.nearest}?`}`;
}

/** Plans the account, secrets compared where that is asked for; their values are read first. Sends GETs only. */
export async function makePlan(
  desired: DesiredState,
  session: Session,
  run: Run<Pick<PlanningOptions, "target" | "verifySecrets">>,
): Promise<Planned> {
  const { options, waiting } = run;
  const targets = parseTargets(options.target, desired);
  const declared = options.verifySecrets ? declaredSecrets(desired, targets) : [];
  const secret = await readSecrets(
    declared.flatMap(({ entry, attribute, reference }) => secretsFor(entry.kind, { [attribute]: reference })),
    run,
  );
  const planning = planAccount({ desired, targets }, declared, planningIn(session, secret));
  return waiting.reading("Reading the account", planning);
}

/** What planning in a session works with. */
export function planningIn({ client, apiClock }: Session, secret: SecretValues): PlanAccountOptions {
  return { kinds, client, secret, now: () => apiClock.now() };
}
