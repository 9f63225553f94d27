import { describe, expect, test } from "vitest";
import { blockedRefusal, changedRefusal } from "../../src/render/words/refusal.ts";
import {
  BLOCKED_REASONS,
  blocked,
  CHANGES,
  create,
  plan,
  remove,
  replace,
  TOO_MANY_DELETES,
} from "./corpus.ts";
import { expectGolden } from "./golden.ts";

const live = blocked(BLOCKED_REASONS.live);
const APPLY = ["warren", "apply"];

describe("blockedRefusal", () => {
  test("is null for a plan in which nothing is blocked", () => {
    expect(blockedRefusal(plan({ changes: [create()] }), APPLY)).toBeNull();
  });

  test("names every target that goes round it, in a command to paste", async () => {
    const names = ["prod-web", "two words", "it's", "\u001b[31m"];
    const changes = [...names.map((name) => create({ name })), CHANGES.prune];
    await expectGolden("refusal.txt", blockedRefusal(plan({ changes, blocked: [live] }), APPLY)?.text ?? "");
  });

  test("says so when there is nothing to go round with", () => {
    const refusal = blockedRefusal(plan({ changes: [CHANGES.prune], blocked: [live] }), APPLY);
    expect(refusal?.targets).toEqual([]);
    expect(refusal?.text).toBe(
      "apply refuses this plan and changes nothing: 1 blocked. There is no other change that could be applied alone.\n",
    );
  });

  test("beyond the limit of deletes: no prune, and no more replacements than it allows", () => {
    const replacements = [1, 2, 3, 4].map((number) => replace({ name: `edge-${number}` }));
    const changes = [...replacements, CHANGES.prune, remove()];
    const refusal = blockedRefusal(plan({ changes, blocked: [TOO_MANY_DELETES] }), APPLY);
    expect(refusal?.targets).toEqual([
      "cfd_tunnel/edge-1",
      "cfd_tunnel/edge-2",
      "cfd_tunnel/edge-3",
      "cfd_tunnel/prod-old",
    ]);
    expect(refusal?.message).toContain("without 1 to prune (--target names entries only) and 1 to replace");
  });

  test("of very many targets, the text says how many more; the list is complete", () => {
    const changes = Array.from({ length: 60 }, (_, number) => create({ name: `t-${number}` }));
    const refusal = blockedRefusal(plan({ changes, blocked: [live] }), [
      "warren",
      "apply",
      "--file",
      "my file.yaml",
    ]);
    expect(refusal?.targets).toHaveLength(60);
    expect(refusal?.text).toContain(
      "    warren apply --file 'my file.yaml' --target cfd_tunnel/t-0 --target",
    );
    expect(refusal?.text).toContain("--target cfd_tunnel/t-49 … and 10 more --target\n");
  });
});

describe("changedRefusal", () => {
  const none = { later: null, blocked: null, moved: [] };
  const kept = { kind: "cfd_tunnel", name: "web", ...none, earlier: create() };
  const stale = { why: "stale", command: null } as const;

  test("is null for a plan that is the one that was shown", () => {
    expect(changedRefusal(plan({ changes: [create()] }), [], stale)).toBeNull();
  });

  test("names each change, and says how many more there are", () => {
    const changed = Array.from({ length: 60 }, (_, number) => ({ ...kept, name: `t-${number}` }));
    const refusal = changedRefusal(plan(), changed, stale);
    expect(refusal).toMatchObject({ code: "stale", targets: [] });
    expect(refusal?.details).toHaveLength(60);
    expect(refusal?.text).toContain(
      "    cfd_tunnel t-49: create in the plan, no change now.\n    and 10 more\n",
    );
  });

  test("says of the files' own plan that it is another one", () => {
    for (const why of ["drifted", "edited"] as const) {
      expect(changedRefusal(plan(), [kept], { why, command: APPLY })?.code).toBe("not_as_planned");
    }
  });

  test("names what is blocked in its text, since nobody has seen that plan, and once in the documents", () => {
    const refused = { ...kept, name: "old", earlier: remove(), blocked: live };
    const refusal = changedRefusal(
      plan({ changes: [create()], blocked: [live, TOO_MANY_DELETES] }),
      [kept, refused],
      stale,
    );
    expect(refusal?.code).toBe("blocked");
    expect(refusal?.details).toEqual(["cfd_tunnel web: create in the plan, no change now."]);
    expect(refusal?.text.split("\n")).toEqual([
      "apply refuses this plan and changes nothing: 2 blocked.",
      "    cfd_tunnel web: create in the plan, no change now.",
      expect.stringMatching(/^ {4}cfd_tunnel old: delete in the plan, blocked now\. It is live/),
      expect.stringMatching(/^ {4}The plan prunes and replaces/),
      "To apply the rest alone, plan again from its files with --target:",
      "    --target cfd_tunnel/prod-web",
      "",
    ]);
  });
});
