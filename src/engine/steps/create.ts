import { ApiError } from "../../cloudflare/error.ts";
import type { Wanted } from "../model/change.ts";
import type { NewResource, ResourceKind, Secrets } from "../model/kind.ts";
import { whyOver } from "../../base/limits.ts";
import type { Failure } from "../model/outcome.ts";
import { isAsWanted } from "../model/as-wanted.ts";
import { keyOf } from "../model/account-index.ts";
import { type ActualResource, type Spec, versionOf } from "../model/resource.ts";
import { overtaken } from "./overtaken.ts";
import { applied, asApiError, confirmed, failed, type StepResult } from "./result.ts";
import { compareSecret, pause, openSecrets, MOST_SENDS, settled, type Workplace } from "./workplace.ts";

/** How often a resource that lists may not show yet is looked for. */
const LOOKS = 3;

/**
 * POST is never sent blindly a second time. After an unclear end the name is looked up (by `?name=`: a walk through
 * the pages can miss what slips from one to the next), and a resource that was not there when the plan was made, with
 * what was asked for, is ours. A name that the API calls taken while nobody new holds it is worth another try only where
 * this plan itself frees it (`nameIsFreed`), since then the API may not show that yet.
 */
export async function create(
  wanted: Wanted,
  kind: ResourceKind,
  workplace: Workplace,
  nameIsFreed: boolean,
): Promise<StepResult> {
  const { name } = wanted;
  const spec = settled(wanted.spec, kind, workplace);
  const secrets = openSecrets(wanted.secrets, workplace);
  let unclear: ApiError | null = null;
  // What a refusal says of one try it does not say of an earlier one, which lists may not show yet.
  const end = (failure: Failure) =>
    failed(null, unclear === null ? failure : { code: "uncertain", error: unclear });
  for (let sent = 1; ; sent += 1) {
    let refused: ApiError;
    try {
      const { wasThere, ...made } = await kind.create(workplace.client, { name, spec, secrets });
      const other = overtaken(null, versionOf(made));
      const done = wasThere ? confirmed(made.id) : applied(made.id);
      return other === null ? { ...done, made } : failed(made.id, other);
    } catch (error) {
      refused = asApiError(error);
    }
    if (refused.repeatable && sent < MOST_SENDS && whyOver(workplace) === null) {
      await pause(sent, workplace);
      continue;
    }
    if (refused.ambiguous) {
      unclear = refused;
    } else if (refused.status !== 409) {
      return end({ code: "api", error: refused });
    }
    const holders = await lookUp({ name, spec }, kind, workplace);
    if (holders instanceof ApiError) {
      return end({ code: "api", error: refused });
    }
    if (holders.unknown !== null) {
      return unclear === null
        ? failed(null, taken(holders.unknown, refused))
        : (overtakenBy(holders.unknown) ?? claim(holders.unknown, spec, secrets, kind, workplace, unclear));
    }
    const isWorthAWait = unclear !== null || nameIsFreed;
    if (isWorthAWait && sent < MOST_SENDS) {
      await pause(sent, workplace);
    }
    if (!isWorthAWait || sent === MOST_SENDS || whyOver(workplace) !== null) {
      return end(taken(holders.known, refused));
    }
  }
}

interface Holders {
  /** Was not in the reading that the plan rests on. */
  readonly unknown: ActualResource | null;
  /** Was: it gave the name up a moment ago, and the API does not show that yet. */
  readonly known: ActualResource | null;
}

/** Who bears the name; looked for more than once, since lists may lag. */
async function lookUp(
  wanted: Pick<NewResource, "name" | "spec">,
  kind: ResourceKind,
  workplace: Workplace,
): Promise<Holders | ApiError> {
  for (let look = 1; ; look += 1) {
    let found: readonly ActualResource[];
    try {
      found = await kind.find(workplace.client, wanted);
    } catch (error) {
      return asApiError(error);
    }
    const unknown = found.find((actual) => !workplace.knownIds.has(keyOf(actual.kind, actual.id))) ?? null;
    if (unknown !== null || look === LOOKS || whyOver(workplace) !== null) {
      return { unknown, known: found[0] ?? null };
    }
    await pause(look, workplace);
  }
}

/** The end of an unclear create whose resource has been written more than once. */
function overtakenBy(holder: ActualResource): StepResult | null {
  const other = overtaken(null, versionOf(holder));
  return other === null ? null : failed(holder.id, other);
}

/** Whether a resource that appeared after an unclear create is the one that was asked for. */
async function claim(
  holder: ActualResource,
  spec: Spec,
  secrets: Secrets,
  kind: ResourceKind,
  workplace: Workplace,
  unclear: ApiError,
): Promise<StepResult> {
  const { id } = holder;
  for (const attribute of Object.keys(spec)) {
    if (holder.spec[attribute] !== undefined && !isAsWanted(kind, attribute, holder.spec, spec)) {
      return failed(id, { code: "created_by_someone_else", id });
    }
  }
  for (const [attribute, value] of Object.entries(secrets)) {
    let verdict: string;
    try {
      ({ verdict } = await compareSecret(kind, id, attribute, value, workplace));
    } catch (error) {
      asApiError(error);
      return failed(id, { code: "uncertain", error: unclear });
    }
    if (verdict === "unknown") {
      return failed(id, { code: "uncertain", error: unclear });
    }
    if (verdict === "differs") {
      return failed(id, { code: "created_by_someone_else", id });
    }
  }
  return { ...confirmed(id), made: holder };
}

function taken(holder: ActualResource | null, error: ApiError): Failure {
  if (holder === null) {
    return { code: "name_taken", holder: null, error };
  }
  const { id, facts } = holder;
  const created_at = facts["created_at"] ?? null;
  const status = facts["status"] ?? null;
  return { code: "name_taken", holder: { id, created_at, status }, error };
}
