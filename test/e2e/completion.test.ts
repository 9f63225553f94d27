import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli, temporaryFolder } from "../support/cli.ts";
import { warren } from "./built.ts";

const has = (shell: string) => spawnSync(shell, ["--version"]).status === 0;

/** A folder with a file, and `warren` on the path. */
function typedIn() {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "tunnels.yaml"), "version: 1\ncfd_tunnel:\n  web:\n");
  mkdirSync(join(cwd, "bin"));
  writeFileSync(join(cwd, "bin/warren"), `#!/bin/sh\nexec '${process.execPath}' '${warren}' "$@"\n`);
  chmodSync(join(cwd, "bin/warren"), 0o755);
  const env = { PATH: `${join(cwd, "bin")}:${process.env["PATH"] ?? ""}`, HOME: cwd, TERM: "dumb" };
  return { cwd, env };
}

/** What is typed, and what it is completed to. */
const TYPED = [
  ["warren pl", "plan"],
  ["warren plan --ta", "--target"],
  ["warren plan -t ", "cfd_tunnel/web"],
  ["warren sandbox con", "connect"],
  ["warren plan --file tu", "tunnels.yaml"],
] as const;

/** `.ci/tools` runs these where both shells are there. */
describe("completion in the shell itself", () => {
  it.skipIf(!has("fish")).each(TYPED)("fish: %j is completed to %j", async (typed, expected) => {
    const { cwd, env } = typedIn();
    const { stdout: script } = await runCli(["completion", "fish"]);
    writeFileSync(join(cwd, "warren.fish"), script);
    const { stdout, stderr } = spawnSync(
      "fish",
      ["--no-config", "-c", `source warren.fish; complete -C '${typed}'`],
      {
        cwd,
        env,
        encoding: "utf8",
      },
    );
    expect({ stdout, stderr }).toEqual({ stdout: `${expected}\n`, stderr: "" });
  });

  it.skipIf(!has("zsh")).each(TYPED)("zsh: %j is completed to %j", async (typed, expected) => {
    const { cwd, env } = typedIn();
    const whole = typed.replace(/\S*$/, expected);
    writeFileSync(
      join(cwd, "type.zsh"),
      `zmodload zsh/zpty
zpty -b shell zsh -f -i
zpty -w shell 'autoload -Uz compinit; compinit -u -D; eval "$(warren completion zsh)"; PS1="rea""dy> "'
zpty -r shell seen '*ready> '
zpty -w -n shell '${typed}'$'\\t'
zpty -r shell seen '*${whole.replaceAll(/[[\]*?]/g, "\\$&")}*'
print -r -- "$seen"
`,
    );
    const { stdout } = spawnSync("zsh", ["-f", "type.zsh"], { cwd, env, encoding: "utf8", timeout: 30_000 });
    expect(stdout).toContain(whole);
  });
});
