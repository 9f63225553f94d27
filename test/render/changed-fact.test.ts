import { describe, expect, test } from "vitest";
import type { ChangedFact } from "../../src/engine/facts.ts";
import { changedFactWords } from "../../src/render/changed-fact.ts";
import { toText } from "../../src/render/sentence.ts";
import { actual, uuid } from "./corpus.ts";
import { HIDDEN, HOSTILE } from "./hostile.ts";

const name = (ids: readonly string[], found: readonly string[]): ChangedFact => ({
  code: "name",
  fact: { code: "name", kind: "cfd_tunnel", name: "web", ids },
  found,
});
const spec = { config_src: "local" };
const resource = (found: Partial<ReturnType<typeof actual>> | null): ChangedFact => ({
  code: "resource",
  fact: { code: "resource", kind: "cfd_tunnel", id: uuid(1), name: "web", spec },
  found: found === null ? null : actual({ name: "web", spec, ...found }),
});
const secret = (found: "same" | "unknown"): ChangedFact => ({
  code: "secret",
  fact: { code: "secret", kind: "cfd_tunnel", id: uuid(1), attribute: "tunnel_secret" },
  found,
});

describe("changedFactWords", () => {
  test.each<readonly [ChangedFact, string]>([
    [name([], [uuid(1)]), `The name web of a cfd_tunnel: none had it; now ${uuid(1)} has it.`],
    [name([uuid(1)], []), `The name web of a cfd_tunnel: ${uuid(1)} had it; now none has it.`],
    [
      name([uuid(1)], [uuid(1), uuid(2)]),
      `The name web of a cfd_tunnel: ${uuid(1)} had it; now ${uuid(1)} and ${uuid(2)} have it.`,
    ],
    [resource(null), `cfd_tunnel web (${uuid(1)}): it lived; now it is gone.`],
    [resource({ kind: "warp_connector" }), `cfd_tunnel web (${uuid(1)}): now it is a warp_connector.`],
    [resource({ name: "api" }), `cfd_tunnel web (${uuid(1)}): now it is named api.`],
    [
      resource({ name: "api", spec: { config_src: "cloudflare", new: 1 } }),
      `cfd_tunnel web (${uuid(1)}): now it is named api; config_src was local and is now cloudflare; new was not reported and is now 1.`,
    ],
    [resource({ spec: {} }), `cfd_tunnel web (${uuid(1)}): config_src was local and is now not reported.`],
    [
      secret("same"),
      `The declared tunnel_secret of cfd_tunnel ${uuid(1)}: it was not the one in force; now it is the one in force.`,
    ],
    [
      secret("unknown"),
      `The declared tunnel_secret of cfd_tunnel ${uuid(1)}: it was not the one in force; now nobody can tell: it could not be compared.`,
    ],
  ])("%#", (changed, text) => {
    expect(toText(changedFactWords(changed))).toBe(text);
  });

  test("shows nothing hidden, whatever the names", () => {
    for (const text of HOSTILE) {
      expect(toText(changedFactWords(resource({ name: text })))).not.toMatch(HIDDEN);
    }
  });
});
