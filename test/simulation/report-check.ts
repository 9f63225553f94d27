import type { Simulator } from "../../src/simulator/simulator.ts";
import { CONFIGURATION, resourceOf } from "./account.ts";
import type { Checker, Violation, Write } from "./checker.ts";
import { isHanging, keyAsked, liveRows } from "./hanging/rows.ts";
import type { Ended } from "./program.ts";

/** A report as `apply --json` prints it: what of it is checked. */
interface Outcome {
  readonly status: "applied" | "failed" | "skipped";
  readonly id: string | null;
  readonly confirmed: boolean;
  readonly change: {
    readonly action: "create" | "update" | "delete" | "replace";
    readonly kind: string;
    readonly name: string;
    readonly id: string | null;
    readonly fields: readonly string[];
  };
  readonly error: { readonly code: string } | null;
}

interface Document {
  readonly outcomes?: readonly Outcome[];
  readonly verified?: boolean;
  readonly blocked?: readonly unknown[];
}

/** Failures that leave open what the account shows, or tell of half a change. */
const OPEN = new Set([
  "uncertain",
  "overtaken",
  "left_aside",
  "replaced_half",
  "not_promoted",
  "not_seen_gone",
]);

/** Failures that tell what somebody else did, which may hide what the program did before. */
const OTHERS = new Set(["gone", "name_changed", "forbidden", "came_alive", "created_by_someone_else"]);

/** What a program's own words are held against. */
export interface Seen {
  readonly checker: Checker;
  readonly simulator: Simulator;
  /** Whether nobody else has touched the account. */
  readonly alone: boolean;
}

/** Holds what a program said at its end against what the simulator saw of it. */
export function checkEnd(ended: Ended, seen: Seen): readonly Violation[] {
  const { sender, exit, stdout, stderr } = ended;
  const { checker } = seen;
  const own = checker.writes.filter((write) => write.sender === sender);
  const found: Violation[] = [];
  const require = (holds: boolean, rule: string, what: unknown) => {
    if (!holds) {
      found.push({ rule, what: `${sender.name}: ${JSON.stringify(what)}` });
    }
  };
  require(exit !== "hangs", "a run that hangs", stderr);
  require(!`${stdout}${stderr}`.includes("mistake in warren"), "an internal error", stdout + stderr);
  if (exit === "died" || exit === "hangs") {
    return found;
  }
  require(exit !== 3 || own.length === 0, "refused, yet something was written", own.length);
  require(exit === 130 || !sender.stop.signal.aborted, "interrupted without saying so", exit);
  const overtaken = checker.configurations.overtaken.filter((call) => call.sender === sender);
  const rule = "what another wrote is lost, and nothing says so";
  if (sender.showsPlan) {
    require(overtaken.length === 0 || exit !== 0, rule, exit);
    return found;
  }

  const document = JSON.parse(stdout === "" ? "{}" : stdout) as Document;
  const { outcomes } = document;
  if (outcomes === undefined) {
    require(own.length === 0, "writes without a report", exit);
    require(exit === 1 || exit === 3 || exit === 130, "no report, and success", exit);
    return found;
  }
  for (const { id } of overtaken) {
    const isSaid = outcomes.some(
      (each) => each.change.kind === CONFIGURATION && each.id === id && each.status === "failed",
    );
    require(isSaid, rule, outcomes);
  }
  const isDone = document.verified === true && outcomes.every(({ status }) => status === "applied");
  require(exit === 130 || (exit === 0) === isDone, "exit code against report", { exit, document });
  for (const outcome of outcomes) {
    // A configuration that was not written has no id: what was written is another outcome's where that one has the id.
    const ids = outcomes.flatMap((each) =>
      each !== outcome && each.change.kind === CONFIGURATION ? (each.id ?? []) : [],
    );
    const writes = own.filter((write) => write.kind !== CONFIGURATION || !ids.includes(write.id ?? ""));
    const isSo = agrees(outcome, writes, checker.shownAtStart(sender), document.verified === true, seen);
    require(isSo, "a report that is not so", outcome);
  }
  return found;
}

function agrees(
  outcome: Outcome,
  own: readonly Write[],
  before: ReadonlySet<string>,
  verified: boolean,
  { checker, simulator, alone }: Seen,
): boolean {
  const { change, status, confirmed } = outcome;
  const did = (write: Write) => write.effect !== null && finishes(write, outcome, checker);
  switch (status) {
    case "applied":
      if (change.action === "delete" && isGone(change.id, simulator)) {
        return true;
      }
      // Reads that lag do not show what was just made: then verifying must have shown that it is still there.
      if (change.action === "delete") {
        return confirmed && simulator.switches.read_lag > 0 && !verified;
      }
      if (change.action === "replace" && !isGone(change.id, simulator)) {
        return false;
      }
      if (change.action === "update" || change.kind === CONFIGURATION) {
        return checker.writes.some(did) || (confirmed && !alone);
      }
      if (own.some((write) => did(write) && write.effect === outcome.id)) {
        return true;
      }
      // Without an answer, what someone else made under the name meanwhile cannot be told from one's own.
      return confirmed && isNewTo(outcome.id, own, before);
    case "failed":
      if (OPEN.has(outcome.error?.code ?? "") || (!alone && OTHERS.has(outcome.error?.code ?? ""))) {
        return true;
      }
      return own.every((write) => write.late || !did(write));
    case "skipped":
      return own.every((write) => write.late || !did(write));
  }
}

/** Whether a write is the last one of a change, the one that makes it so. */
function finishes(write: Write, { change, id }: Outcome, checker: Checker): boolean {
  if (write.kind !== change.kind) {
    return false;
  }
  if (change.kind === CONFIGURATION) {
    return id === null ? checker.namesOf(write.id).has(change.name) : write.id === id;
  }
  switch (change.action) {
    case "replace":
    case "create":
      if (isHanging(write.kind)) {
        const isOfName = keyAsked(write.kind, write.query, write.body) === change.name.replace(/@.*$/, "");
        return write.method === "POST" && isOfName;
      }
      return write.method === "POST" && write.body?.["name"] === change.name;
    case "update":
      return (
        write.method === "PATCH" &&
        write.id === change.id &&
        (isHanging(write.kind) ||
          write.body?.["name"] === (change.fields.includes("name") ? change.name : undefined))
      );
    case "delete":
      return write.method === "DELETE" && write.id === change.id;
  }
}

/** Whether a resource was not there when the program began, and is not what another of its own creates made. A PUT makes none. */
function isNewTo(id: string | null, own: readonly Write[], before: ReadonlySet<string>): boolean {
  return (
    id !== null && !before.has(id) && own.every(({ kind, effect }) => kind === CONFIGURATION || effect !== id)
  );
}

function isGone(id: string | null, simulator: Simulator): boolean {
  return resourceOf(simulator, id)?.deleted_at !== null && liveRows(simulator).every((row) => row.id !== id);
}
