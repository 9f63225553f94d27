import { describe, expect, test } from "vitest";
import type { Plan } from "../../src/engine/model/change.ts";
import { closureOf, levelsOf, referenceIn } from "../../src/engine/model/reference.ts";
import type { ActualResource, DesiredEntry, DesiredState } from "../../src/engine/model/resource.ts";
import { execute } from "../../src/engine/execute.ts";
import { plan } from "../../src/engine/plan.ts";
import { verify } from "../../src/engine/verify.ts";
import { kinds } from "../../src/kinds/index.ts";
import { entry, id, NOW, state, tunnel } from "../support/builders.ts";
import { FakeAccount, refused } from "../support/fake-account.ts";
import { liveBox, liveToy, refer, toy, toyBox, toyEntry, withToys } from "../support/toy.ts";

const KINDS = ["cfd_tunnel", "toy", "toy_box"];
const boxEntry = (name: string, change: Partial<DesiredEntry> = {}) =>
  entry(name, { kind: "toy_box", ...change });

function planToys(
  entries: readonly DesiredEntry[],
  actual: readonly ActualResource[] = [],
  change: Partial<DesiredState> = {},
): Plan {
  return plan(state(entries, { kinds: KINDS, ...change }), actual, withToys, { now: NOW });
}

const linesOf = ({ changes, blocked }: Plan) => [
  ...changes.map(({ action, kind, name }) => `${action} ${kind}/${name}`),
  ...blocked.map(({ kind, name, reason }) => `${reason.code} ${kind}/${name}`),
];
const orderOf = ({ steps }: Plan) => steps.map((step) => step.id);

const web = { tunnel_id: refer("cfd_tunnel", "web") };

describe("a reference", () => {
  test("is told from any other value", () => {
    expect(referenceIn(refer("toy_box", "big", "label"))).toEqual({
      kind: "toy_box",
      name: "big",
      output: "label",
    });
    for (const value of ["$ref", null, 1, [], {}, { $ref: null }, { $ref: { kind: "x", name: 1 } }]) {
      expect(referenceIn(value)).toBeNull();
    }
  });

  test("to what lives is a value by the time it is compared", () => {
    const made = planToys(
      [entry("web"), toyEntry("a", web)],
      [tunnel("web", 1), liveToy("a", 2, { tunnel_id: id(1) })],
    );
    expect(linesOf(made)).toEqual([]);
    expect(made.unchanged).toBe(2);
  });

  test("to what lives elsewhere is a change", () => {
    const made = planToys(
      [entry("web"), entry("api"), toyEntry("a", web)],
      [tunnel("web", 1), tunnel("api", 3), liveToy("a", 2, { tunnel_id: id(3) })],
    );
    expect(made.changes).toMatchObject([
      { action: "update", id: id(2), fields: ["tunnel_id"], after: { spec: { tunnel_id: id(1) } } },
    ]);
  });

  test("to what is made in the same plan stays one, and comes after it", () => {
    const made = planToys([toyEntry("a", web), entry("web")]);
    expect(orderOf(made)).toEqual(["cfd_tunnel/web#create", "toy/a#create"]);
    expect(made.changes.at(-1)).toMatchObject({ after: { spec: web } });
    expect(made.steps.at(-1)).toMatchObject({ needs: ["cfd_tunnel/web#create"] });
  });

  test("to what is renamed is its id, whichever comes first", () => {
    const made = planToys(
      [entry("web", { renamed_from: "old" }), toyEntry("a", web)],
      [tunnel("old", 1), liveToy("a", 2, { tunnel_id: id(1) })],
    );
    expect(linesOf(made)).toEqual(["update cfd_tunnel/web"]);
  });

  test("to what nobody declares is looked up", () => {
    expect(linesOf(planToys([toyEntry("a", web)], [tunnel("web", 1)]))).toEqual(["create toy/a"]);
    expect(linesOf(planToys([toyEntry("a", web)]))).toEqual(["reference_missing toy/a"]);
    expect(linesOf(planToys([toyEntry("a", web)], [tunnel("web", 1), tunnel("web", 2)]))).toEqual([
      "reference_ambiguous toy/a",
    ]);
  });

  test("to what is to be deleted, or is blocked, blocks", () => {
    const tombstone = entry("web", { state: "absent" });
    expect(linesOf(planToys([tombstone, toyEntry("a", web)], [tunnel("web", 1)]))).toEqual([
      "delete cfd_tunnel/web",
      "reference_to_deleted toy/a",
    ]);
    expect(linesOf(planToys([entry("web", { id: id(9) }), toyEntry("a", web)]))).toEqual([
      "id_gone cfd_tunnel/web",
      "reference_blocked toy/a",
    ]);
  });

  test("to what is blocked only as it cannot have its name blocks, too", () => {
    const entries = [entry("api", { id: id(1) }), entry("web"), toyEntry("a", web)];
    expect(linesOf(planToys(entries, [tunnel("web", 1), tunnel("api", 2)]))).toEqual([
      "name_held cfd_tunnel/api",
      "name_held cfd_tunnel/web",
      "reference_blocked toy/a",
    ]);
  });

  test("to an output that a kind adds gives that one", () => {
    const labelled: typeof toy = { ...toy, references: { box_id: { to: ["toy_box"], output: "label" } } };
    const made = plan(
      state([boxEntry("big"), toyEntry("a", { box_id: refer("toy_box", "big", "label") })], { kinds: KINDS }),
      [liveBox("big", 1)],
      [labelled, toyBox],
      { now: NOW },
    );
    expect(made.changes).toMatchObject([{ after: { spec: { box_id: `${id(1)}.boxes` } } }]);
  });
});

describe("an identity of several attributes", () => {
  const inBig = { ...web, box_id: refer("toy_box", "big") };

  test("tells two apart that share a name", () => {
    const live = [
      tunnel("web", 1),
      liveBox("big", 2),
      liveBox("small", 3),
      liveToy("a", 4, { tunnel_id: id(1), box_id: id(2) }),
      liveToy("a", 5, { tunnel_id: id(1), box_id: id(3) }),
    ];
    const made = planToys([entry("web"), boxEntry("big"), toyEntry("a", inBig)], live);
    expect(linesOf(made)).toEqual([]);
    expect(made.unmanaged.map((actual) => actual.id)).toEqual([id(5), id(3)]);
  });

  test("that is not known yet is nobody's", () => {
    const made = planToys(
      [entry("web"), boxEntry("big"), toyEntry("a", inBig)],
      [tunnel("web", 1), liveToy("a", 4, { tunnel_id: id(1) })],
    );
    expect(linesOf(made)).toEqual(["create toy/a", "create toy_box/big"]);
    expect(orderOf(made)).toEqual(["toy_box/big#create", "toy/a#create"]);
  });

  test("is compared in the form that its kind gives it", () => {
    const made = planToys(
      [entry("web"), toyEntry("A", web)],
      [tunnel("web", 1), liveToy("a", 2, { tunnel_id: id(1) })],
    );
    expect(linesOf(made)).toEqual([]);
    expect(made.unchanged).toBe(2);
  });

  test("held by two live ones is ambiguous", () => {
    const spec = { tunnel_id: id(1) };
    const made = planToys(
      [entry("web"), toyEntry("a", web)],
      [tunnel("web", 1), liveToy("a", 2, spec), liveToy("a", 3, spec)],
    );
    expect(linesOf(made)).toEqual(["ambiguous_name toy/a"]);
  });

  test("of a pinned one is not changed", () => {
    const made = planToys(
      [entry("web"), toyEntry("a", web, { id: id(2) })],
      [tunnel("web", 1), liveToy("b", 2, { tunnel_id: id(1) })],
    );
    expect(linesOf(made)).toEqual(["id_under_other_name toy/a"]);
  });

  test("and ids are a kind's own: the same id in two kinds is two resources", () => {
    const made = planToys(
      [entry("web"), toyEntry("a", web)],
      [tunnel("web", 1), liveToy("a", 1, { tunnel_id: id(1) })],
    );
    expect(linesOf(made)).toEqual([]);
    expect(made.unchanged).toBe(2);
  });
});

describe("a delete", () => {
  test("comes after the deletes of what refers to it", () => {
    const absent = { state: "absent" } as const;
    const made = planToys(
      [entry("web", absent), toyEntry("a", web, absent)],
      [tunnel("web", 1), liveToy("a", 2, { tunnel_id: id(1) })],
    );
    expect(orderOf(made)).toEqual(["toy/a#delete", "cfd_tunnel/web#delete"]);
    expect(made.steps.at(-1)).toMatchObject({ needs: ["toy/a#delete"] });
  });

  test("comes after what referred to it is led elsewhere", () => {
    const made = planToys(
      [
        entry("web", { state: "absent" }),
        entry("api"),
        toyEntry("a", { tunnel_id: refer("cfd_tunnel", "api") }),
      ],
      [tunnel("web", 1), tunnel("api", 3), liveToy("a", 2, { tunnel_id: id(1) })],
    );
    expect(orderOf(made)).toEqual(["toy/a#update", "cfd_tunnel/web#delete"]);
    expect(made.steps.at(-1)).toMatchObject({ needs: ["toy/a#update"] });
  });

  test("is the entry's, whatever name the API shows: two that show the same one are two changes", () => {
    const absent = { state: "absent" } as const;
    const inBox = toyEntry("a", { box_id: refer("toy_box", "big") }, { ...absent, name: "a-in-big" });
    const made = planToys(
      [toyEntry("a", {}, absent), inBox],
      [liveBox("big", 1), liveToy("a", 2, {}), liveToy("a", 3, { box_id: id(1) })],
    );
    expect(orderOf(made)).toEqual(["toy/a#delete", "toy/a-in-big#delete"]);
  });

  test("of what referred to something that is gone is done, or to be done", () => {
    const absent = { state: "absent" } as const;
    const entries = [toyEntry("a", web, absent), toyEntry("b", { box_id: refer("toy_box", "big") }, absent)];
    expect(linesOf(planToys(entries))).toEqual([]);
    expect(linesOf(planToys(entries, [liveToy("a", 2, { tunnel_id: id(1) })]))).toEqual(["delete toy/a"]);
  });

  test("by a prune spares what an entry refers to", () => {
    const prune = [{ prefix: "", kinds: ["toy_box"], collections: [], source: entry("").source }];
    const refers = toyEntry("a", { box_id: refer("toy_box", "big") });
    const live = [liveBox("big", 1), liveBox("old", 3)];
    const made = planToys([refers], [...live, liveToy("a", 2, { box_id: id(1) })], { prune });
    expect(linesOf(made)).toEqual(["delete toy_box/old"]);
    expect(made.unmanaged.map(({ name }) => name)).toEqual(["big"]);
    const gone = planToys([{ ...refers, state: "absent" }], live, { prune });
    expect(linesOf(gone)).toEqual(["delete toy_box/big", "delete toy_box/old"]);
  });

  test("needs no status where the kind reports none", () => {
    const made = planToys(
      [toyEntry("a", { tunnel_id: id(1) }, { state: "absent" })],
      [liveToy("a", 2, { tunnel_id: id(1) })],
    );
    expect(linesOf(made)).toEqual(["delete toy/a"]);
  });

  test("by a prune counts idleness from the creation", () => {
    const prune = [{ prefix: "a", kinds: ["toy_box"], collections: [], source: entry("").source }];
    const young = { ...liveBox("ab", 1), facts: { created_at: new Date(NOW - 1_000).toISOString() } };
    expect(linesOf(planToys([], [young, liveBox("ac", 2)], { prune }))).toEqual([
      "delete toy_box/ac",
      "recently_active toy_box/ab",
    ]);
  });
});

test("a replacement of what others refer to is blocked, and names them", () => {
  const made = planToys(
    [
      entry("web", { spec: { config_src: "cloudflare" }, replace: id(1) }),
      toyEntry("a", web),
      toyEntry("b", web),
    ],
    [tunnel("web", 1)],
  );
  expect(made.blocked).toMatchObject([
    { reason: { code: "replace_with_dependents", dependents: ["toy/a", "toy/b"] } },
  ]);
});

describe("an apply", () => {
  const optionsOf = (account: FakeAccount) =>
    account.options({ kinds: withToys.map((kind) => account.kind(kind)) });
  const wanted = [entry("web"), toyEntry("a", web)];

  test("sends the id that a create gave, and is verified by it", async () => {
    const account = new FakeAccount();
    const made = planToys(wanted);
    const outcomes = await execute(made, optionsOf(account));
    expect(outcomes.map(({ status }) => status)).toEqual(["applied", "applied"]);
    const tunnelId = outcomes[0]?.id;
    expect(account.resources.find(({ kind }) => kind === "toy")?.spec).toEqual({
      hook: "a",
      tunnel_id: tunnelId,
    });
    expect(await verify(outcomes, optionsOf(account))).toEqual({ verified: true, because: "shown" });
    expect(linesOf(planToys(wanted, account.resources))).toEqual([]);
  });

  test("that was changed behind its back is not verified", async () => {
    const account = new FakeAccount();
    const outcomes = await execute(planToys(wanted), optionsOf(account));
    account.resources = account.resources.map((actual) =>
      actual.kind === "toy" ? { ...actual, spec: { ...actual.spec, tunnel_id: id(77) } } : actual,
    );
    expect(await verify(outcomes, optionsOf(account))).toMatchObject({
      because: "differs",
      differences: [{ attribute: "tunnel_id", found: id(77) }],
    });
  });

  test("skips what needed a create that failed, and nothing else", async () => {
    const account = new FakeAccount().on("create web", { error: refused(400) });
    const made = planToys([
      ...wanted,
      entry("api"),
      toyEntry("b", { tunnel_id: refer("cfd_tunnel", "api") }),
    ]);
    const outcomes = await execute(made, optionsOf(account));
    expect(outcomes.map(({ status, change }) => `${status} ${change.kind}/${change.name}`)).toEqual([
      "applied cfd_tunnel/api",
      "failed cfd_tunnel/web",
      "skipped toy/a",
      "applied toy/b",
    ]);
  });
});

describe("kinds", () => {
  test("stand in rows, each after what it refers to", () => {
    const rows = levelsOf([toy, toyBox, ...kinds]).map((level) => level.map(({ kind }) => kind));
    const [first, parts] = [false, true].map((isLater) =>
      kinds.filter(({ references }) => (references !== undefined) === isLater).map(({ kind }) => kind),
    );
    expect(rows).toEqual([
      ["toy_box", ...(first ?? [])],
      ["toy", ...(parts ?? [])],
    ]);
  });

  test("that refer to each other are a mistake of ours", () => {
    const ring: typeof toyBox = { ...toyBox, references: { toy_id: { to: ["toy"], output: "id" } } };
    expect(() => levelsOf([toy, ring])).toThrow("refer to each other");
  });

  test("are read with all that they refer to", () => {
    const read = (names: readonly string[], entries: readonly DesiredEntry[]) =>
      closureOf(names, withToys, entries).map(({ kind }) => kind);
    const hung = [
      entry("a", {
        kind: "toy",
        spec: { tunnel_id: { $ref: { kind: "cfd_tunnel", name: "web", output: "id" } } },
      }),
    ];
    expect(read(["toy"], hung)).toEqual(["cfd_tunnel", "toy", "toy_box"]);
    // Where there is a choice, only what an entry names.
    expect(read(["toy"], [])).toEqual(["toy", "toy_box"]);
    expect(read(["cfd_tunnel"], hung)).toEqual(["cfd_tunnel"]);
  });
});
