import type { Command } from "commander";

/** What people type most: the words after `warren`, and what comes of them. */
const EXAMPLES: { readonly [command: string]: readonly (readonly [words: string, what: string])[] } = {
  init: [
    ["", "a tunnels.yaml to begin with"],
    ["--from-account", "what the account has, as a file that plans to nothing"],
  ],
  doctor: [["", "credentials, permissions, clock: what works, and what to do where it does not"]],
  completion: [["bash", "a script: source <(warren completion bash)"]],
  validate: [
    ["", "the files, offline"],
    ["--strict --allow rule_never_reached", "as CI may want it"],
  ],
  explain: [
    ["https://app.example.com/api", "which rule serves it"],
    ["app.example.com --expect http://localhost:3000", "and fail where it is another service"],
  ],
  plan: [
    ["", "what apply would do"],
    ["--target cfd_tunnel/web --reasons", "of one entry, and why"],
    ["--out plan.json", "kept, for apply plan.json"],
    ["--base main:tunnels.yaml --format markdown", "for a pull request"],
  ],
  apply: [
    ["", "plan, ask, apply, verify"],
    ["--yes", "without asking, as in CI"],
    ["plan.json", "exactly what was planned, or a refusal"],
  ],
  "show-plan": [["plan.json", "what plan --out saved, offline"]],
  drift: [
    ["", "what has moved in the account; exit 2 where something has"],
    ["--rollout --json", "connectors that are behind included"],
  ],
  status: [
    ["", "what the files declare; exit 2 unless every tunnel is healthy"],
    ["web cfd_tunnel/api", "these two, no file needed"],
    ["--all --watch 30", "every tunnel, every 30 seconds"],
  ],
  matrix: [
    ["--format github", "the accounts of fleet.yaml, on one line for a job's output"],
    ["--changed-since origin/main", "only those that this branch changes"],
    ["--format gitlab --wave canary", "a child pipeline with a job for each of the wave"],
  ],
  merge: [
    ["documents --expect matrix.json", "one page of all that the jobs left in a folder"],
    [
      "documents --expect matrix.json --command apply --format markdown",
      "for a pull request, and of apply alone",
    ],
  ],
  report: [
    ["--out report.html", "of the account, as it is now"],
    ["--plan plan.json --status status.json --out report.html", "of documents, offline"],
  ],
  list: [
    ["", "every tunnel"],
    ["--prefix prod- --status down", "those that are in trouble"],
    ["--wide", "with whole ids"],
  ],
  show: [["web", "one tunnel, with its connectors"]],
  token: [
    ["web", "for cloudflared tunnel run --token"],
    ["web --out /etc/cloudflared/token", "in a file that only you may read"],
  ],
  "management-token": [["web --resource logs", "for the log stream of its connectors"]],
  rotate: [
    ["web --out token", "a new secret; connectors need the new token at their next start"],
    ["web --out token --disconnect --wait 300", "and see them all on the new one"],
  ],
  disconnect: [["web", "cut its connections; connectors that run come back"]],
  export: [
    ["", "the account as a file"],
    ["--prefix prod- --pin-ids", "a part of it, by id"],
  ],
  sandbox: [["--port 8787 --state sandbox.json", "an API to try everything on"]],
  "sandbox env": [["--port 8787", 'for eval "$(warren sandbox env)"']],
  "sandbox connect": [["web", "as if cloudflared had been started"]],
  "sandbox disconnect": [["web", "as if it had been stopped"]],
  schema: [["", "for editors: warren schema > tunnels.schema.json"]],
};

/** Ends the help of a command, and of each below it, with its examples. */
export function addExamples(command: Command, name: string): void {
  const examples = EXAMPLES[name] ?? [];
  const lines = examples.map(([words, what]) => [["warren", name, words].join(" ").trimEnd(), what] as const);
  const width = Math.max(0, ...lines.map(([line]) => line.length));
  if (lines.length > 0) {
    const text = lines.map(([line, what]) => `  ${line.padEnd(width)}  ${what}`);
    command.addHelpText("after", ["", "Examples:", ...text].join("\n"));
  }
  for (const below of command.commands) {
    addExamples(below, `${name} ${below.name()}`);
  }
}
