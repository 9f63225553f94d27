/** What a document was made from, as documents spell it. Null is what was not said, or not known by then. */
export interface MadeFrom {
  /** The account's name in its fleet. */
  readonly account: string | null;
  readonly account_id: string | null;
  /** `sha256:` and the digest of the files: of one file its own; of several that of theirs in hexadecimal, a line each. */
  readonly files_digest: string | null;
  /** What `--base` named. */
  readonly base: readonly string[] | null;
  /** The run of a CI that it belongs to. */
  readonly run: string | null;
}

/** What a document says of itself. */
export interface Stamp {
  readonly command: "plan" | "apply" | "drift";
  readonly made_from: MadeFrom;
}

/** What the name of an account in a fleet may be. */
export const ACCOUNT_NAME = /^[a-z0-9-]{1,63}$/;

/** What the id of a run may be: what CIs have, and nothing that breaks out of a line. */
export const RUN_ID = /^[\w.:@/+-]{1,200}$/;
