import type { Run } from "../command.ts";
import { appendFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { errorCode, whyUnwritable } from "../files/file-error.ts";
import { UserError } from "../user-error.ts";

/** GitHub drops a step's whole summary where it is larger than 1 MiB. */
const MOST_BYTES = 1_000_000;

/** Takes a page of Markdown for the summary of a GitHub job. */
export type JobSummary = (page: () => string) => Promise<void>;

/** What `--summary` asks for; without it, a summary that takes nothing. Throws `UserError` outside GitHub Actions. */
export function openJobSummary({ options, printer, io }: Run<{ readonly summary: boolean }>): JobSummary {
  const { env, cwd } = io;
  if (!options.summary) {
    return async () => {};
  }
  const path = env["GITHUB_STEP_SUMMARY"] ?? "";
  if (path === "") {
    throw new UserError(
      "usage",
      "--summary appends to the file that GITHUB_STEP_SUMMARY names, and that is not set: it is for GitHub Actions. Elsewhere use --format markdown.",
    );
  }
  return async (page) => {
    const file = resolve(cwd, path);
    const text = printer.redact(page());
    try {
      if ((await sizeOf(file)) + Buffer.byteLength(text) > MOST_BYTES) {
        printer.note("The job's summary is full, so nothing was added to it.");
        return;
      }
      await appendFile(file, `${text}\n`);
    } catch (error) {
      // What was done is done, and is printed: a summary that is missing is no failure of it.
      printer.note(`The job's summary cannot be written: ${whyUnwritable(error, path)}.`);
    }
  };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errorCode(error) === "ENOENT") {
      return 0;
    }
    throw error;
  }
}
