import packageJson from "../../../package.json" with { type: "json" };
import { kinds } from "../../kinds/index.ts";
import { toJson } from "../../render/json/json.ts";
import { commandLine } from "../../render/shell.ts";
import {
  parseSavedPlan,
  type SavedPlan,
  savedDocument,
  type UnreadablePlan,
} from "../../saved/saved-plan.ts";
import type { Io } from "../io.ts";
import { readLarge } from "../files/read-large.ts";
import { UserError } from "../user-error.ts";
import { pathWord } from "../args/command-words.ts";
import type { NewFile } from "../files/write-file.ts";

/** Writes a plan: JSON that a reviewer can read, with no byte in it that acts on a terminal. */
export async function writePlan(file: NewFile, saved: SavedPlan): Promise<void> {
  await file.write(toJson(savedDocument(saved, `warren ${packageJson.version}`)));
}

/**
 * Reads a saved plan, or throws a `UserError` that says what the file is instead. `where` is what an `apply` in its
 * place would need besides.
 */
export async function readPlan(path: string, io: Io, where: readonly string[]): Promise<SavedPlan> {
  if (path === "-") {
    throw new UserError("usage", "A saved plan is read from a file, not from standard input.");
  }
  const parsed = parseSavedPlan(await readLarge(path, "bad_plan_file", io));
  if (!parsed.ok) {
    throw new UserError("bad_plan_file", `${path} ${whyNoPlan(parsed.why, path, where)}`, { file: path });
  }
  const unknown = parsed.saved.desired.kinds.find((kind) => !kinds.some((known) => known.kind === kind));
  if (unknown !== undefined) {
    throw new UserError(
      "bad_plan_file",
      `${path} concerns a kind that this version does not know: ${unknown}.`,
      {
        file: path,
      },
    );
  }
  return parsed.saved;
}

function whyNoPlan(why: UnreadablePlan, path: string, where: readonly string[]): string {
  switch (why.code) {
    case "not_a_plan":
      return /\.ya?ml$/i.test(path)
        ? `is no saved plan. To apply a YAML file, use --file: ${commandLine(["warren", "apply", "--file", pathWord(path), ...where])}`
        : "is no saved plan. `warren plan --out FILE` makes one; to apply a YAML file, use --file.";
    case "plan_output":
      return "is what `plan --json` prints, which is for reading. `warren plan --out FILE` makes a plan that can be applied.";
    case "not_text":
    case "not_json":
      return "is damaged or cut off: it is not whole JSON. Plan again.";
    case "digest_mismatch":
      return "is damaged or was edited: its digest does not match what it holds. Plan again.";
    case "unknown_version":
      return `has the format version ${why.version}, which this version of warren does not know. Apply it with the version that made it, or plan again.`;
    case "malformed":
      return `is not a plan that warren can have made${why.at === "" ? "" : ` (at ${why.at})`}. Plan again.`;
  }
}
