import { appendFile, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createGitHub, GitHubError } from "./github.ts";
import { InputError, type Inputs, readInputs } from "./inputs.ts";
import type { ActionIo } from "./io.ts";
import { keepComment, keepIssue, type Mark, markOf } from "./posts.ts";
import { errorPage, readResult } from "./result.ts";
import { addMask, annotation, outputLines } from "./workflow-command.ts";

/** What the step ends with where the fault is the workflow's. */
const FAILED = 1;
const DIFFERENCES = 2;
/** What `plan` ends with where it made a plan: also one that `apply` would refuse. */
const PLANNED: readonly number[] = [0, 3];

/** Runs the command that the inputs name, hands its result on, and says what the step ends with. Never throws. */
export async function runAction(io: ActionIo): Promise<number> {
  try {
    const inputs = readInputs(io.env);
    if (inputs.version !== null && inputs.version.replace(/^v/, "") !== io.version) {
      throw new InputError(
        `this action brings warren ${io.version}, and version asks for ${inputs.version}.`,
      );
    }
    return await runCommand(await withDefaultFile(inputs, io), io);
  } catch (error) {
    io.log(annotation("error", error instanceof Error ? error.message : String(error)));
    return FAILED;
  }
}

/** Names the file that warren reads where none is named: a saved plan is held against it, too. */
async function withDefaultFile(inputs: Inputs, io: ActionIo): Promise<Inputs> {
  const isThere = async (path: string) =>
    (await read(resolve(io.cwd, inputs.workingDirectory, path))) !== null;
  const other = !(await isThere("tunnels.yaml")) && (await isThere("tunnels.yml"));
  return inputs.files.length > 0 ? inputs : { ...inputs, files: [other ? "tunnels.yml" : "tunnels.yaml"] };
}

async function runCommand(inputs: Inputs, io: ActionIo): Promise<number> {
  const { env } = io;
  for (const name of ["CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY"]) {
    const secret = env[name] ?? "";
    if (secret !== "") {
      io.log(addMask(secret));
    }
  }
  const temporary = env["RUNNER_TEMP"] ?? io.cwd;
  const pageFile = join(temporary, `warren-${io.nonce()}.md`);
  const planFile = planFileOf(inputs, temporary, io);
  const { code, stdout } = await io.warren(argvOf(inputs, planFile), {
    cwd: resolve(io.cwd, inputs.workingDirectory),
    env: environmentFor(env, pageFile),
  });
  const result = readResult(stdout);
  const page = (await read(pageFile)) ?? errorPage(inputs.command, code, result);

  await writeOutputs(
    {
      exit_code: String(code),
      has_changes: String(result.hasChanges),
      ...(await savedPlan(inputs, code, planFile)),
      ...Object.fromEntries(Object.entries(result.counts).map(([name, count]) => [name, String(count)])),
    },
    io,
  );
  for (const message of result.errors) {
    io.log(`${message}\n`);
  }
  await addToSummary(inputs, page, io);
  await post(inputs, code, page, io);
  return code === DIFFERENCES && !inputs.failOnDrift ? 0 : code;
}

/** Values are bound to their options, so none of them can be taken for an option. No shell sees them. */
function argvOf(
  { command, files, base, summaryOnly, rollout }: Inputs,
  planFile: string | null,
): readonly string[] {
  const options = [
    ...files.map((file) => `--file=${file}`),
    ...base.map((one) => `--base=${one}`),
    ...(summaryOnly ? ["--summary-only"] : []),
    ...(rollout ? ["--rollout"] : []),
  ];
  switch (command) {
    case "validate":
      return ["validate", "--json", ...options];
    case "plan":
      return ["plan", "--json", "--summary", `--out=${planFile ?? ""}`, ...options];
    case "drift":
      return ["drift", "--json", "--summary", ...options];
    case "apply":
      return planFile === null
        ? ["apply", "--json", "--summary", "--yes", ...options]
        : ["apply", "--json", "--summary", ...options, "--", planFile];
  }
}

function planFileOf(
  { command, planFile, workingDirectory }: Inputs,
  temporary: string,
  io: ActionIo,
): string | null {
  if (planFile !== null) {
    return resolve(io.cwd, workingDirectory, planFile);
  }
  return command === "plan" ? join(temporary, `warren-plan-${io.nonce()}.json`) : null;
}

/** What warren is to know: not the action's inputs, and so not the token for GitHub. */
function environmentFor(env: ActionIo["env"], pageFile: string): ActionIo["env"] {
  const own = Object.entries(env).filter(([name]) => !name.startsWith("INPUT_") && name !== "GITHUB_TOKEN");
  return { ...Object.fromEntries(own), GITHUB_STEP_SUMMARY: pageFile };
}

async function writeOutputs(outputs: { readonly [name: string]: string }, io: ActionIo): Promise<void> {
  const file = io.env["GITHUB_OUTPUT"] ?? "";
  if (file !== "") {
    await appendFile(file, outputLines(outputs, io.nonce()));
  }
}

/** The output that names the plan; none where the plan failed, whatever older file is in its place. */
async function savedPlan(
  { command }: Inputs,
  code: number,
  planFile: string | null,
): Promise<{ readonly plan_file?: string }> {
  const isSaved = command === "plan" && planFile !== null && PLANNED.includes(code);
  return isSaved && (await read(planFile)) !== null ? { plan_file: planFile } : {};
}

/** A summary that cannot be written is said, and does not change what the command ended with. */
async function addToSummary({ summary }: Inputs, page: string, io: ActionIo): Promise<void> {
  const file = io.env["GITHUB_STEP_SUMMARY"] ?? "";
  if (!summary || file === "") {
    return;
  }
  try {
    await appendFile(file, `${page}\n`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    io.log(annotation("warning", `The summary could not be written: ${why}.`));
  }
}

/** A comment or an issue that cannot be written is said, and does not change what the command ended with. */
async function post(inputs: Inputs, code: number, page: string, io: ActionIo): Promise<void> {
  if (!inputs.comment && !inputs.issue) {
    return;
  }
  try {
    const { token, files, workingDirectory, author } = inputs;
    if (token === null) {
      throw new GitHubError("no token is given");
    }
    const github = createGitHub({
      apiUrl: io.env["GITHUB_API_URL"] ?? "https://api.github.com",
      repository: io.env["GITHUB_REPOSITORY"] ?? "",
      token,
      fetch: io.fetch,
    });
    const mark: Mark = markOf(inputs.command, files, workingDirectory, author);
    if (inputs.comment) {
      const number = await pullRequestOf(io);
      if (number === null) {
        io.log(annotation("notice", "No comment: this run belongs to no pull request."));
      } else {
        await keepComment(github, number, mark, page);
      }
    }
    if (inputs.issue && (code === 0 || code === DIFFERENCES)) {
      const title = `Drift in ${files.join(", ")}`;
      await keepIssue(github, mark, code === 0 ? null : { title, page });
    }
  } catch (error) {
    if (!(error instanceof GitHubError)) {
      throw error;
    }
    const what = inputs.comment ? "The comment" : "The issue";
    io.log(annotation("warning", `${what} could not be written: ${error.message}.`));
  }
}

async function pullRequestOf({ env }: ActionIo): Promise<number | null> {
  const text = await read(env["GITHUB_EVENT_PATH"] ?? "");
  const event: unknown = text === null ? null : JSON.parse(text);
  const pullRequest = isObject(event) ? event["pull_request"] : null;
  const number = isObject(pullRequest) ? pullRequest["number"] : null;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : null;
}

/** The text of a file; null where there is none. */
async function read(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
