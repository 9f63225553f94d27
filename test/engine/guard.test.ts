import { describe, expect, test } from "vitest";
import { deleteRulesOf, refuseDelete, refuseProtected, refusePrune } from "../../src/engine/decide/guard.ts";
import { cfdTunnel } from "../../src/kinds/cfd_tunnel/index.ts";
import { facts, LONG_AGO, NOW, state, tunnel } from "../support/builders.ts";

const HOUR = 3_600_000;

function rules(patterns: readonly string[] = [], min_idle = HOUR) {
  return deleteRulesOf(
    state([], { limits: { max_deletes: 3, min_idle, max_routes: 1_000 }, protected: patterns }),
  );
}

describe("a delete", () => {
  test.each([
    ["inactive", null],
    ["down", null],
    ["healthy", "live"],
    ["degraded", "live"],
    ["something new", "live"],
    ["", "live"],
    [null, "live"],
  ])("of status %j: %j", (status, code) => {
    const refusal = refuseDelete(tunnel("web", 1, facts({ status })), "web", cfdTunnel, rules());
    expect(refusal?.code ?? null).toBe(code);
  });

  test("of what is live tells its status", () => {
    const live = tunnel("web", 1, facts({ status: "degraded" }));
    expect(refuseDelete(live, "web", cfdTunnel, rules())).toEqual({
      code: "live",
      status: "degraded",
      because: "status",
    });
  });

  test("of a resource without any status is refused, and tells it", () => {
    expect(refuseDelete(tunnel("web", 1, { facts: {} }), "web", cfdTunnel, rules())).toEqual({
      code: "live",
      status: null,
      because: "status",
    });
  });

  test.each([
    ["the live name", "prod-web", "other", "prod-web"],
    ["the declared name", "other", "prod-web", "prod-web"],
  ])("is refused where %s is protected", (_, live, declared, name) => {
    expect(refuseDelete(tunnel(live, 1), declared, cfdTunnel, rules(["x", "prod-*"]))).toEqual({
      code: "protected",
      pattern: "prod-*",
      name,
    });
  });

  test("asks for no idleness", () => {
    const fresh = tunnel("web", 1, facts({ created_at: new Date(NOW).toISOString() }));
    expect(refuseDelete(fresh, "web", cfdTunnel, rules())).toBeNull();
  });
});

/** A moment so many milliseconds ago. */
function at(age: number): string {
  return new Date(NOW - age).toISOString();
}

describe("a prune", () => {
  test.each([
    ["made long ago", {}, null],
    ["made a moment too short ago", { created_at: at(HOUR - 1) }, "recently_active"],
    ["made just long enough ago", { created_at: at(HOUR) }, null],
    ["connected, and cut, lately", { conns_active_at: at(10), conns_inactive_at: at(9) }, "recently_active"],
    ["connected after its last end", { conns_active_at: at(10) }, "live"],
    ["disconnected lately", { conns_inactive_at: at(10) }, "recently_active"],
    ["made in what is our future", { created_at: at(-HOUR) }, "recently_active"],
    ["never connected", { conns_active_at: null, conns_inactive_at: null }, null],
    ["of unknown age", { created_at: null }, "activity_unknown"],
    ["of unreadable age", { created_at: "yesterday" }, "activity_unknown"],
    ["with one time that is unreadable", { conns_inactive_at: "yesterday" }, "activity_unknown"],
    ["live and made lately", { status: "healthy", created_at: at(1) }, "live"],
  ])("of what was %s: %j %j", (_, change, code) => {
    expect(refusePrune(tunnel("web", 1, facts(change)), cfdTunnel, rules(), NOW)?.code ?? null).toBe(code);
  });

  test("tells the latest time as the API wrote it", () => {
    const actual = tunnel("web", 1, facts({ conns_inactive_at: "2025-12-31T23:30:00.123456Z" }));
    expect(refusePrune(actual, cfdTunnel, rules(), NOW)).toEqual({
      code: "recently_active",
      last_active: "2025-12-31T23:30:00.123456Z",
      min_idle: HOUR,
    });
  });

  test.each([{ created_at: at(0) }, { created_at: null }])(
    "with min_idle 0 asks for no idleness: %j",
    (change) => {
      expect(refusePrune(tunnel("web", 1, facts(change)), cfdTunnel, rules([], 0), NOW)).toBeNull();
    },
  );

  test("is refused where the name is protected, whatever its age", () => {
    expect(
      refusePrune(tunnel("web", 1, facts({ created_at: LONG_AGO })), cfdTunnel, rules(["*"]), NOW)?.code,
    ).toBe("protected");
  });
});

test("what no pattern matches is not protected", () => {
  expect(refuseProtected(["web"], rules(["prod-*", "we"]))).toBeNull();
});
