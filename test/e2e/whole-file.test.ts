import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { folder, serve, start } from "./program.ts";

/** All that may hang on a tunnel, in an account that has none of it. `ZONE` is the id of example.net. */
const FILE = `version: 1
zones:
  example.com:
  example.net: { id: ZONE }
virtual_network:
  prod-net: { comment: production, is_default_network: true }
cfd_tunnel:
  prod-web:
    config_src: cloudflare
    ingress:
      - { hostname: app.example.com, path: ^/api/, service: "http://localhost:8080", originRequest: { connectTimeout: 10 } }
      - { hostname: app.example.com, service: "http://localhost:3000" }
      - { hostname: www.example.net, service: "http://localhost:3000" }
      - { service: "http_status:404" }
    originRequest: { http2Origin: false }
    routes: [10.1.0.0/16, { network: 10.2.0.0/16, virtual_network: prod-net, comment: lab }, { network: 10.3.0.0/16, state: absent }]
    hostname_routes: [db.corp.internal, { hostname: "*.lab.internal", comment: one level only }]
    dns: [app.example.com, { name: www.example.net, comment: asked by marketing }]
    tests: [{ url: "https://app.example.com/api/users", service: "http://localhost:8080" }]
warp_connector:
  prod-branch: { routes: [192.168.10.0/24], hostname_routes: [printer.branch.internal] }
`;

const TOMBSTONES = `version: 1
zones:
  example.com:
  example.net: { id: ZONE }
virtual_network:
  default: { is_default_network: true }
  prod-net: # another one is the default first
cfd_tunnel:
  prod-web: { state: absent }
warp_connector:
  prod-branch: { state: absent }
`;

it("a file with all that hangs on tunnels goes to an empty second plan, and back to nothing", async () => {
  const { env } = await serve();
  const warren = (...argv: readonly string[]) => start(argv, env).ended;
  const listed = async (...kind: readonly string[]) =>
    JSON.parse((await warren("list", "--json", ...kind.flatMap((each) => ["--kind", each]))).stdout);
  const zone = await zoneId(env, "example.net");
  const write = (text: string) => writeFileSync(join(folder, "tunnels.yaml"), text.replaceAll("ZONE", zone));

  write(FILE);
  expect(await warren("validate")).toMatchObject({ code: 0 });
  const applied = await warren("apply", "--yes");
  expect(applied).toMatchObject({ code: 0, stderr: expect.not.stringContaining("error") });
  expect(applied.stdout).toContain("Applied: 12, failed: 0, skipped: 0.");
  expect(applied.stdout).toContain("Verified");
  const again = await warren("plan", "--detailed-exitcode");
  expect(again).toMatchObject({ code: 0 });
  expect(again.stdout).toContain("Plan: 0 to create, 0 to update, 0 to delete, 13 unchanged, 1 unmanaged.");
  expect(await warren("drift")).toMatchObject({ code: 0 });

  const exported = await warren(
    "export",
    ...["ingress", "routes", "hostname_routes", "virtual_network", "dns"].flatMap((word) => ["--with", word]),
  );
  expect(exported).toMatchObject({ code: 0 });
  writeFileSync(join(folder, "exported.yaml"), exported.stdout);
  const planned = await warren("plan", "--file", "exported.yaml", "--detailed-exitcode");
  expect(planned).toMatchObject({ code: 0 });
  expect(planned.stdout).toContain("13 unchanged, 0 unmanaged.");

  write(TOMBSTONES);
  const gone = await warren("apply", "--yes");
  expect(gone).toMatchObject({ code: 0 });
  // Two tunnels, and with them three routes, three hostname routes and two records; and the promotion.
  expect(gone.stdout).toContain("Applied: 11, failed: 0, skipped: 0.");
  write(TOMBSTONES.replace(/prod-net:.*/, "prod-net: { state: absent }"));
  expect(await warren("apply", "--yes")).toMatchObject({ code: 0 });
  expect((await listed()).tunnels).toEqual([]);
  expect((await listed("route", "hostname_route", "virtual_network")).listed).toMatchObject([
    { kind: "virtual_network", name: "default", is_default_network: true },
  ]);
  expect((await listed("dns_record")).listed).toEqual([]);
});

async function zoneId(
  { CLOUDFLARE_BASE_URL, CLOUDFLARE_API_TOKEN }: Awaited<ReturnType<typeof serve>>["env"],
  name: string,
) {
  const response = await fetch(`${CLOUDFLARE_BASE_URL}/zones?name=${name}`, {
    headers: { authorization: `Bearer ${CLOUDFLARE_API_TOKEN}` },
  });
  const { result } = (await response.json()) as { readonly result: readonly { readonly id: string }[] };
  return result[0]?.id ?? "";
}
