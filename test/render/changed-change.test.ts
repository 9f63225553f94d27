import { describe, expect, test } from "vitest";
import type { ChangedChange, Moved } from "../../src/engine/compare/same-changes.ts";
import { changedChangeWords } from "../../src/render/words/changed-change.ts";
import { toText } from "../../src/render/words/sentence.ts";
import { actual, BLOCKED_REASONS, blocked, create, remove, rename, uuid } from "./corpus.ts";
import { HIDDEN, HOSTILE } from "./hostile.ts";

const before = actual({ name: "web", spec: { config_src: "local" } });

function textOf(part: Partial<ChangedChange>): string {
  const none = { earlier: null, later: null, blocked: null, moved: [] };
  return toText(changedChangeWords({ kind: "cfd_tunnel", name: "web", ...none, ...part }));
}

describe("what becomes of a change", () => {
  test.each<readonly [Partial<ChangedChange>, string]>([
    [{ earlier: create() }, "cfd_tunnel web: create in the plan, no change now."],
    [{ earlier: create(), later: rename() }, "cfd_tunnel web: create in the plan, update now."],
    [{ earlier: create(), later: create() }, "cfd_tunnel web: create, but not the one in the plan."],
    [
      { later: create() },
      "cfd_tunnel web: no change in the plan, create now. It is declared, and no live cfd_tunnel has this name.",
    ],
  ])("%#", (part, text) => {
    expect(textOf(part)).toBe(text);
  });

  test("that is refused says why, and the way out", () => {
    const live = blocked({ code: "live", status: "healthy", because: "status" });
    expect(textOf({ earlier: remove(), blocked: live })).toBe(
      "cfd_tunnel web: delete in the plan, blocked now. It is live (status healthy), and warren deletes nothing that is in use. Stop its connectors, wait until the status is down, and plan again. There is no override.",
    );
    for (const reason of Object.values(BLOCKED_REASONS)) {
      expect(textOf({ blocked: blocked(reason) })).toMatch(
        /^cfd_tunnel web: no change in the plan, blocked now\. .{20}/,
      );
    }
  });
});

describe("what has moved", () => {
  const resource = (found: Partial<typeof before> | null): Moved => ({
    code: "resource",
    before,
    found: found === null ? null : { ...before, ...found },
  });
  test.each<readonly [Moved, string]>([
    [{ code: "name", name: "web", ids: [uuid(1)] }, `${uuid(1)} has the name web.`],
    [{ code: "name", name: "web", ids: [uuid(1), uuid(2)] }, `${uuid(1)} and ${uuid(2)} have the name web.`],
    [resource(null), `${uuid(1)}, which was cfd_tunnel web, is gone.`],
    [
      resource({ kind: "warp_connector" }),
      `${uuid(1)}, which was cfd_tunnel web, is a warp_connector by now.`,
    ],
    [resource({ name: "api" }), `${uuid(1)}, which was cfd_tunnel web, is named api by now.`],
    [
      resource({ name: "api", spec: { config_src: "cloudflare", new: 1 } }),
      `${uuid(1)}, which was cfd_tunnel web, is named api by now; has config_src cloudflare, which was local; has new 1, which was not reported.`,
    ],
    [
      resource({ spec: {} }),
      `${uuid(1)}, which was cfd_tunnel web, has config_src not reported, which was local.`,
    ],
    [
      { code: "secret", attribute: "tunnel_secret", found: "same" },
      "The declared tunnel_secret is the one in force by now.",
    ],
    [
      { code: "secret", attribute: "tunnel_secret", found: "unknown" },
      "Whether the declared tunnel_secret is the one in force cannot be told: it could not be compared.",
    ],
    [{ code: "not_needed" }, "It was to free its name, and no target wants that name any more."],
  ])("%#", (moved, text) => {
    expect(textOf({ earlier: create(), moved: [moved] })).toBe(
      `cfd_tunnel web: create in the plan, no change now. ${text}`,
    );
  });

  test("is shown with nothing hidden, whatever the names", () => {
    for (const text of HOSTILE) {
      expect(textOf({ earlier: create(), moved: [resource({ name: text })] })).not.toMatch(HIDDEN);
    }
  });
});
