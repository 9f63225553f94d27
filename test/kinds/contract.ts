import { describe, expect, it } from "vitest";
import { Secret } from "../../src/base/secret.ts";
import { ApiError } from "../../src/cloudflare/error.ts";
import type { TunnelResourceKind } from "../../src/kinds/tunnel/tunnel.ts";
import type { CloudflareClient } from "../../src/cloudflare/client.ts";
import type { ResourceKind } from "../../src/engine/model/kind.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import type { Spec } from "../../src/engine/model/resource.ts";
import { newUuid, seededBytes } from "../../src/simulator/random.ts";
import { createRig, type Rig, type RigOptions, secretOf } from "../support/rig.ts";

/** What is wrong with a row, the fields that are, and what the error says. */
type WrongRow = readonly [what: string, fields: object, says: RegExp];

/** What the common suite needs to know of a kind whose resources go by something else than a name. */
export interface Identified {
  /** The attributes by which one goes that the suite calls by a name. What they refer to is made first. */
  identity(simulator: Simulator, name: string): Spec;
  /** What a list calls that one. */
  shown(name: string): string;
  /** The filters by which one is found. */
  readonly filters: readonly string[];
  /** A row with nothing wrong. */
  readonly row: object;
  /** The attribute without which a row is none. */
  readonly needs: string;
}

/** What the common suite needs to know of a kind. */
export interface Samples {
  readonly by?: Identified;
  /** Attributes that a create may send. */
  readonly spec: Spec;
  /** What the API reports of them. */
  readonly reported: Spec;
  /** The whole request of a list that fits into one answer. */
  readonly listing: string;
  /** What an account has of them from the start. */
  readonly initial?: readonly string[];
  /** Rows that no list may hold, beside those that no kind's may. */
  readonly wrong?: readonly WrongRow[];
  /** Puts one into the simulator's account, which has been deleted since where that is said. */
  seed(simulator: Simulator, name: string, isDeleted?: boolean): void;
}

const none = { spec: {}, secrets: {} };

/** Whether a kind speaks the API: one suite, run for each of them against the simulator. */
export function describeKind(
  kind: ResourceKind & Required<Pick<ResourceKind, "delete">>,
  samples: Samples,
): void {
  const { kind: name } = kind;
  const { initial = [] } = samples;
  const seeded = (names: readonly string[], options: RigOptions = {}) => {
    const rig = createRig(options);
    for (const each of names) {
      samples.seed(rig.simulator, each);
    }
    return rig;
  };
  const { by } = samples;
  const shown = (name: string) => by?.shown(name) ?? name;
  const wanted = ({ simulator }: Rig, name: string, spec: Spec = {}) => ({
    name: shown(name),
    spec: { ...by?.identity(simulator, name), ...spec },
    secrets: {},
  });
  /** A change that every kind can make: of its name, or of what people are to know of it. */
  const edit = (name: string) =>
    by === undefined ? { name, ...none } : { spec: { comment: name }, secrets: {} };
  const others = async (client: CloudflareClient) =>
    (await kind.list(client)).filter((resource) => !initial.includes(resource.name));

  describe(`${name} speaks the API`, () => {
    it("creates, lists, reads, finds, renames and deletes", async () => {
      const rig = createRig();
      const { client } = rig;
      const web = wanted(rig, "web", samples.spec);
      const { id } = await kind.create(client, web);
      const listed = await others(client);
      const read = await kind.read(client, id);
      // A list may tell more of what a row refers to.
      expect(listed).toEqual([
        { ...read, facts: expect.objectContaining({ created_at: read?.facts["created_at"] }) },
      ]);
      const reported: Spec = { ...by?.identity(rig.simulator, "web"), ...samples.reported };
      expect(listed).toMatchObject([{ kind: name, id, name: shown("web"), spec: reported }]);
      expect(listed[0]?.spec).toEqual(reported);
      expect(await kind.find(client, web)).toEqual(listed);
      await kind.update(client, id, edit("site"));
      const edited = await kind.read(client, id);
      expect(by === undefined ? edited?.name : edited?.spec["comment"]).toBe("site");
      expect(await kind.find(client, web)).toHaveLength(by === undefined ? 0 : 1);
      await kind.delete(client, id);
      expect(await kind.read(client, id)).toBeNull();
      expect(await others(client)).toEqual([]);
    });

    it("asks for live ones only, in one request where they fit", async () => {
      const { client, requests } = createRig();
      await kind.list(client);
      expect(requests()).toEqual([samples.listing]);
    });

    it("gives what a create made, in the form of a list", async () => {
      const rig = createRig();
      const { client } = rig;
      const made = await kind.create(client, wanted(rig, "web", samples.spec));
      // A list may tell more of what a row refers to.
      const told = Object.fromEntries(Object.entries(made.facts).filter(([, value]) => value !== null));
      expect(await others(client)).toEqual([{ ...made, facts: expect.objectContaining(told) }]);
      expect(kind.normalise?.(made.spec) ?? made.spec).toEqual(made.spec);
    });

    it("reads all of many", async () => {
      const names = Array.from({ length: 2_345 }, (_, index) => `t-${index}`);
      const { client } = seeded(names);
      expect(new Set((await others(client)).map((resource) => resource.name))).toEqual(
        new Set(names.map(shown)),
      );
    });

    it("passes over deleted ones, also where the server lists them", async () => {
      const switches = { ignored_filters: ["is_deleted"], is_deleted_default: "both" } as const;
      const rig = createRig({ switches });
      const { client, simulator } = rig;
      samples.seed(simulator, "web", true);
      samples.seed(simulator, "web");
      expect(await others(client)).toHaveLength(1);
      expect(await kind.find(client, wanted(rig, "web"))).toHaveLength(1);
    });

    it("holds each row against a filter that the server may ignore", async () => {
      const rig = seeded(["web", "web-2"], { switches: { ignored_filters: [...(by?.filters ?? ["name"])] } });
      const found = await kind.find(rig.client, wanted(rig, "web"));
      expect(found.map((resource) => resource.name)).toEqual([shown("web")]);
    });

    it("takes a delete of what is gone for done, and a read of it for nothing", async () => {
      const { client } = createRig({ switches: { delete_deleted: "not_found" } });
      const unknown = newUuid(seededBytes(9));
      await kind.delete(client, unknown);
      expect(await kind.read(client, unknown)).toBeNull();
    });

    it("says that a name is taken", async () => {
      const rig = seeded(["web"]);
      const error = await caught(kind.create(rig.client, wanted(rig, "web")));
      expect(error).toMatchObject({ failure: "refused", status: 409, ambiguous: false });
    });

    it("waits out a 429 with a create, and with a write that rests on a look only says that it may be sent again", async () => {
      const rig = createRig();
      const web = wanted(rig, "web");
      let refused = 0;
      rig.fault = () => {
        refused += 1;
        return refused % 2 === 1
          ? { type: "answer", acts: false, status: 429, headers: { "retry-after": "7" } }
          : undefined;
      };
      const started = rig.clock.now();
      const { id } = await kind.create(rig.client, web);
      expect(rig.clock.now() - started).toBeGreaterThanOrEqual(7_000);
      expect(rig.simulator.traffic.counts().requests).toBe(2);
      const limited = { failure: "rate_limited", ambiguous: false, repeatable: true };
      expect(await caught(kind.update(rig.client, id, edit("site")))).toMatchObject(limited);
      // Not even sent: the wait is known by now.
      expect(await caught(kind.delete(rig.client, id))).toMatchObject({ ...limited, status: null });
      expect(rig.simulator.traffic.counts().requests).toBe(3);
    });

    it("does not send a write twice when the answer is a 503", async () => {
      const rig = seeded(["old"]);
      const [old] = await others(rig.client);
      rig.requests();
      rig.fault = () => ({ type: "answer", acts: true, status: 503 });
      const create = await caught(kind.create(rig.client, wanted(rig, "web")));
      const update = await caught(kind.update(rig.client, old?.id ?? "", edit("new")));
      const remove = await caught(kind.delete(rig.client, old?.id ?? ""));
      expect([create, update, remove].map(({ ambiguous }) => ambiguous)).toEqual([true, true, true]);
      expect(rig.requests()).toHaveLength(3);
    });

    it.each<WrongRow>([
      ...(samples.wrong ?? []),
      ["has no id", { id: null }, /no id/],
      ["has an id that could change the path", { id: "../../../user" }, /no id/],
      [`has no ${by?.needs ?? "name"}`, { [by?.needs ?? "name"]: undefined }, /no \w+/],
    ])("fails a reading in which a row %s", async (_, wrong, message) => {
      const rig = createRig();
      const row = { id: newUuid(seededBytes(3)), ...(by?.row ?? { name: "web" }), ...wrong };
      const result_info = { page: 1, per_page: 1000, count: 1, total_count: 1 };
      rig.fault = () => ({
        type: "answer",
        acts: false,
        status: 200,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ success: true, errors: [], messages: [], result: [row], result_info }),
      });
      const error = await caught(kind.list(rig.client));
      expect(error.failure).toBe("unreadable");
      expect(error.message).toMatch(message);
    });
  });
}

/** Whether a kind of tunnel knows which of them are in use. */
export function describeConnections({ kind: name, use }: TunnelResourceKind): void {
  describe(`${name} carries connections`, () => {
    it.each([
      [
        "is live where the end lies before the beginning",
        {
          status: "down",
          conns_active_at: "2025-01-02T00:00:00Z",
          conns_inactive_at: "2025-01-01T00:00:00Z",
        },
        "activity",
      ],
      [
        "is not where it ended, in another spelling of the same moment",
        {
          status: "down",
          conns_active_at: "2025-01-02T00:00:00Z",
          conns_inactive_at: "2025-01-02T01:00:00.000+01:00",
        },
        null,
      ],
      ["is live while a status says so, or nothing that is known", { status: "healthy" }, "status"],
      ["is live while it is degraded", { status: "degraded" }, "status"],
      ["is live under a status that nobody knows", { status: "something new" }, "status"],
      ["is live without a status", { status: null }, "status"],
      ["is not while it is inactive", { status: "inactive" }, null],
      ["is not while it is down", { status: "down", conns_inactive_at: "b" }, null],
      [
        "is live where the end cannot be read",
        { status: "down", conns_active_at: "2025-01-02T00:00:00Z", conns_inactive_at: "b" },
        "activity",
      ],
      [
        "is live while connections are open, whatever the status",
        { status: "down", connections: "2" },
        "connections",
      ],
      [
        "is live where activity has no end",
        { status: "down", conns_active_at: "a", conns_inactive_at: null },
        "activity",
      ],
    ])("%s", (_, facts, because) => {
      const actual = { kind: name, name: "web", id: "", spec: {}, facts };
      expect(use.livenessOf(actual)).toBe(because);
    });

    it("knows when it was last in use, and when it cannot know", () => {
      const at = (facts: { readonly [field: string]: string | null }) =>
        use.lastActive({ kind: name, name: "web", id: "", spec: {}, facts })?.text ?? null;
      const created_at = "2025-01-01T00:00:00.123456Z";
      const later = "2025-01-02T00:00:00Z";
      expect(at({ created_at, conns_active_at: null, conns_inactive_at: null })).toBe(created_at);
      expect(at({ created_at, conns_active_at: null, conns_inactive_at: later })).toBe(later);
      expect(at({ created_at, conns_active_at: later, conns_inactive_at: created_at })).toBe(later);
      expect(at({ created_at: null, conns_active_at: later })).toBeNull();
      expect(at({ created_at: "yesterday" })).toBeNull();
      expect(at({ created_at, conns_inactive_at: "never" })).toBeNull();
    });
  });
}

/** Whether a kind of tunnel deals rightly with its secret. */
export function describeSecrets(kind: TunnelResourceKind): void {
  const { kind: name } = kind;

  describe(`${name} has a secret`, () => {
    it("compares a secret through the token, and says so where it may not", async () => {
      const rig = createRig({ tunnels: [{ kind: name, name: "web", tunnel_secret: secretOf(1) }] });
      const [actual] = await kind.list(rig.client);
      const compare = (value: string) =>
        kind.secrets.compare(rig.client, actual?.id ?? "", "tunnel_secret", new Secret(value));
      expect(await compare(secretOf(1))).toEqual({ verdict: "same" });
      expect(await compare(secretOf(2))).toEqual({ verdict: "differs" });
      rig.fault = () => ({
        type: "answer",
        acts: false,
        status: 401,
        headers: { "content-type": "application/json" },
        body: '{"success":false,"errors":[{"code":1001,"message":"Not authorized"}],"messages":[],"result":null}',
      });
      expect(await compare(secretOf(1))).toMatchObject({ verdict: "unknown" });
    });

    it("takes a token of another tunnel for no answer", async () => {
      const rig = createRig({ tunnels: [{ kind: name, name: "web", tunnel_secret: secretOf(1) }] });
      const [actual] = await kind.list(rig.client);
      const token = Buffer.from(JSON.stringify({ a: "0".repeat(32), t: actual?.id, s: secretOf(1) }));
      rig.fault = () => ({
        type: "answer",
        acts: false,
        status: 200,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ success: true, errors: [], messages: [], result: token.toString("base64") }),
      });
      const compared = await kind.secrets.compare(
        rig.client,
        actual?.id ?? "",
        "tunnel_secret",
        new Secret(secretOf(1)),
      );
      expect(compared).toEqual({
        verdict: "unknown",
        why: "the token that the API gave is another tunnel's or account's",
      });
    });
  });
}

export async function caught(work: Promise<unknown>): Promise<ApiError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ApiError) {
      return error;
    }
    throw error;
  }
  throw new Error("no error was thrown");
}

/** What the suite needs to know of a kind of tunnel, beside its attributes. */
export function tunnelSamples(kind: string, spec: Spec, reported: Spec): Samples {
  return {
    spec,
    reported,
    wrong: [["is of another kind", { tun_type: "gre" }, /gre/]],
    listing: `GET /${kind}?is_deleted=false&page=1&per_page=1000`,
    seed: (simulator, name, isDeleted = false) =>
      void simulator.seed([{ kind, name, ...(isDeleted ? { created_at: 0, deleted_at: 1 } : {}) }]),
  };
}
