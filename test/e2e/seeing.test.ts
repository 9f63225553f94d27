import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { readMetrics } from "../support/prometheus.ts";
import { warren } from "./built.ts";

it("status, report and metrics follow a tunnel from its file to its first connector, in the embedded sandbox", () => {
  const cwd = mkdtempSync(join(tmpdir(), "warren-e2e-"));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const ingress =
    '[{ hostname: app.example.com, service: "http://localhost:1" }, { service: "http_status:404" }]';
  writeFileSync(join(cwd, "tunnels.yaml"), `version: 1\ncfd_tunnel:\n  web: { ingress: ${ingress} }\n`);
  const run = (...argv: string[]) => {
    const program = [warren, ...argv, "--sandbox"];
    const { status, stdout } = spawnSync(process.execPath, program, { cwd, env: {}, encoding: "utf8" });
    return { status, stdout };
  };
  const read = (file: string) => readFileSync(join(cwd, file), "utf8");

  expect(run("status")).toMatchObject({ status: 2, stdout: expect.stringContaining("1 not created\n") });
  expect(run("drift", "--metrics", "warren.prom").status).toBe(2);
  const changes = () =>
    readMetrics(read("warren.prom"))
      .filter(({ name }) => name === "warren_drift_changes")
      .reduce((sum, { value }) => sum + value, 0);
  expect(changes()).toBe(2);

  expect(run("apply", "--yes").status).toBe(0);
  expect(run("status").stdout).toContain("1 never connected\n");
  expect(run("sandbox", "connect", "web").status).toBe(0);

  expect(run("status")).toMatchObject({ status: 0, stdout: expect.stringContaining("app.example.com") });
  expect(run("drift", "--metrics", "warren.prom").status).toBe(0);
  expect(changes()).toBe(0);
  expect(run("report", "--out", "report.html").status).toBe(0);
  expect(read("report.html")).toMatch(/<b>1<\/b> healthy[^]*app\.example\.com/);
});
