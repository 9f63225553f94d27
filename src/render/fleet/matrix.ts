import { type Engine, inGroups, type Matrix, type MatrixAccount } from "../../fleet/matrix.ts";
import { documentOf, toJson, toJsonLine } from "../json/json.ts";

/** How a matrix is to be written. */
export interface MatrixForm {
  readonly format: Engine;
  /** Several matrices of so many accounts at most; null: one. */
  readonly group: number | null;
  /** The job that each account's job of a child pipeline extends. */
  readonly extends: string;
  /** The commit that was compared with; null: none. */
  readonly since: string | null;
}

/**
 * `schema/matrix.schema.json`; or, for GitLab, a child pipeline with a job for each account. On one line for GitHub, as
 * its outputs have them.
 */
export function renderMatrix(matrix: Matrix, form: MatrixForm): string {
  const { run, include, removed } = matrix;
  const groups = form.group === null ? null : inGroups(include, form.group);
  if (form.format === "gitlab") {
    const pipelineOf = (accounts: readonly MatrixAccount[]) => childPipeline(accounts, run, form);
    return toJson(groups === null ? pipelineOf(include) : { groups: groups.map(pipelineOf) });
  }
  const member = form.format === "github" ? oneText : (account: MatrixAccount) => account;
  const content =
    groups === null
      ? { include: include.map(member) }
      : { groups: groups.map((accounts) => ({ include: accounts.map(member) })) };
  const document = documentOf({ run, ...content, removed });
  return form.format === "github" ? toJsonLine(document) : toJson(document);
}

/** A matrix of GitHub's has no lists inside: the files are one text, a line each. */
function oneText(account: MatrixAccount): object {
  return { ...account, files: account.files.join("\n") };
}

/** GitLab refuses a pipeline without a job, so that nothing to do is a job too, in a stage that is always there. */
function childPipeline(
  accounts: readonly MatrixAccount[],
  run: string | null,
  { extends: extended, since }: MatrixForm,
): object {
  // With these the jobs that the user adds find the same matrix again.
  const variables = { WARREN_RUN: run ?? "", WARREN_SINCE: since ?? "" };
  if (accounts.length === 0) {
    const nothing = { stage: ".pre", variables: { GIT_STRATEGY: "none" }, script: ["true"] };
    return { variables, "nothing to do": nothing };
  }
  const jobs = accounts.map(({ account, account_id, files, environment, wave }) => [
    // An account's name alone could be a keyword, and two such pipelines may be included in one.
    `${extended.replace(/^\.+/, "")} ${account}`,
    {
      extends: extended,
      variables: {
        WARREN_ACCOUNT: account,
        WARREN_ACCOUNT_ID: account_id,
        WARREN_FILES: files.join("\n"),
        WARREN_ENVIRONMENT: environment ?? "",
        WARREN_WAVE: wave ?? "",
        WARREN_RUN: run ?? "",
      },
    },
  ]);
  return { variables, ...Object.fromEntries(jobs) };
}
