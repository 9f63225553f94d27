import { createHash } from "node:crypto";
import type { GitHub, Post } from "./github.ts";

/** Which comment or issue is meant: that of these files, found by a mark that readers do not see. */
export interface Mark {
  readonly text: string;
  /** The login that we write as: what anybody else wrote is never touched, whatever mark it bears. */
  readonly author: string;
}

/** The mark of a command on these files in this folder: two actions in one repository keep apart. */
export function markOf(
  command: string,
  files: readonly string[],
  workingDirectory: string,
  author: string,
): Mark {
  const key = createHash("sha256")
    .update(JSON.stringify([workingDirectory, files]))
    .digest("hex")
    .slice(0, 16);
  return { text: `<!-- warren:${command}:${key} -->`, author };
}

/** Puts the page into the one comment of this mark: updated where there is one, else made. */
export async function keepComment(
  github: GitHub,
  pullRequest: number,
  mark: Mark,
  page: string,
): Promise<void> {
  const body = `${mark.text}\n${page}`;
  const own = find(await github.comments(pullRequest), mark);
  if (own === undefined) {
    await github.createComment(pullRequest, body);
  } else if (own.body !== body) {
    await github.updateComment(own.number, body);
  }
}

const LABEL = "warren-drift";

/** Keeps one open issue while there is drift, and none when there is none. */
export async function keepIssue(
  github: GitHub,
  mark: Mark,
  drift: { readonly title: string; readonly page: string } | null,
): Promise<void> {
  const own = find(await github.issues(LABEL), mark);
  if (drift === null) {
    if (own !== undefined) {
      await github.updateIssue(own.number, {
        body: `${mark.text}\nThere is no drift any more.\n`,
        state: "closed",
      });
    }
    return;
  }
  const body = `${mark.text}\n${drift.page}`;
  if (own === undefined) {
    await github.createIssue({ title: drift.title, body, labels: [LABEL] });
  } else if (own.body !== body) {
    await github.updateIssue(own.number, { body });
  }
}

/** GitHub takes a login in any case for the same. */
function find(posts: readonly Post[], mark: Mark): Post | undefined {
  const own = mark.author.toLowerCase();
  return posts.find(({ body, author }) => author.toLowerCase() === own && body.startsWith(mark.text));
}
