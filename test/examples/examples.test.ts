import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { SeedConfiguration } from "../../src/simulator/kinds/configuration.ts";
import type { SeedDnsRecord } from "../../src/simulator/kinds/dns_record.ts";
import type { SeedTunnel } from "../../src/simulator/seed.ts";
import { runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";
import { secretOf } from "../support/rig.ts";

const examples = fileURLToPath(new URL("../../examples", import.meta.url));
const LONG_AGO = Date.UTC(2024, 0, 1);

const cfd = (name: string, rest: Partial<SeedTunnel> = {}): SeedTunnel => ({
  kind: "cfd_tunnel",
  name,
  created_at: LONG_AGO,
  ...rest,
});

interface Expected {
  /** What the example's own comment says of the account. */
  readonly world: readonly SeedTunnel[];
  readonly records?: readonly SeedDnsRecord[];
  readonly configurations?: readonly SeedConfiguration[];
  /** The live cfd tunnels once it is applied. */
  readonly live: readonly string[];
  readonly summary: string;
}

const BLUE = "01926a3e-0000-7000-8000-00000000b1e1";

/** A name that leads to a tunnel which serves it. */
function servedBy(tunnel_id: string, hostname: string) {
  const ingress = [{ hostname, service: "http://localhost:3000" }, { service: "http_status:404" }];
  return {
    records: [{ type: "CNAME", name: hostname, content: `${tunnel_id}.cfargotunnel.com`, proxied: true }],
    configurations: [{ tunnel_id, config: { ingress } }],
  };
}

/** Every example: the world that it speaks of, and what becomes of it. */
const expected: { readonly [example: string]: Expected } = {
  "both-kinds.yaml": { world: [], live: [], summary: "to create" },
  "minimal.yaml": { world: [], live: [], summary: "to create" },
  "protected.yaml": { world: [], live: [], summary: "to create" },
  "secrets-env.yaml": { world: [], live: ["shop-web"], summary: "1 to create" },
  "secrets-file.yaml": { world: [], live: ["shop-web"], summary: "1 to create" },
  "several-files": { world: [], live: [], summary: "to create" },
  "ingress.yaml": { world: [], live: ["prod-web"], summary: "2 to create" },
  "public-site.yaml": { world: [], live: ["web"], summary: "4 to create" },
  "several-zones.yaml": { world: [], live: ["web"], summary: "4 to create" },
  "moving-hostname.yaml": {
    world: [cfd("blue", { id: BLUE, config_src: "cloudflare" }), cfd("green", { config_src: "cloudflare" })],
    ...servedBy(BLUE, "app.example.com"),
    live: ["blue", "green"],
    summary: "1 to create, 2 to update",
  },
  "foreign-record.yaml": {
    world: [],
    records: [
      { id: "372e67954025e0ba6aaa6d586b9e0b59", type: "A", name: "shop.example.com", content: "192.0.2.1" },
    ],
    live: ["shop"],
    summary: "2 to create, 0 to update, 0 to delete, 1 to replace",
  },
  "private-hostname.yaml": { world: [], live: ["databases"], summary: "3 to create" },
  "private-network.yaml": { world: [], live: ["office"], summary: "6 to create" },
  "rename.yaml": { world: [cfd("api")], live: ["shop-api"], summary: "1 to update" },
  "virtual-networks.yaml": { world: [], live: [], summary: "to create" },
  "swap.yaml": {
    world: [
      cfd("blue", { id: "01926a3e-0000-7000-8000-00000000b1e0" }),
      cfd("green", { id: "01926a3e-0000-7000-8000-0000000096ee" }),
    ],
    live: ["blue", "green"],
    summary: "2 to update",
  },
  "tombstone.yaml": {
    world: [cfd("old-web"), cfd("old-api", { id: "01926a3e-0000-7000-8000-000000000a91" })],
    live: [],
    summary: "2 to delete",
  },
  "prune.yaml": {
    world: [cfd("lab-web"), cfd("lab-try"), cfd("web")],
    live: ["lab-web", "web"],
    summary: "1 to delete",
  },
  "replacement.yaml": {
    world: [cfd("shop-web", { id: "01926a3e-0000-7000-8000-0000000005e8", config_src: "local" })],
    live: ["shop-web"],
    summary: "1 to replace",
  },
};

const names = readdirSync(examples).filter((name) => name.endsWith(".yaml") || name === "several-files");

it("speaks of every example", () => {
  expect(Object.keys(expected).sort()).toEqual(names.sort());
});

describe.each(names)("%s", (name) => {
  it("plans and applies in the world that it speaks of, and then there is nothing to do", async () => {
    const { world = [], records = [], configurations = [], live = [], summary = "" } = expected[name] ?? {};
    const { env, simulator } = await servedSandbox();
    simulator.seed(world);
    simulator.add("configurations", configurations);
    simulator.add("dns_records", records);
    const cwd = temporaryFolder();
    cpSync(examples, join(cwd, "examples"), { recursive: true });
    mkdirSync(join(cwd, "examples/secrets"));
    writeFileSync(join(cwd, "examples/secrets/shop-web"), secretOf(1));
    const files = name.endsWith(".yaml")
      ? [name]
      : readdirSync(join(examples, name)).map((file) => `${name}/${file}`);
    const argv = files.flatMap((file) => ["--file", `examples/${file}`]);
    const environment = { ...env, SHOP_WEB_SECRET: secretOf(2) };
    const run = (command: string, ...more: readonly string[]) =>
      runCli([command, ...argv, ...more], { cwd, env: environment });

    expect(await run("validate", "--strict", "--quiet")).toMatchObject({ code: 0, stderr: "" });
    const plan = await run("plan");
    expect(plan).toMatchObject({ code: 0, stderr: "" });
    expect(plan.stdout).toContain(summary);
    expect(await run("apply", "--yes")).toMatchObject({ code: 0, stderr: "" });
    expect(await run("plan", "--detailed-exitcode")).toMatchObject({ code: 0, stderr: "" });
    const left = simulator.tunnels.filter(
      ({ kind, deleted_at }) => kind === "cfd_tunnel" && deleted_at === null,
    );
    if (live.length > 0) {
      expect(left.map((tunnel) => tunnel.name).sort()).toEqual(live);
    }
  });
});
