import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { RejectionDetail } from "../../src/ingress/finding.ts";
import { judge, type Judgement } from "../../src/ingress/judge.ts";
import { inSeconds } from "../../src/ingress/normalise.ts";
import { verdicts } from "./verdicts.ts";

const all = verdicts("configurations", "configurations");
const rows = all.map((row) => ({ ...row, json: row.json ?? JSON.stringify(row.config) }));

/** Go refuses these numbers for how they are spelled: as JSON that we write never spells them. */
const SPELLED = ["originRequest connectTimeout 1.0", "originRequest connectTimeout 1e3"];

/** A file that writes no `ingress` leaves the rules as they are: there is nothing to warn of. */
const NOTHING_WRITTEN = "empty object";

const judged = rows.filter(({ name }) => name !== "malformed JSON" && !SPELLED.includes(name));

test("hold every row of the table", () => {
  expect(judged).toHaveLength(all.length - SPELLED.length - 1);
});

describe.each(judged)("$name", ({ name, json, valid, error, advice }) => {
  test(`cloudflared ${valid ? "accepts" : "refuses"} it`, async () => {
    const { ingress, errors } = await judge(JSON.parse(json));
    expect(ingress !== null).toBe(valid);
    if (error !== undefined) {
      expect(codesOf(error)).toContain(errors[0]?.code);
    }
  });

  test(`advice: ${advice}`, async () => {
    const judgement = await judge(JSON.parse(json));
    if (advice.startsWith("warn") && name !== NOTHING_WRITTEN) {
      expect(said(judgement)).not.toEqual([]);
    }
    if (advice === "error") {
      expect(judgement.errors).not.toEqual([]);
    }
  });
});

test.each(rows.filter(({ name }) => SPELLED.includes(name)))(
  "$name: is sent as another spelling",
  async ({ json }) => {
    const sent = JSON.stringify(JSON.parse(json));
    expect(sent).not.toBe(json);
    expect((await judge(JSON.parse(sent))).errors).toEqual([]);
  },
);

test("malformed JSON is no document", () => {
  expect(
    () => JSON.parse(rows.find(({ name }) => name === "malformed JSON")?.json ?? "") as unknown,
  ).toThrow();
});

test("1,000 rules", async () => {
  const rule = (at: number) => ({ hostname: `h${at}.example.com`, service: "http://localhost:8080" });
  const judgement = await judge({
    ingress: [...Array.from({ length: 999 }, (_, at) => rule(at)), { service: "http_status:404" }],
  });
  expect(judgement.ingress?.rules).toHaveLength(1_000);
  expect(said(judgement)).toEqual([]);
});

describe.each(all.flatMap(({ yaml, ...row }) => (yaml === undefined ? [] : [{ ...row, yaml }])))(
  "$name, as config.yml writes it",
  ({ yaml }) => {
    test("is accepted once its durations are numbers", async () => {
      const { errors } = await judge(inSeconds(parse(yaml, { version: "1.1" })));
      expect(errors).toEqual([]);
    });
  },
);

function said({ errors, warnings, notes }: Judgement): readonly string[] {
  return [...errors, ...warnings, ...notes].map(({ code }) => code);
}

/** Go's words, and the codes for the same. */
const WORDS: readonly (readonly [RegExp, ...RejectionDetail["code"][]])[] = [
  [/cannot unmarshal number -|value out of range/, "number_out_of_range"],
  [/ParseInt: parsing "\\"/, "bad_duration"],
  [/cannot unmarshal|ParseInt/, "ingress_wrong_type"],
  [/^ is an invalid address/, "service_missing"],
  [/scheme and a hostname|first path segment/, "service_without_scheme", "service_without_host"],
  [/different path on the origin/, "service_with_path"],
  [/HTTP status/, "service_bad_status"],
  [/^parse /, "service_bad_url"],
  [/no prefix|parse cidr/, "ip_rule_bad_prefix"],
  [/invalid port/, "ip_rule_bad_port"],
  [/TeamName cannot be blank/, "access_without_team"],
  [/contain a port/, "hostname_with_port"],
  [/one wildcard/, "hostname_bad_wildcard"],
  [/last ingress rule/, "last_rule_not_catch_all"],
  [/match every hostname/, "catch_all_not_last"],
  [/invalid regex/, "path_bad_pattern"],
];

function codesOf(error: string): readonly string[] {
  const [, ...codes] = WORDS.find(([words]) => words.test(error)) ?? [];
  return codes;
}
