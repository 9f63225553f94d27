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
  /** What the refusal must say; null: the plan still holds. */
  readonly says: string | null;
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
    says: `The name web of a cfd_tunnel: none had it; now ${uuid(9)} has it.`,
  },
  "create: the old name came to life, so it would be a rename": {
    yaml: RENAME,
    world: [],
    move: (it) => it.seed([tunnel("site", 9)]),
    says: `The name site of a cfd_tunnel: none had it; now ${uuid(9)} has it.`,
  },
  "rename: the tunnel is gone": {
    yaml: RENAME,
    world: [site],
    move: (it) => it.remove(uuid(1)),
    says: `cfd_tunnel site (${uuid(1)}): it lived; now it is gone.`,
  },
  "rename: the tunnel has another name by now": {
    yaml: RENAME,
    world: [site],
    move: (it) => it.rename(uuid(1), "moved"),
    says: `cfd_tunnel site (${uuid(1)}): now it is named moved.`,
  },
  "rename: somebody did it already": {
    yaml: RENAME,
    world: [site],
    move: (it) => it.rename(uuid(1), "web"),
    says: `The name web of a cfd_tunnel: none had it; now ${uuid(1)} has it.`,
  },
  "rename: the new name was taken": {
    yaml: RENAME,
    world: [site],
    move: (it) => it.seed([tunnel("web", 9)]),
    says: `The name web of a cfd_tunnel: none had it; now ${uuid(9)} has it.`,
  },
  "rename: a namesake of the old name appeared": {
    yaml: RENAME,
    world: [site],
    move: (it) => it.seed([tunnel("site", 9)]),
    says: `The name site of a cfd_tunnel: ${uuid(1)} had it; now ${uuid(1)} and ${uuid(9)} have it.`,
  },
  "rename: an attribute that is not managed changed": {
    yaml: RENAME,
    world: [tunnel("site", 1, { config_src: "local" })],
    move: (it) => it.migrate(uuid(1)),
    says: `cfd_tunnel site (${uuid(1)}): config_src was local and is now cloudflare.`,
  },
  "pinned rename: the id is gone": {
    yaml: PIN,
    world: [site],
    move: (it) => it.remove(uuid(1)),
    says: `cfd_tunnel site (${uuid(1)}): it lived; now it is gone.`,
  },
  "pinned rename: the name was taken": {
    yaml: PIN,
    world: [site],
    move: (it) => it.seed([tunnel("web", 9)]),
    says: `The name web of a cfd_tunnel: none had it; now ${uuid(9)} has it.`,
  },
  "swap: a third one took one of the names": {
    yaml: SWAP,
    world: [tunnel("a", 1), tunnel("b", 2)],
    move: (it) => it.seed([tunnel("b", 9)]),
    says: `The name b of a cfd_tunnel: ${uuid(2)} had it; now ${uuid(2)} and ${uuid(9)} have it.`,
  },
  "swap: the temporary name was taken": {
    yaml: SWAP,
    world: [tunnel("a", 1), tunnel("b", 2)],
    move: (it) => it.seed([tunnel(`warren-rename-${uuid(1)}`, 9)]),
    says: `The name warren-rename-${uuid(1)} of a cfd_tunnel: none had it; now ${uuid(9)} has it.`,
  },
  "tombstone: somebody deleted it": {
    yaml: TOMBSTONE,
    world: [web],
    move: (it) => it.remove(uuid(1)),
    says: `cfd_tunnel web (${uuid(1)}): it lived; now it is gone.`,
  },
  "tombstone: it was made anew under another id": {
    yaml: TOMBSTONE,
    world: [web],
    move: (it) => {
      it.remove(uuid(1));
      it.seed([tunnel("web", 9)]);
    },
    says: `The name web of a cfd_tunnel: ${uuid(1)} had it; now ${uuid(9)} has it.`,
  },
  "tombstone: a namesake appeared": {
    yaml: TOMBSTONE,
    world: [web],
    move: (it) => it.seed([tunnel("web", 9)]),
    says: `now ${uuid(1)} and ${uuid(9)} have it.`,
  },
  "tombstone: it is live by now": {
    yaml: TOMBSTONE,
    world: [web],
    move: (it) => it.connect(uuid(1)),
    says: "apply refuses this plan and changes nothing: 1 blocked.",
  },
  "prune: it has another name by now": {
    yaml: PRUNE,
    world: [tunnel("p-old", 1)],
    move: (it) => it.rename(uuid(1), "kept"),
    says: `cfd_tunnel p-old (${uuid(1)}): now it is named kept.`,
  },
  "prune: it is live by now": {
    yaml: PRUNE,
    world: [tunnel("p-old", 1)],
    move: (it) => it.connect(uuid(1)),
    says: "1 blocked",
  },
  "prune: it was in use a short while ago": {
    yaml: PRUNE,
    world: [tunnel("p-old", 1)],
    move: (it) => {
      it.connect(uuid(1));
      it.disconnect(uuid(1));
    },
    says: "1 blocked",
  },
  "replace: it is live by now": {
    yaml: REPLACE,
    world: [local],
    move: (it) => it.connect(uuid(1)),
    says: "1 blocked",
  },
  "replace: somebody changed what made it necessary": {
    yaml: REPLACE,
    world: [local],
    move: (it) => it.migrate(uuid(1)),
    says: "config_src was local and is now cloudflare.",
  },
  "secret: it is in force by now": {
    yaml: SECRET,
    world: [tunnel("web", 1, { tunnel_secret: secretOf(1) })],
    planOptions: ["--verify-secrets"],
    move: (_, patch) => patch(uuid(1), { tunnel_secret: secretOf(2) }),
    says: `The declared tunnel_secret of cfd_tunnel ${uuid(1)}: it was not the one in force; now it is the one in force.`,
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
  test.each(Object.entries(scenarios))("%s", async (_, { yaml, world, move, says, planOptions = [] }) => {
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
      expect(argv.includes("--json") ? result.stdout : result.stderr).toContain(says.split("\n")[0]);
      expect(writes()).toEqual(before);
    }
  });
});
