import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { violations } from "../../src/config/schema/schema.ts";
import { loadDesiredState, loadIngress } from "../../src/config/load.ts";
import { messageOf } from "../../src/render/problem/message.ts";

function load(entry: string) {
  const text = `version: 1\ncfd_tunnel:\n  web:\n${entry.replace(/^/gm, "    ")}\n`;
  return loadDesiredState([{ path: "a.yaml", text }], { env: {} });
}

/** What is wrong, and where. */
async function problems(entry: string): Promise<readonly string[]> {
  const loaded = await load(entry);
  return (loaded.ok ? [] : loaded.problems).map(
    ({ code, location: { line, column } }) => `${code} ${line}:${column}`,
  );
}

const RULES = `ingress:
  - { hostname: app.example.com, service: http://localhost:8080 }
  - service: http_status:404`;

describe("a configuration in a tunnel's entry", () => {
  test("is an entry of its own, in the API's form, and the tunnel follows it", async () => {
    const loaded = await load(`${RULES}\noriginRequest: { connectTimeout: 1m30s, tlsTimeout: 5 }`);
    expect(loaded.ok && loaded.value).toMatchObject({
      kinds: ["cfd_tunnel", "cfd_tunnel_configuration"],
      entries: [
        { kind: "cfd_tunnel", name: "web", spec: { config_src: "cloudflare" } },
        {
          kind: "cfd_tunnel_configuration",
          name: "web",
          spec: {
            tunnel_id: { $ref: { kind: "cfd_tunnel", name: "web", output: "id" } },
            ingress: [
              { hostname: "app.example.com", service: "http://localhost:8080" },
              { service: "http_status:404" },
            ],
            originRequest: { connectTimeout: 90, tlsTimeout: 5 },
          },
          source: { line: 4, column: 5 },
        },
      ],
    });
  });

  test("is none where an entry writes none of its keys", async () => {
    const loaded = await load("config_src: local");
    expect(loaded.ok && loaded.value.kinds).toEqual(["cfd_tunnel"]);
  });

  test.each([
    ["at the value", "ingress: [{ service: localhost }]", ["service_without_scheme 4:26"]],
    [
      "at a mistyped key",
      "ingress: [{ servce: hello_world, service: hello_world }]",
      ["ingress_unknown_key 4:17"],
    ],
    [
      "at the rule whose key is missing",
      "ingress:\n  - path: a\n  - hostname: a.b",
      ["service_missing 5:9", "service_missing 6:9", "last_rule_not_catch_all 6:19"],
    ],
    ["once where the schema says so too", "ingress: [{ service: 5 }]", ["ingress_wrong_type 4:26"]],
    [
      "at an empty value, which only the schema minds",
      "ingress: [{ path: , service: hello_world }]",
      ["wrong_type 4:17"],
    ],
    ["at a wrong time", "originRequest: { tlsTimeout: 1.5s }", ["bad_duration 4:34"]],
    ["at an empty list", "ingress: []", ["ingress_empty 4:14"]],
    [
      "in all at once",
      "warp-routing: { maxActiveFlows: -1 }\noriginRequest: { access: { required: true } }",
      ["number_out_of_range 4:37", "access_not_enforced 5:42"],
    ],
    ["of local rules", `config_src: local\n${RULES}`, ["configuration_is_local 5:5"]],
  ])("is judged: %s", async (_, entry, expected) => {
    expect(await problems(entry)).toEqual(expected);
  });

  test("that aliases repeat is judged once", async () => {
    const text = "version: 1\ncfd_tunnel:\n  a: &a { ingress: [{ service: nothing }] }\n  b: *a\n";
    const loaded = await loadDesiredState([{ path: "a.yaml", text }], { env: {} });
    expect(loaded.ok ? [] : loaded.problems.map(({ code }) => code)).toEqual(["service_without_scheme"]);
  });

  test("of an absent tunnel means nothing", async () => {
    expect(await problems(`state: absent\n${RULES}`)).toEqual(["absent_with_attribute 5:5"]);
  });

  test("has tests that are run", async () => {
    const tests = (url: string, service: string) =>
      `${RULES}\ntests: [{ url: "${url}", service: "${service}" }]`;
    expect(await problems(tests("https://app.example.com/x", "http://localhost:8080"))).toEqual([]);
    expect(await problems(tests("https://www.example.com/", "http://localhost:8080"))).toEqual([
      "test_other_service 7:57",
    ]);
    expect(await problems(tests("app.example.com", "http://localhost:8080"))).toEqual(["test_bad_url 7:20"]);
    expect(await problems(`${RULES}\ntests: [{ url: https://a.b }]`)).toEqual(["missing_key 7:13"]);
    expect(await problems("tests: [{ url: https://a.b, service: hello_world }]")).toEqual([
      "test_other_service 4:42",
    ]);
  });

  test("never shows a password", async () => {
    const loaded = await load(
      "ingress: [{ service: http://me:hunter2@host/path, hostname: 5 }]\nx: http://me:hunter2@host",
    );
    expect(loaded.ok).toBe(false);
    expect(JSON.stringify(loaded)).not.toContain("hunter2");
    const broken = await load("ingress: [{ service: http://me:hunter2@host");
    expect(JSON.stringify(broken)).not.toContain("hunter2");
  });

  test.each([
    '"http://me:hun hunter2@host"',
    "'http://me:hun\"hunter2@host'",
    '"http://me:hunter2\\u0040host/x"',
    '"http:\\/\\/me:hunter2@host/x"',
    '"me:hunter2@host"',
    "http:/me:hunter2@host",
    "ftp:me:hunter2@host",
    ">-\n        http://me:hunter2@ho st",
  ])("never shows the password of %s, whole or broken", async (service) => {
    for (const key of ["service", "Service"]) {
      const loaded = await load(`ingress:\n  - ${key}: ${service}\n    hostname: 5`);
      expect(loaded.ok).toBe(false);
      expect(JSON.stringify(loaded)).not.toContain("hunter2");
    }
    const broken = await load(`ingress:\n  - service: ${service}\n  - { service: [ }`);
    expect(JSON.stringify(broken)).not.toContain("hunter2");
  });

  test("says of a rule that an alias stands for where the alias is, and of what is in it where that is", async () => {
    const rule = '{ hostname: a.b, service: "http://localhost", originRequest: { noTLSVerify: true } }';
    const text = `ingress:\n  - &r ${rule}\n  - *r\n  - *r\n  - service: http_status:404`;
    const loaded = await load(text);
    expect(
      loaded.warnings.map(({ code, location: { line, column } }) => `${code} ${line}:${column}`),
    ).toEqual(["tls_not_verified 5:88", "rule_never_reached 6:9", "rule_never_reached 7:9"]);
  });

  test("gives its rules, each with its place", async () => {
    const text = `version: 1\ncfd_tunnel:\n  web:\n${RULES.replace(/^/gm, "    ")}\n  api:\n`;
    const failing = `${text}    tests: []\n`.replace(
      "  api:\n    tests: []",
      "  api:\n    tests: [{ url: http://a, service: b }]",
    );
    const loaded = await loadIngress([{ path: "a.yaml", text: failing }], { env: {}, ignoreAccount: true });
    expect(loaded.ok && loaded.value.tunnels).toMatchObject([
      { tunnel: "web", rules: [{ line: 5 }, { line: 6 }] },
    ]);
  });
});

interface Case {
  readonly name: string;
  readonly config?: unknown;
}

const cases = (
  JSON.parse(readFileSync(join(import.meta.dirname, "../ingress/verdicts/configurations.json"), "utf8")) as {
    readonly configurations: readonly Case[];
  }
).configurations.filter(
  ({ config }) => typeof config === "object" && config !== null && !Array.isArray(config),
);

test("the table of verdicts is there", () => {
  expect(cases.length).toBeGreaterThan(100);
});

test.each(cases)(
  "$name: the file is refused with words and a place, or the schema accepts it",
  async ({ config }) => {
    const text = stringify(
      { version: 1, cfd_tunnel: { web: config } },
      { lineWidth: 0, aliasDuplicateObjects: false },
    );
    const loaded = await loadDesiredState([{ path: "a.yaml", text }], { env: {} });
    const said = [...(loaded.ok ? [] : loaded.problems), ...loaded.warnings, ...loaded.notes];
    for (const problem of said) {
      expect(messageOf(problem)).toMatch(/^.{10,}$/);
      expect(problem.location.line).toBeGreaterThan(2);
    }
    if (loaded.ok) {
      expect(violations({ version: 1, cfd_tunnel: { web: config } } as never)).toEqual([]);
    }
  },
);
