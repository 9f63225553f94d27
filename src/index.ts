/** The library: load, observe, plan, execute. What is not exported here may change without notice. */
export { type Clock, systemClock } from "./base/clock.ts";
export { Secret } from "./base/secret.ts";
export { type ClientOptions, type CloudflareClient, createClient } from "./cloudflare/client.ts";
export { ApiError } from "./cloudflare/error.ts";
export { type LoadOptions, loadDesiredState } from "./config/load.ts";
export type { Problem, Result } from "./config/problem.ts";
export type { Action, Blocked, Change, Note, Plan, Step, Unknown } from "./engine/model/change.ts";
export { type ExecuteOptions, execute, type Progress } from "./engine/execute.ts";
export type { ComparedSecret } from "./engine/decide/judge.ts";
export type { ResourceKind } from "./engine/model/kind.ts";
export { applyPlan, type ApplyPlanOptions } from "./engine/apply-plan.ts";
export { type DeclaredSecret, declaredSecrets } from "./engine/decide/declared-secrets.ts";
export { type ActualState, observe } from "./engine/observe.ts";
export type {
  Difference,
  Failure,
  Outcome,
  Report,
  SkipReason,
  Verification,
} from "./engine/model/outcome.ts";
export { type Planned, planAccount, type PlanAccountOptions } from "./engine/plan-account.ts";
export { type PlanOptions, plan } from "./engine/plan.ts";
export type { ActualResource, DesiredEntry, DesiredState } from "./engine/model/resource.ts";
export { readTargets, type Target, type TargetFlaw } from "./engine/decide/target.ts";
export { verify, type VerifyOptions } from "./engine/verify.ts";
export { kinds } from "./kinds/index.ts";
