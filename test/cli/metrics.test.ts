import { readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readMetrics } from "../support/prometheus.ts";
import { environmentFor, runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";

const FILE = "version: 1\ncfd_tunnel:\n  web: {}\n  held: { state: absent }\n";

async function seeded() {
  const sandbox = await servedSandbox();
  const [held] = sandbox.simulator.seed([{ kind: "cfd_tunnel", name: "held" }]);
  sandbox.simulator.connect(held?.id ?? "");
  const cwd = temporaryFolder();
  const drift = (env = sandbox.env, ...more: string[]) =>
    runCli(["drift", "--metrics", "warren.prom", ...more], { env, cwd, files: { "tunnels.yaml": FILE } });
  const read = () => readFileSync(join(cwd, "warren.prom"), "utf8");
  return { sandbox, cwd, drift, read };
}

test("counts what drift found, for everybody to read, and leaves nothing else behind", async () => {
  const { cwd, drift, read } = await seeded();
  const before = Math.floor(Date.now() / 1_000);
  expect((await drift()).code).toBe(2);
  const value = (name: string, labels: object) =>
    readMetrics(read()).find(
      (each) => each.name === name && JSON.stringify(each.labels) === JSON.stringify(labels),
    )?.value;
  expect(value("warren_drift_changes", { kind: "cfd_tunnel", action: "create" })).toBe(1);
  expect(value("warren_drift_changes", { kind: "cfd_tunnel", action: "delete" })).toBe(0);
  expect(value("warren_drift_blocked", { kind: "cfd_tunnel" })).toBe(1);
  expect(value("warren_tunnels", { kind: "cfd_tunnel", status: "healthy" })).toBe(1);
  expect(value("warren_last_success_timestamp_seconds", {})).toBeGreaterThanOrEqual(before);
  expect(statSync(join(cwd, "warren.prom")).mode & 0o777).toBe(0o644);
  expect(readdirSync(cwd).sort()).toEqual(["tunnels.yaml", "warren.prom"]);
});

test("after a failed run the earlier file stays", async () => {
  const { sandbox, cwd, drift, read } = await seeded();
  await drift();
  const earlier = read();
  expect((await drift(environmentFor(sandbox, "wrong"))).code).toBe(1);
  expect(read()).toBe(earlier);
  expect(readdirSync(cwd).sort()).toEqual(["tunnels.yaml", "warren.prom"]);
});

test("a file that is no place for it is refused before anything is sent", async () => {
  const { sandbox, cwd, drift } = await seeded();
  symlinkSync("elsewhere", join(cwd, "warren.prom"));
  const { code, stderr } = await drift();
  expect(code).toBe(1);
  expect(stderr).toContain("warren.prom is a symbolic link. Name a file of its own with --metrics.");
  const own = await drift(sandbox.env, "--metrics", "tunnels.yaml");
  expect(own.stderr).toContain("--metrics tunnels.yaml would replace tunnels.yaml");
  expect(sandbox.simulator.traffic.counts().by_endpoint).toEqual({});
});
