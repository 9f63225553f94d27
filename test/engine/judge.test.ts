import { describe, expect, test } from "vitest";
import { deleteRulesOf } from "../../src/engine/decide/guard.ts";
import { judge, secretKey } from "../../src/engine/decide/judge.ts";
import type { ResourceKind, SecretComparison } from "../../src/engine/model/kind.ts";
import type { Match } from "../../src/engine/model/match.ts";
import type { DesiredEntry } from "../../src/engine/model/resource.ts";
import { cfdTunnel } from "../../src/kinds/cfd_tunnel/index.ts";
import { warpConnector } from "../../src/kinds/warp_connector/index.ts";
import { entry, facts, id, state, tunnel, warp, warpEntry } from "../support/builders.ts";

const RULES = deleteRulesOf(state([], { protected: ["prod-*"] }));
const local = tunnel("web", 1);
const cloudflare = { spec: { config_src: "cloudflare" } };

/** A kind whose `comment` the API changes in place. */
const commented: ResourceKind = { ...cfdTunnel, immutable: ["config_src"] };

function judged(
  match: Match,
  secrets: Record<string, SecretComparison> = {},
  kind: ResourceKind = cfdTunnel,
) {
  return judge(match, kind, { rules: RULES, secrets: new Map(Object.entries(secrets)) });
}

function found(change: Partial<DesiredEntry>, actual = local): Match {
  return { state: "found", entry: entry(actual.name, change), actual };
}

function moving(change: Partial<DesiredEntry>, actual = local): Match {
  return { state: "moving", entry: entry("new", change), actual };
}

describe("what is absent", () => {
  test("is created with what was written, and no more", () => {
    const secrets = { tunnel_secret: { env: "SECRET" } };
    const wanted = entry("web", { ...cloudflare, secrets });
    expect(judged({ state: "absent", entry: wanted }).change).toEqual({
      action: "create",
      kind: "cfd_tunnel",
      name: "web",
      id: null,
      before: null,
      after: { name: "web", spec: { config_src: "cloudflare" }, secrets },
      fields: ["config_src", "name", "tunnel_secret"],
      reason: { code: "declared" },
      source: wanted.source,
    });
  });

  test("and has a tombstone is as it should be", () => {
    const verdict = judged({ state: "absent", entry: entry("web", { state: "absent" }) });
    expect(verdict).toMatchObject({ change: null, blocked: null });
  });
});

describe("what was found", () => {
  test.each([
    ["nothing is written", {}, local],
    ["the attribute is the same", { spec: { config_src: "local" } }, local],
    ["the API did not report it", cloudflare, tunnel("web", 1, { spec: {} })],
  ])("is left as it is when %s", (_, change, actual) => {
    expect(judged(found(change, actual))).toMatchObject({
      change: null,
      blocked: null,
      unknown: [],
      notes: [],
    });
  });

  test("is never replaced silently", () => {
    expect(judged(found(cloudflare))).toMatchObject({
      change: null,
      blocked: {
        action: "update",
        id: id(1),
        before: local,
        reason: {
          code: "immutable_attribute",
          id: id(1),
          attributes: [{ name: "config_src", live: "local", declared: "cloudflare" }],
        },
      },
    });
  });

  test("is not replaced by leave for another", () => {
    expect(judged(found({ ...cloudflare, replace: id(2) })).blocked?.reason.code).toBe("immutable_attribute");
  });

  test("is replaced where that was allowed, with all that is written", () => {
    const secrets = { tunnel_secret: { file: "secret" } };
    expect(judged(found({ ...cloudflare, replace: id(1), secrets })).change).toMatchObject({
      action: "replace",
      id: id(1),
      before: local,
      after: { name: "web", spec: { config_src: "cloudflare" }, secrets },
      fields: ["config_src"],
      reason: { code: "replace_allowed", attributes: ["config_src"] },
    });
  });

  test.each([
    ["is pinned", { ...cloudflare, replace: id(1), id: id(1) }, local, "replace_of_pinned"],
    ["is live", { ...cloudflare, replace: id(1) }, tunnel("web", 1, facts({ status: "healthy" })), "live"],
    ["is protected", { ...cloudflare, replace: id(1) }, tunnel("prod-web", 1), "protected"],
  ])("is not replaced when it %s", (_, change, actual, code) => {
    expect(judged(found(change, actual))).toMatchObject({
      change: null,
      blocked: { action: "replace", reason: { code } },
    });
  });

  test("and needs no replacement is not replaced, which is noted", () => {
    const verdict = judged(found({ replace: id(1) }));
    expect(verdict).toMatchObject({ change: null, blocked: null });
    expect(verdict.notes).toEqual([{ code: "replace_has_no_effect", id: id(1) }]);
  });

  test("and is not the one that may be replaced needs no note", () => {
    expect(judged(found({ replace: id(2) })).notes).toEqual([]);
  });

  test("is updated where an attribute differs that can be changed in place", () => {
    const actual = tunnel("web", 1, { spec: { config_src: "local", comment: "old", tags: ["a", { b: 1 }] } });
    const spec = { config_src: "local", comment: "new", tags: ["a", { b: 1 }] };
    expect(judged(found({ spec }, actual), {}, commented).change).toMatchObject({
      action: "update",
      id: id(1),
      after: { name: "web", spec, secrets: {} },
      via: null,
      fields: ["comment"],
      reason: { code: "differs", attributes: ["comment"] },
    });
  });

  test("of which `ha` is written is left as it is: the API does not report it", () => {
    const match: Match = {
      state: "found",
      entry: warpEntry("w", { spec: { ha: true } }),
      actual: warp("w", 1),
    };
    expect(judged(match, {}, warpConnector)).toMatchObject({ change: null, blocked: null });
  });
});

describe("a secret", () => {
  const secrets = { tunnel_secret: { env: "SECRET" } };
  const key = secretKey(id(1), "tunnel_secret");

  test("that nobody compared is no difference", () => {
    expect(judged(found({ secrets }))).toMatchObject({ change: null, unknown: [] });
  });

  test("that is the same is no difference", () => {
    expect(judged(found({ secrets }), { [key]: { verdict: "same" } })).toMatchObject({
      change: null,
      unknown: [],
    });
  });

  test("that differs is sent", () => {
    expect(judged(found({ secrets }), { [key]: { verdict: "differs" } }).change).toMatchObject({
      action: "update",
      after: { secrets },
      fields: ["tunnel_secret"],
      reason: { code: "differs", attributes: ["tunnel_secret"] },
    });
  });

  test("that could not be compared is told, with the reason", () => {
    const verdict = judged(found({ secrets }), { [key]: { verdict: "unknown", why: "may not be read" } });
    expect(verdict.change).toBeNull();
    expect(verdict.unknown).toMatchObject([
      { kind: "cfd_tunnel", name: "web", id: id(1), attribute: "tunnel_secret", why: "may not be read" },
    ]);
  });

  test("of a renamed tunnel goes along only when it differs", () => {
    expect(judged(moving({ secrets })).change?.after?.secrets).toEqual({});
    expect(judged(moving({ secrets }), { [key]: { verdict: "differs" } }).change).toMatchObject({
      fields: ["name", "tunnel_secret"],
      after: { secrets },
    });
  });

  test("of another tunnel says nothing", () => {
    const other = secretKey(id(2), "tunnel_secret");
    expect(judged(found({ secrets }), { [other]: { verdict: "differs" } }).change).toBeNull();
  });
});

describe("a rename", () => {
  test("by its old name keeps the id", () => {
    expect(judged(moving({ renamed_from: "web" })).change).toMatchObject({
      action: "update",
      name: "new",
      id: id(1),
      before: local,
      after: { name: "new", spec: {} },
      via: null,
      fields: ["name"],
      reason: { code: "renamed_from", from: "web" },
    });
  });

  test("of a pinned one is told as such", () => {
    expect(judged(moving({ id: id(1), renamed_from: "web" })).change?.reason).toEqual({
      code: "pinned",
      from: "web",
    });
  });

  test("of a protected one is refused; to a protected name it is not", () => {
    const pinned = { id: id(1) };
    expect(judged(moving(pinned, tunnel("prod-web", 1)))).toMatchObject({
      change: null,
      blocked: {
        action: "update",
        id: id(1),
        reason: { code: "protected", pattern: "prod-*", name: "prod-web" },
      },
    });
    const into: Match = { state: "moving", entry: entry("prod-web", pinned), actual: local };
    expect(judged(into).change?.action).toBe("update");
  });

  test("of a live one is no danger", () => {
    expect(judged(moving({ id: id(1) }, tunnel("web", 1, facts({ status: "healthy" })))).change?.action).toBe(
      "update",
    );
  });

  test.each([
    [{ ...cloudflare }, "update", "immutable_attribute"],
    [{ ...cloudflare, replace: id(2) }, "update", "immutable_attribute"],
    [{ ...cloudflare, replace: id(1) }, "replace", "replace_while_renaming"],
  ])("is refused beside an attribute that cannot be changed: %j", (change, action, code) => {
    expect(judged(moving({ renamed_from: "web", ...change }))).toMatchObject({
      change: null,
      blocked: { action, id: id(1), reason: { code } },
    });
  });
});

describe("a tombstone", () => {
  test("deletes", () => {
    expect(judged(found({ state: "absent" })).change).toMatchObject({
      action: "delete",
      id: id(1),
      before: local,
      after: null,
      fields: [],
      reason: { code: "tombstone" },
    });
  });

  test.each([
    [tunnel("web", 1, facts({ status: "degraded" })), "live"],
    [tunnel("prod-web", 1), "protected"],
  ])("is refused for what may not be deleted", (actual, code) => {
    expect(judged(found({ state: "absent" }, actual))).toMatchObject({
      change: null,
      blocked: { action: "delete", reason: { code } },
    });
  });

  test("asks for no idleness: each of them was read by a reviewer", () => {
    const fresh = tunnel("web", 1, facts({ created_at: null }));
    expect(judged(found({ state: "absent" }, fresh)).change?.action).toBe("delete");
  });
});

test("what was blocked stays blocked, with the id that it speaks of", () => {
  const reason = { code: "id_gone", id: id(9) } as const;
  const verdict = judged({ state: "blocked", entry: entry("web", { id: id(9) }), actual: null, reason });
  expect(verdict).toMatchObject({ change: null, blocked: { action: null, id: id(9), before: null, reason } });
});
