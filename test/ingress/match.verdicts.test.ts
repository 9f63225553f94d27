import { describe, expect, test } from "vitest";
import { requestOf } from "../../src/ingress/explain.ts";
import { judge } from "../../src/ingress/judge.ts";
import { findMatchingRule } from "../../src/ingress/match.ts";
import { verdicts } from "./verdicts.ts";

const sets = verdicts("requests", "sets");

describe.each(sets)("rules: $set", ({ rules, requests }) => {
  test.each(requests)("$hostname $path is served by rule $rule", async ({ url, hostname, path, rule }) => {
    const { ingress } = await judge({ ingress: rules });
    expect(ingress && findMatchingRule(ingress, { host: hostname, path })).toMatchObject({ index: rule });
    if (url !== undefined) {
      // A request always has a path, though cloudflared's own command takes a URL without one for one without a path.
      expect(requestOf(url)).toEqual({ host: hostname, path: path === "" ? "/" : path });
    }
  });
});
