import { describe, expect, it } from "vitest";
import { loadDesiredState } from "../../src/config/load.ts";

async function load(...texts: readonly string[]) {
  const files = texts.map((text, at) => ({ path: `${"abc".charAt(at)}.yaml`, text }));
  return loadDesiredState(files, { env: {} });
}

/** What is wrong, as `code file:line:column`. */
async function problemsOf(...texts: readonly string[]): Promise<readonly string[]> {
  const loaded = await load(...texts);
  return loaded.ok
    ? []
    : loaded.problems.map(
        ({ code, location: { file, line, column } }) => `${code} ${file}:${line}:${column}`,
      );
}

const file = (entry: string, name = "web", head = "") =>
  `version: 1\n${head}cfd_tunnel:\n  ${name}: ${entry}\n`;
const codesOf = async (...texts: readonly string[]) =>
  (await problemsOf(...texts)).map((problem) => problem.split(" ")[0]);

describe("a route", () => {
  it.each([
    ["10.1.0.0/16", "10.1.0.0/16"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["100.64.0.0/10", "100.64.0.0/10"],
    ['"FD00:0:0:1::/64"', "fd00:0:0:1::/64"],
    ['"fd00:0:0:0:0:0:0:0/8"', "fd00::/8"],
    ['"::ffff:10.1.0.0/112"', "::ffff:a01:0/112"],
    ['"::/0"', "::/0"],
  ])("%s is called %s", async (written, name) => {
    const loaded = await load(file(`{ routes: [${written}] }`));
    const entries = loaded.ok ? loaded.value.entries.filter(({ kind }) => kind === "route") : [];
    expect(entries).toMatchObject([{ name, spec: { network: name }, source: { line: 3 } }]);
  });

  it.each([
    ["10.1.0.0/33", "bad_network"],
    ["10.1.0.0/016", "bad_network"],
    ["10.01.0.0/16", "bad_network"],
    ["10.1.0.0", "bad_network"],
    ["10.1.0.1/16", "bad_network"],
    ['"fd00::1/64"', "bad_network"],
    ['"fe80::1%eth0/64"', "bad_network"],
    ["everything", "bad_network"],
    ['""', "bad_network"],
    ["100.96.0.0/12", "reserved_network"],
    ["100.97.0.0/16", "reserved_network"],
    ["100.64.0.0/12", "reserved_network"],
    ["172.64.128.0/24", "reserved_network"],
    ["100.112.7.0/24", "reserved_network"],
    ['"2606:4700:cf1:1000::/64"', "reserved_network"],
    ["{ comment: no network }", "missing_key"],
    ["10", "wrong_type"],
    ["{ network: 10.1.0.0/16, virtual_network: }", "wrong_type"],
    ["{ network: 10.1.0.0/16, id: nothing }", "wrong_format"],
    ["{ network: 10.1.0.0/16, state: gone }", "wrong_value"],
    ["{ network: 10.1.0.0/16, state: absent, comment: x }", "absent_with_attribute"],
  ])("%s is no good: %s", async (written, code) => {
    expect(await codesOf(file(`{ routes: [${written}] }`))).toEqual([code]);
  });

  it("says what to write in place of one with host bits, where it stands", async () => {
    const loaded = await load(file("{ routes: [10.1.2.3/16] }"));
    expect(loaded.ok ? [] : loaded.problems).toMatchObject([
      { code: "bad_network", why: "host_bits", write: "10.1.0.0/16", location: { line: 3, column: 19 } },
    ]);
  });

  it("of a WARP connector lies in the default network", async () => {
    const text =
      "version: 1\nwarp_connector:\n  branch: { routes: [{ network: 10.1.0.0/16, virtual_network: lab }] }\n";
    expect(await codesOf(text)).toEqual(["unknown_key"]);
  });

  it("is one item's, over all files, however it is spelled; in another network it is another one", async () => {
    const twice = file('{ routes: ["fd00::/8", "FD00:0::/8"] }');
    expect(await problemsOf(twice)).toEqual(["declared_twice a.yaml:3:31"]);
    const one = file("{ routes: [10.1.0.0/16] }");
    const other = file("{ routes: [10.1.0.0/16] }", "api");
    expect(await problemsOf(one, other)).toEqual(["declared_twice b.yaml:3:19"]);
    const lab = file("{ routes: [{ network: 10.1.0.0/16, virtual_network: lab }] }", "api");
    expect(await problemsOf(one, lab)).toEqual([]);
    // Where the files make lab the default, the two are one.
    const promoted = "virtual_network: { lab: { is_default_network: true } }\n";
    expect(await problemsOf(`${one}${promoted}`, lab)).toEqual(["declared_twice b.yaml:3:30"]);
  });

  it("is taken over by one item alone", async () => {
    const id = "01926a3e-7c55-7d0a-9f3e-2b1c4d5e6f70";
    const items = `{ network: 10.1.0.0/16, id: ${id} }, { network: 10.2.0.0/16, id: ${id.toUpperCase()} }`;
    expect(await codesOf(file(`{ routes: [${items}] }`))).toEqual(["id_twice"]);
  });

  it("hangs on no tunnel that is to be absent", async () => {
    expect(await codesOf(file("{ state: absent, routes: [10.1.0.0/16] }"))).toEqual([
      "absent_with_attribute",
    ]);
  });
});

describe("a hostname route", () => {
  it.each([
    ["db.corp.internal", "db.corp.internal"],
    ['"*.Lab.Internal."', "lab.internal"],
    [".corp.internal", "corp.internal"],
  ])("%s is called %s", async (written, name) => {
    const loaded = await load(file(`{ hostname_routes: [${written}] }`));
    const found = loaded.ok ? loaded.value.entries.filter(({ kind }) => kind === "hostname_route") : [];
    expect(found).toMatchObject([{ name, spec: { hostname: name } }]);
  });

  it.each([
    ['"a.*.internal"', "bad_hostname_route"],
    ['"*"', "bad_hostname_route"],
    ['"."', "bad_hostname_route"],
    ['"a b"', "bad_hostname_route"],
    ["https://db.internal/", "bad_hostname_route"],
    ['"db.internal:443"', "bad_hostname_route"],
    ["a..b", "bad_hostname_route"],
    ["x".repeat(255), "bad_hostname_route"],
  ])("%s is no good: %s", async (written, code) => {
    expect(await codesOf(file(`{ hostname_routes: [${written}] }`))).toEqual([code]);
  });

  it("and its wildcard are one", async () => {
    expect(await codesOf(file('{ hostname_routes: [x.internal, "*.x.internal"] }'))).toEqual([
      "declared_twice",
    ]);
  });
});

describe("a name in DNS", () => {
  const rules =
    'ingress: [{ hostname: app.example.com, service: "http://localhost:1" }, { service: "http_status:404" }]';

  it("lies in a zone that the files name, where they name any", async () => {
    const zones = "zones: { example.com: }\n";
    expect(await codesOf(file("{ dns: [a.example.com] }", "web", zones))).toEqual([]);
    expect(await codesOf(file("{ dns: [a.myexample.com] }", "web", zones))).toEqual(["dns_outside_zones"]);
  });

  it("that no rule serves is warned of, where it stands", async () => {
    const warningsOf = async (dns: string) => {
      const { warnings } = await load(file(`{ ${rules}, dns: ${dns} }`));
      return warnings.map((warning) => `${warning.code} ${"name" in warning ? warning.name : ""}`);
    };
    expect(await warningsOf('[app.example.com, "*.example.com", ingress]')).toEqual([]);
    expect(await warningsOf("[www.example.com]")).toEqual(["name_not_served www.example.com"]);
    expect(await warningsOf("[{ name: www.example.com, state: absent }]")).toEqual([]);
  });

  it("is no word for what the entry does not write: under a prefix that would prune every name", async () => {
    expect(await problemsOf(file("{ dns: ingress }"))).toEqual(["stands_for_nothing a.yaml:3:15"]);
    expect(await codesOf(file("{ dns: [a.example.com, ingress] }"))).toEqual(["stands_for_nothing"]);
  });
});
