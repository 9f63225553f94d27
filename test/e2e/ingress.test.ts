import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { folder, serve, start } from "./program.ts";

/** What a tunnel may write of its ingress, and what else lives beside it. */
const FILE = `version: 1
virtual_network:
  prod-net: { comment: production, is_default_network: true }
cfd_tunnel:
  prod-web:
    config_src: cloudflare
    ingress:
      - { hostname: app.example.com, path: ^/api/, service: "http://localhost:8080", originRequest: { connectTimeout: 10s } }
      - { hostname: app.example.com, service: "http://localhost:3000" }
      - { hostname: www.example.net, service: "http://localhost:3000" }
      - { service: "http_status:404" }
    originRequest: { http2Origin: false }
    tests: [{ url: "https://app.example.com/api/users", service: "http://localhost:8080" }]
warp_connector:
  prod-branch:
`;
const BEFORE = "version: 1\ncfd_tunnel: { prod-web: { config_src: cloudflare } }\n";

it("rules are validated, applied, seen to arrive at two connectors, exported and planned to nothing", async () => {
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write("tunnels.yaml", FILE);
  write("before.yaml", BEFORE);
  const { env, ask } = await serve();
  const warren = (...argv: readonly string[]) => start(argv, env).ended;

  expect(await warren("validate", "--strict", "--allow", "path_is_no_access_control")).toMatchObject({
    code: 0,
  });
  expect(await warren("apply", "--yes", "--file", "before.yaml")).toMatchObject({ code: 0 });
  const { tunnels } = JSON.parse((await warren("list", "--json")).stdout);
  const { id } = tunnels.find(({ name }: { readonly name: string }) => name === "prod-web");
  const connectors = `tunnels/${id}/connectors`;
  await ask("POST", connectors, { version: "2026.8.2" });
  const lagging = await ask("POST", connectors, { version: "2026.7.0", config_lag_ms: null });

  const late = await warren("apply", "--yes", "--rollout-timeout", "1");
  expect(late.code).toBe(1);
  expect(late.stdout).toContain("Applied: 3, failed: 0, skipped: 0.");
  expect(late.stdout).toMatch(/Its connector \S+ \(2026\.7\.0, .*\) has none, and should have version 0\./);
  expect(late.stdout).not.toContain("2026.8.2");
  expect(await warren("drift")).toMatchObject({ code: 0 });
  const lag = await warren("drift", "--rollout");
  expect(lag).toMatchObject({ code: 2 });
  expect(lag.stdout).toContain("Rollout: 2 connectors asked, 1 behind.");

  await ask("PATCH", `${connectors}/${lagging.id}`, { config_lag_ms: 200 });
  write("tunnels.yaml", FILE.replace("localhost:8080", "localhost:8081").replace(/^ +tests.*\n/m, ""));
  const rolled = await warren("apply", "--yes");
  expect(rolled).toMatchObject({ code: 0 });
  expect(rolled.stdout).toContain("Verified");
  const followed = await warren("drift", "--rollout");
  expect(followed).toMatchObject({ code: 0 });
  expect(followed.stdout).toContain("Rollout: 2 connectors asked.");

  const exported = await warren("export");
  expect(exported).toMatchObject({ code: 0 });
  expect(exported.stdout).toContain('"path":"^/api/"');
  write("exported.yaml", exported.stdout);
  const planned = await warren("plan", "--file", "exported.yaml", "--detailed-exitcode");
  expect(planned).toMatchObject({ code: 0 });
  expect(planned.stdout).toMatch(/^No changes\./);
}, 60_000);
