import { describe, expect, test } from "vitest";
import type { SeedTunnel } from "../../src/simulator/seed.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";
import { secretOf } from "../support/rig.ts";

// Plan, let the world move in each way that a fact can, apply.

const OLD = Date.UTC(2020, 0, 1);
const uuid = (number: number) => `0192f3a0-0000-4000-8000-${String(number).padStart(12, "0")}`;
const tunnel = (name: string, number: number, more: Partial<SeedTunnel> = {}): SeedTunnel => ({
  kind: "cfd_tunnel",
  name,
  id: uuid(number),
  created_at: OLD,
  ...more,
});
const file = (entries: string) => `version: 1\ncfd_tunnel:\n${entries}`;

/** Somebody else's write. */
type Patch = (id: string, body: object) => Promise<void>;

interface Scenario {
  readonly yaml: string;
  readonly world: readonly SeedTunnel[];
  readonly move: (simulator: Simulator, patch: Patch) => unknown;
  /** What the refusal must say of the change and of what has moved; null: the plan still holds. */
  readonly says?: string | null;
  /** What it must say where the planner refuses the change by now. */
  readonly refuses?: string;
  readonly planOptions?: readonly string[];
}

const CREATE = file("  web:\n");
const RENAME = file("  web: { renamed_from: site }\n");
const PIN = file(`  web: { id: ${uuid(1)} }\n`);
const TOMBSTONE = file("  web: { state: absent }\n");
const PRUNE = "version: 1\nprune: { prefix: p- }\ncfd_tunnel: {}\n";
const REPLACE = file(`  web: { config_src: cloudflare, replace: ${uuid(1)} }\n`);
const SWAP = file(`  a: { id: ${uuid(2)} }\n  b: { id: ${uuid(1)} }\n`);
const SECRET = file("  web: { tunnel_secret: { env: WEB_SECRET } }\n");

const site = tunnel("site", 1);
const web = tunnel("web", 1);
const local = tunnel("web", 1, { config_src: "local" });

const scenarios: { readonly [name: string]: Scenario } = {
  "create: the name was taken": {
    yaml: CREATE,
    world: [],
    move: (it) => it.seed([tunnel("web", 9)]),
    says: `cfd_tunnel web: create in the plan, no change now. ${uuid(9)} has the name web.`,
  },
  "create: the old name came to life, so it would be a rename": {
    yaml: RENAME,
    world: [],
    move: (it) => it.seed([tunnel("site", 9)]),
    says: `cfd_tunnel web: create in the plan, update now. ${uuid(9)} has the name site.`,
  },
  "rename: the tunnel is gone": {
    yaml: RENAME,
    world: [site],
    move: (it) => it.remove(uuid(1)),
    says: `cfd_tunnel web: update in the plan, create now. ${uuid(1)}, which was cfd_tunnel site, is gone.`,
  },
  "rename: the tunnel has another name by now": {
    yaml: RENAME,
    world: [site],
    move: (it) => it.rename(uuid(1), "moved"),
    says: `cfd_tunnel web: update in the plan, create now. ${uuid(1)}, which was cfd_tunnel site, is named moved by now.`,
  },
  "rename: somebody did it already": {
    yaml: RENAME,
    world: [site],
    move: (it) => it.rename(uuid(1), "web"),
    says: `cfd_tunnel web: update in the plan, no change now. ${uuid(1)}, which was cfd_tunnel site, is named web by now.`,
  },
  "rename: the new name was taken": {
    yaml: RENAME,
    world: [site],
    move: (it) => it.seed([tunnel("web", 9)]),
    says: `cfd_tunnel web: update in the plan, no change now. ${uuid(9)} has the name web.`,
  },
  "rename: a namesake of the old name appeared": {
    yaml: RENAME,
    world: [site],
    move: (it) => it.seed([tunnel("site", 9)]),
    refuses: `2 live cfd_tunnel have the name site: ${uuid(1)} and ${uuid(9)}.`,
  },
  "rename: an attribute that is not managed changed": {
    yaml: RENAME,
    world: [tunnel("site", 1, { config_src: "local" })],
    move: (it) => it.migrate(uuid(1)),
    says: `cfd_tunnel web: update, but not the one in the plan. ${uuid(1)}, which was cfd_tunnel site, has config_src cloudflare, which was local.`,
  },
  "pinned rename: the id is gone": {
    yaml: PIN,
    world: [site],
    move: (it) => it.remove(uuid(1)),
    refuses: `No live cfd_tunnel has the id ${uuid(1)}`,
  },
  "pinned rename: the name was taken": {
    yaml: PIN,
    world: [site],
    move: (it) => it.seed([tunnel("web", 9)]),
    refuses: `The name web is held by ${uuid(9)}, which this plan does not move.`,
  },
  "swap: a third one took one of the names": {
    yaml: SWAP,
    world: [tunnel("a", 1), tunnel("b", 2)],
    move: (it) => it.seed([tunnel("b", 9)]),
    refuses: `The name b is held by ${uuid(9)}, which this plan does not move.`,
  },
  "swap: the temporary name was taken": {
    yaml: SWAP,
    world: [tunnel("a", 1), tunnel("b", 2)],
    move: (it) => it.seed([tunnel(`warren-rename-${uuid(1)}`, 9)]),
    // It goes through another one.
    says: null,
  },
  "tombstone: somebody deleted it": {
    yaml: TOMBSTONE,
    world: [web],
    move: (it) => it.remove(uuid(1)),
    says: `cfd_tunnel web: delete in the plan, no change now. ${uuid(1)}, which was cfd_tunnel web, is gone.`,
  },
  "tombstone: it was made anew under another id": {
    yaml: TOMBSTONE,
    world: [web],
    move: (it) => {
      it.remove(uuid(1));
      it.seed([tunnel("web", 9)]);
    },
    says: `cfd_tunnel web: delete, but not the one in the plan. ${uuid(1)}, which was cfd_tunnel web, is gone. ${uuid(9)} has the name web.`,
  },
  "tombstone: a namesake appeared": {
    yaml: TOMBSTONE,
    world: [web],
    move: (it) => it.seed([tunnel("web", 9)]),
    refuses: `2 live cfd_tunnel have the name web: ${uuid(1)} and ${uuid(9)}.`,
  },
  "tombstone: it is live by now": {
    yaml: TOMBSTONE,
    world: [web],
    move: (it) => it.connect(uuid(1)),
    refuses: "It is live (status healthy), and warren deletes nothing that is in use.",
  },
  "prune: it has another name by now": {
    yaml: PRUNE,
    world: [tunnel("p-old", 1)],
    move: (it) => it.rename(uuid(1), "kept"),
    says: `cfd_tunnel p-old: delete in the plan, no change now. ${uuid(1)}, which was cfd_tunnel p-old, is named kept by now.`,
  },
  "prune: it is live by now": {
    yaml: PRUNE,
    world: [tunnel("p-old", 1)],
    move: (it) => it.connect(uuid(1)),
    refuses: "It is live (status healthy)",
  },
  "prune: it was in use a short while ago": {
    yaml: PRUNE,
    world: [tunnel("p-old", 1)],
    move: (it) => {
      it.connect(uuid(1));
      it.disconnect(uuid(1));
    },
    refuses: "It was made or last connected at",
  },
  "replace: it is live by now": {
    yaml: REPLACE,
    world: [local],
    move: (it) => it.connect(uuid(1)),
    refuses: "It is live (status healthy)",
  },
  "replace: somebody changed what made it necessary": {
    yaml: REPLACE,
    world: [local],
    move: (it) => it.migrate(uuid(1)),
    says: `cfd_tunnel web: replace in the plan, no change now. ${uuid(1)}, which was cfd_tunnel web, has config_src cloudflare, which was local.`,
  },
  "secret: it is in force by now": {
    yaml: SECRET,
    world: [tunnel("web", 1, { tunnel_secret: secretOf(1) })],
    planOptions: ["--verify-secrets"],
    move: (_, patch) => patch(uuid(1), { tunnel_secret: secretOf(2) }),
    says: "cfd_tunnel web: update in the plan, no change now. The declared tunnel_secret is the one in force by now.",
  },
  "secret: it is a third one by now, and still to be changed": {
    yaml: SECRET,
    world: [tunnel("web", 1, { tunnel_secret: secretOf(1) })],
    planOptions: ["--verify-secrets"],
    move: (_, patch) => patch(uuid(1), { tunnel_secret: secretOf(3) }),
    says: null,
  },
  "an unrelated tunnel appeared, also under the prefix": {
    yaml: "version: 1\nprune: { prefix: p- }\ncfd_tunnel:\n  p-web:\n",
    world: [tunnel("p-old", 1)],
    move: (it) => it.seed([tunnel("stranger", 8), tunnel("p-stranger", 9)]),
    says: null,
  },
  "an unrelated tunnel is gone, and another renamed": {
    yaml: RENAME,
    world: [site, tunnel("x", 8), tunnel("y", 9)],
    move: (it) => {
      it.remove(uuid(8));
      it.rename(uuid(9), "z");
    },
    says: null,
  },
  "its health flapped": {
    yaml: RENAME,
    world: [site],
    move: (it) => {
      it.connect(uuid(1));
      it.disconnect(uuid(1));
      it.connect(uuid(1));
    },
    says: null,
  },
  "a tombstone's health flapped, and it is down": {
    yaml: TOMBSTONE,
    world: [web],
    move: (it) => {
      it.connect(uuid(1));
      it.disconnect(uuid(1));
    },
    says: null,
  },
};

describe("a saved plan, and the world has moved:", () => {
  test.each(Object.entries(scenarios))(
    "%s",
    async (_, { yaml, world, move, says, refuses, planOptions = [] }) => {
      const { env, simulator, url, accountId, token } = await servedSandbox();
      const patch: Patch = async (id, body) => {
        const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
        const request = { method: "PATCH", headers, body: JSON.stringify(body) };
        expect((await fetch(`${url}/accounts/${accountId}/cfd_tunnel/${id}`, request)).status).toBe(200);
      };
      simulator.seed(world);
      const cwd = temporaryFolder();
      const options = { cwd, env: { ...env, WEB_SECRET: secretOf(2) } };
      const planned = await runCli(["plan", "--out", "plan.json", ...planOptions], {
        ...options,
        files: { "tunnels.yaml": yaml },
      });
      expect(planned.code).toBe(0);
      expect(planned.stdout).not.toMatch(/^No changes/);
      await move(simulator, patch);
      const writes = () => {
        const { by_endpoint } = simulator.traffic.counts();
        return Object.entries(by_endpoint).filter(([name]) => !name.startsWith("GET"));
      };
      const before = writes();
      for (const argv of [
        ["apply", "plan.json"],
        ["apply", "plan.json", "--json"],
      ]) {
        const result = await runCli(argv, options);
        if (says === null) {
          expect(result.stderr).toBe("");
          expect(result.code).toBe(0);
          expect(writes()).not.toEqual(before);
          return;
        }
        expect(result.code).toBe(3);
        const isJson = argv.includes("--json");
        expect(isJson ? result.stdout : result.stderr).toContain(says ?? refuses);
        if (refuses !== undefined && !isJson) {
          expect(result.stderr).toMatch(/^ {4}cfd_tunnel \S+: \w+ in the plan, blocked now\. /m);
        }
        expect(writes()).toEqual(before);
      }
    },
  );
});
