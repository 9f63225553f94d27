import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { runCli } from "../../support/cli.ts";

const FILES = {
  "tunnels.yaml":
    "version: 1\ncfd_tunnel:\n  web:\n  $(reboot):\n  two words:\nwarp_connector:\n  lan:\nvirtual_network:\n  blue:\n",
  "other.yaml": "version: 1\ncfd_tunnel:\n  other:\n",
};

async function candidates(...words: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await runCli(["completion", "bash", "--", ...words], { files: FILES });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout.split("\n").slice(0, -1);
}

describe("completion", () => {
  it.each(["bash", "zsh", "fish", "powershell"])(
    "prints a script for %s, which asks warren",
    async (shell) => {
      const { code, stdout } = await runCli(["completion", shell]);
      expect(code).toBe(0);
      expect(stdout).toContain(`warren completion ${shell} `);
    },
  );

  it("knows no other shell", async () => {
    expect((await runCli(["completion", "tcsh"])).code).toBe(1);
  });

  it.each([
    [["va"], ["validate"]],
    [["show"], ["show-plan", "show"]],
    [["--ver"], ["--version"]],
    [["plan", "--tar"], ["--target"]],
    [
      ["plan", "--format", ""],
      ["text", "json", "markdown"],
    ],
    [
      ["completion", ""],
      ["bash", "zsh", "fish", "powershell"],
    ],
    [
      ["completion", '""'],
      ["bash", "zsh", "fish", "powershell"],
    ],
    // Names that a shell would read as something else are left out.
    [
      ["plan", "-t", ""],
      ["cfd_tunnel/web", "warp_connector/lan", "virtual_network/blue"],
    ],
    [["plan", "--file", "other.yaml", "-t", ""], ["cfd_tunnel/other"]],
    [
      ["token", ""],
      ["cfd_tunnel/web", "warp_connector/lan"],
    ],
    [["token", "--quiet", "--out", "x", "cfd"], ["cfd_tunnel/web"]],
    [
      ["explain", "--tunnel", ""],
      ["web", "lan"],
    ],
    [
      ["sandbox", ""],
      ["env", "connect", "disconnect"],
    ],
    [["sandbox", "--de"], ["--delay"]],
    [["sandbox", "connect", "--conn"], ["--connections"]],
    [
      ["sandbox", "connect", ""],
      ["cfd_tunnel/web", "warp_connector/lan"],
    ],
    [["sandbox", "--port", "1", ""], []],
    // For the shell to say, or for nobody.
    [["token", "web", ""], []],
    [["plan", "--file", ""], []],
    [["plan", "--file", "gone.yaml", "-t", ""], []],
    [["plam", ""], []],
    [["plan", ""], []],
  ])("of %j offers %j", async (words, expected) => {
    expect([...(await candidates(...words))].sort()).toEqual([...expected].sort());
  });

  it("offers every command", async () => {
    expect(await candidates("")).toEqual(expect.arrayContaining(["plan", "apply", "doctor", "init", "help"]));
  });

  it("is a script that bash can read", async () => {
    const { stdout } = await runCli(["completion", "bash"]);
    // In a bash that asks a function in place of the program, for: warren plan --ta
    const typed =
      "warren() { printf '%s\\n' \"$@\"; }; COMP_WORDS=(warren plan --ta); COMP_CWORD=2; _warren;";
    const { status, stdout: asked } = spawnSync("bash", [
      "-c",
      `${stdout}\n${typed} printf '%s|' "\${COMPREPLY[@]}"`,
    ]);
    expect({ status, asked: String(asked) }).toEqual({ status: 0, asked: "completion|bash|--|plan|--ta|" });
  });
});
