import { describe, expect, it } from "vitest";
import { runCli } from "../support/cli.ts";

const TUNNELS = `version: 1
cfd_tunnel:
  web:
    originRequest: { connectTimeout: 5 }
    ingress:
      - hostname: app.example.com
        path: ^/api/
        service: http://localhost:8080
        originRequest: { connectTimeout: 10s }
      - hostname: app.example.com
        service: http://localhost:3000
      - service: http_status:404
`;

const files = { "tunnels.yaml": TUNNELS };
const explain = (...argv: readonly string[]) => runCli(["explain", ...argv], { files });

describe("explain", () => {
  it("says which rule serves a URL, how, and why those above do not", async () => {
    expect(await explain("https://app.example.com/x")).toEqual({
      code: 0,
      stderr: "",
      stdout: `https://app.example.com/x
  served by cfd_tunnel/web, rule #2 (tunnels.yaml:10): http://localhost:3000
    hostname "app.example.com"
    connectTimeout: 5 (of all rules)
  passed over rule #1 (tunnels.yaml:6): hostname "app.example.com", path "^/api/": the path does not match
  note: rules that differ by path alone are no access control: \`..\` in a path is compared as it is sent
`,
    });
  });

  it("shows a rule's own settings before those of all", async () => {
    const { stdout } = await explain("https://app.example.com/api/x");
    expect(stdout).toContain("rule #1 (tunnels.yaml:6): http://localhost:8080\n");
    expect(stdout).toContain("connectTimeout: 10 (of the rule)\n");
    expect(stdout).toContain("note: would match as well, and the first one counts: rule #2\n");
  });

  it("ends with 1 where only a catch-all with a status answers", async () => {
    const { code, stdout } = await explain("https://www.example.com");
    expect(code).toBe(1);
    expect(stdout).toContain(
      "nothing serves it: the catch-all of cfd_tunnel/web, rule #3 (tunnels.yaml:12): http_status:404",
    );
  });

  it("takes a host without a scheme, in the case that it is typed in", async () => {
    expect((await explain("app.example.com/api/")).stdout).toContain("rule #1 ");
    const capitals = await explain("APP.example.com");
    expect(capitals.code).toBe(1);
    expect(capitals.stdout).toContain("another host: it differs in case");
    expect(capitals.stdout).toContain("note: the host is compared as it is typed");
  });

  it("warns of a host that clients send in other characters, where a wildcard has no second form", async () => {
    const text = TUNNELS.replaceAll("app.example.com", "'*.bücher.example.com'");
    const run = (url: string) => runCli(["explain", url], { files: { "tunnels.yaml": text } });
    const typed = await run("x.bücher.example.com");
    expect(typed.stdout).toContain(
      "note: clients send the host in Punycode: ask for x.xn--bcher-kva.example.com\n",
    );
    expect((await run("x.xn--bcher-kva.example.com")).stdout).not.toContain("note: clients");
    expect((await explain("")).stderr).toContain("An empty text cannot be asked for");
  });

  it("takes an address as a host", async () => {
    expect(await explain("::1")).toMatchObject({ code: 1, stderr: "" });
  });

  it("is content with the service that was expected, and with no other", async () => {
    expect((await explain("app.example.com", "--expect", "http://localhost:3000")).code).toBe(0);
    const other = await explain("app.example.com", "--expect", "http://localhost:8080");
    expect(other.code).toBe(1);
    expect(other.stderr).toBe("Expected http://localhost:8080, and http://localhost:3000 serves it.\n");
    expect((await explain("www.example.com", "--expect", "http_status:404")).code).toBe(0);
  });

  it("prints a document with --json", async () => {
    const { code, stdout } = await explain("https://app.example.com/x", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      format_version: "1.0",
      url: "https://app.example.com/x",
      dns: null,
      tunnel: "cfd_tunnel/web",
      rule: {
        index: 1,
        hostname: "app.example.com",
        path: null,
        service: "http://localhost:3000",
        source: { file: "tunnels.yaml", line: 10 },
        settings: {
          connectTimeout: { value: 5, from: "global" },
          tlsTimeout: { value: 10, from: "default" },
        },
      },
      passed: [{ index: 0, why: "path" }],
      route: null,
      live: null,
      served: true,
      notes: [{ code: "path_is_no_access_control" }],
    });
  });

  it("explains rules whose tests fail", async () => {
    const tests = "    tests: [{ url: https://a.b, service: http://localhost:1 }]\n";
    const argv = ["explain", "https://app.example.com"];
    expect((await runCli(argv, { files: { "tunnels.yaml": TUNNELS + tests } })).code).toBe(0);
    expect((await runCli(["validate"], { files: { "tunnels.yaml": TUNNELS + tests } })).code).toBe(1);
  });

  it("asks for a name where several tunnels have rules", async () => {
    const two = `${TUNNELS}  api:\n    ingress: [{ service: hello_world }]\n`;
    const both = { files: { "tunnels.yaml": two } };
    const several = await runCli(["explain", "a.b"], both);
    expect(several).toMatchObject({ code: 1, stdout: "" });
    expect(several.stderr).toContain("name one with --tunnel (api, web)");
    for (const name of ["api", "cfd_tunnel/api"]) {
      const { code, stdout } = await runCli(["explain", "a.b", "--tunnel", name], both);
      expect([code, stdout]).toEqual([0, expect.stringContaining("cfd_tunnel/api, rule #1")]);
    }
    const mistyped = await runCli(["explain", "a.b", "--tunnel", "wbe"], both);
    expect(mistyped.stderr).toContain("Did you mean web?");
  });

  it.each([
    ["no rules at all", "version: 1\ncfd_tunnel:\n  web:\n", ["a.b"], /no rules to ask/],
    [
      "a tunnel whose rules are not written",
      "version: 1\ncfd_tunnel:\n  web: { originRequest: { connectTimeout: 5 } }\n",
      ["a.b"],
      /no rules to ask/,
    ],
    ["a tunnel without rules", TUNNELS, ["a.b", "--tunnel", "x"], /write no rules for it\.\n/],
    ["a URL that is none", TUNNELS, ["http://a b/"], /cannot be asked for/],
    ["a file with mistakes", TUNNELS.replace("http://localhost:3000", "nothing"), ["a.b"], /no scheme/],
  ])("says what is wrong: %s", async (_, text, argv, message) => {
    const result = await runCli(["explain", ...argv], { files: { "tunnels.yaml": text } });
    expect(result).toMatchObject({ code: 1, stdout: "" });
    expect(result.stderr).toMatch(message);
  });
});
