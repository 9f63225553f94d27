import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runAction } from "../../src/action/run.ts";
import { runCli, temporaryFolder } from "./cli.ts";
import { type FakeGitHub, fakeGitHub } from "./fake-github.ts";

/** A runner of GitHub Actions, as far as the action sees one: folders, environment, event, and GitHub itself. */
export interface Runner {
  readonly github: FakeGitHub;
  readonly workspace: string;
  /** Of every step. */
  readonly env: { readonly [name: string]: string | undefined };
  /** Runs the action with these inputs; without `env`, with the runner's environment alone. */
  readonly use: (
    inputs: { readonly [name: string]: string },
    env?: { readonly [name: string]: string | undefined },
  ) => Promise<Step>;
  readonly write: (path: string, text: string) => void;
  readonly summary: () => string;
}

export interface Step {
  readonly code: number;
  readonly log: string;
  readonly outputs: { readonly [name: string]: string };
}

/** A runner whose workspace holds these files. */
export async function createRunner(
  files: { readonly [path: string]: string },
  env: { readonly [name: string]: string | undefined } = {},
): Promise<Runner> {
  const github = await fakeGitHub();
  const workspace = temporaryFolder();
  const temporary = temporaryFolder();
  const at = (name: string) => join(temporary, name);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  };
  for (const [path, text] of Object.entries(files)) {
    write(path, text);
  }
  writeFileSync(at("event.json"), JSON.stringify({ pull_request: { number: 7 } }));
  const common = {
    GITHUB_ACTIONS: "true",
    GITHUB_API_URL: github.url,
    GITHUB_EVENT_PATH: at("event.json"),
    GITHUB_REPOSITORY: "acme/infra",
    GITHUB_STEP_SUMMARY: at("summary.md"),
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temporary,
    ...env,
  };
  let steps = 0;
  return {
    github,
    workspace,
    env: common,
    write,
    summary: () => (existsSync(at("summary.md")) ? readFileSync(at("summary.md"), "utf8") : ""),
    use: async (inputs, more = {}) => {
      steps += 1;
      const output = at(`output-${steps}`);
      writeFileSync(output, "");
      const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
      let log = "";
      let nonces = 0;
      const code = await runAction({
        env: { ...common, ...more, ...Object.fromEntries(given), GITHUB_OUTPUT: output },
        cwd: workspace,
        version: "0.1.0",
        warren: async (argv, options) => {
          const result = await runCli(argv, options);
          log += result.stderr;
          return result;
        },
        fetch: globalThis.fetch,
        log: (text) => {
          log += text;
        },
        nonce: () => {
          nonces += 1;
          return `nonce${steps}x${nonces}`;
        },
      });
      return { code, log, outputs: readOutputs(readFileSync(output, "utf8")) };
    },
  };
}

/** What the runner would carry out of a log: `::name::` where a line begins, and `##[name]` anywhere in it. */
export function commandsIn(log: string): readonly string[] {
  return log.split(/\r\n|[\r\n]/).flatMap((line) => {
    const first = /^\s*::(\w[\w-]*)/.exec(line)?.[1];
    const anywhere = [...line.matchAll(/##\[([\w-]+)/g)].map(([, name = ""]) => name);
    return first === undefined ? anywhere : [first, ...anywhere];
  });
}

/** As the runner reads them. */
function readOutputs(text: string): { readonly [name: string]: string } {
  const outputs: { [name: string]: string } = {};
  const lines = text.split("\n");
  for (let at = 0; at < lines.length - 1; at += 1) {
    const [name = "", delimiter] = (lines[at] ?? "").split("<<");
    const end = lines.indexOf(delimiter ?? "", at + 1);
    if (delimiter === undefined || end === -1) {
      throw new Error(`not an output: ${lines[at]}`);
    }
    outputs[name] = lines.slice(at + 1, end).join("\n");
    at = end;
  }
  return outputs;
}
