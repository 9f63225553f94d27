import { expect, it } from "vitest";
import {
  applyPlan,
  createClient,
  declaredSecrets,
  kinds,
  loadDesiredState,
  planAccount,
  Secret,
  systemClock,
} from "../../src/index.ts";
import { servedSandbox } from "../support/cli.ts";
import { secretOf } from "../support/rig.ts";

const FILE = `version: 1
cfd_tunnel:
  web: { config_src: cloudflare, tunnel_secret: { env: WEB } }
virtual_network:
  blue: { comment: staging }
`;

it("plans, compares secrets, applies and verifies with nothing but what the library exports", async () => {
  const sandbox = await servedSandbox();
  const client = createClient({
    baseUrl: sandbox.url,
    accountId: sandbox.accountId,
    credentials: { token: new Secret(sandbox.token) },
    userAgent: "test",
    concurrency: 4,
    timeoutMs: 5_000,
    clock: systemClock,
    random: Math.random,
  });
  const loaded = await loadDesiredState([{ path: "tunnels.yaml", text: FILE }], { env: {} });
  if (!loaded.ok) {
    throw new Error("the file is right");
  }
  const wanted = { desired: loaded.value, targets: [] };
  const declared = declaredSecrets(loaded.value, []);
  const secret = () => new Secret(secretOf(7));
  const planning = { kinds, client, secret, now: () => systemClock.now() };

  const planned = await planAccount(wanted, declared, planning);
  expect(planned.plan.changes.map(({ action, kind }) => `${action} ${kind}`)).toEqual([
    "create cfd_tunnel",
    "create virtual_network",
  ]);
  const report = await applyPlan(planned, { kinds, client, secret, clock: systemClock, concurrency: 4 });
  expect(report.outcomes.map(({ status }) => status)).toEqual(["applied", "applied"]);
  expect(report.verification).toEqual({ verified: true, because: "shown" });
  const again = await planAccount(wanted, declared, planning);
  expect([again.plan.changes, again.plan.unchanged]).toEqual([[], 2]);
  expect(again.secrets).toMatchObject([{ attribute: "tunnel_secret", comparison: { verdict: "same" } }]);

  const other = { ...planning, secret: () => new Secret(secretOf(8)) };
  const differing = await planAccount(wanted, declared, other);
  expect(differing.plan.changes).toMatchObject([{ action: "update", fields: ["tunnel_secret"] }]);
});
