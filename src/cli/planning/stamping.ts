import { type MadeFrom, RUN_ID, type Stamp } from "../../base/stamp.ts";
import type { Io } from "../io.ts";

/** Learns in the course of a run what its documents are made from. */
export interface Stamping {
  /** What is known by now, for a document of this command. */
  of(command: Stamp["command"]): Stamp;
  /** The same for whatever command runs; null for one whose documents say nothing of themselves. */
  now(): Stamp | null;
  /** What is known from now on. An option that says otherwise goes before it. */
  learn(part: Partial<Learned>): void;
}

type Learned = Pick<MadeFrom, "account" | "account_id" | "files_digest">;

/** The options that say what documents are to say. */
export interface StampOptions {
  readonly as?: string;
  readonly runId?: string;
  readonly base?: readonly string[];
}

const COMMANDS: readonly string[] = ["plan", "apply", "drift"] satisfies readonly Stamp["command"][];

/** `options` gives those that have been read by then: a command line may be wrong behind them. */
export function createStamping(command: string, options: () => StampOptions, env: Io["env"]): Stamping {
  let learned: Learned = { account: null, account_id: null, files_digest: null };
  const of = (command: Stamp["command"]): Stamp => {
    const { as, runId, base = [] } = options();
    const { account, account_id, files_digest } = learned;
    return {
      command,
      made_from: {
        account: as ?? account,
        account_id,
        files_digest,
        base: base.length === 0 ? null : base,
        run: runId ?? runOf(env),
      },
    };
  };
  return {
    of,
    now: () => (isStamped(command) ? of(command) : null),
    learn: (part) => {
      learned = { ...learned, ...part };
    },
  };
}

/** The run of GitHub or GitLab, the same for each attempt: a job that is started again belongs to it still. */
export function runOf(env: Io["env"]): string | null {
  const named = [env["GITHUB_RUN_ID"], env["CI_PIPELINE_ID"]];
  return named.find((id) => id !== undefined && RUN_ID.test(id)) ?? null;
}

function isStamped(command: string): command is Stamp["command"] {
  return COMMANDS.includes(command);
}
