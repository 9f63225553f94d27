import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { temporaryFolder } from "./cli.ts";
import type { Runner, Step } from "./runner.ts";

/** A workflow file as far as the tests look at it. */
export interface Workflow {
  readonly on: { readonly [event: string]: unknown };
  readonly permissions: { readonly [scope: string]: string };
  readonly concurrency: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly jobs: { readonly [name: string]: Job };
}

export interface Job {
  readonly needs?: string;
  readonly if?: string;
  readonly environment?: string;
  readonly permissions: { readonly [scope: string]: string };
  readonly outputs?: { readonly [name: string]: string };
  readonly steps: readonly WorkflowStep[];
}

export interface WorkflowStep {
  readonly uses?: string;
  readonly run?: string;
  readonly id?: string;
  readonly with?: { readonly [name: string]: string | boolean | number };
  readonly env?: { readonly [name: string]: string };
}

export function readWorkflow(path: string): Workflow {
  return parse(readFileSync(path, "utf8")) as Workflow;
}

/** What `${{ … }}` is looked up in: `secrets.WEB_SECRET`, `vars.X`, `steps.plan.outputs.x`. */
export type Context = { readonly [name: string]: string };

/** Runs the steps of a job on a fake runner: ours for real, checkout and artifacts as what they do to the folder. */
export async function runJob(
  job: Job,
  runner: Runner,
  context: Context,
  artifacts: Map<string, string>,
): Promise<{ readonly steps: readonly Step[]; readonly outputs: Context }> {
  const known: { [name: string]: string } = { ...context };
  const fill = (text: string) =>
    text.replace(/\$\{\{ ([^}]+) \}\}/g, (_, name: string) => {
      const value = known[name];
      if (value === undefined) {
        throw new Error(`nothing is known of ${name}`);
      }
      return value;
    });
  const steps: Step[] = [];
  for (const { uses = "", with: given = {}, env = {}, id } of job.steps) {
    const inputs = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, fill(String(value))]),
    );
    const [action = ""] = uses.split("@");
    switch (action) {
      case "actions/checkout":
        break;
      case "actions/upload-artifact": {
        const kept = join(temporaryFolder(), "artifact");
        copyFileSync(join(runner.workspace, inputs["path"] ?? ""), kept);
        artifacts.set(inputs["name"] ?? "", kept);
        break;
      }
      case "actions/download-artifact":
        copyFileSync(artifacts.get(inputs["name"] ?? "") ?? "", join(runner.workspace, "plan.json"));
        break;
      case "your-org/warren": {
        const values = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)]));
        // As action.yml gives them where `with` does not.
        const step = await runner.use({ files: "tunnels.yaml", token: "gh-token", ...inputs }, values);
        steps.push(step);
        for (const [name, value] of Object.entries(step.outputs)) {
          known[`steps.${id ?? ""}.outputs.${name}`] = value;
        }
        if (step.code !== 0) {
          return { steps, outputs: {} };
        }
        break;
      }
      default:
        throw new Error(`no such action: ${uses}`);
    }
  }
  const outputs = Object.fromEntries(
    Object.entries(job.outputs ?? {}).map(([name, value]) => [name, fill(value)]),
  );
  return { steps, outputs };
}
