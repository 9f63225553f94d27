import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Credential } from "../../src/simulator/wire/auth.ts";
import { runToken } from "../../src/simulator/tunnel/token.ts";
import { environmentFor, runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";

const ID = "11111111-1111-4111-8111-111111111111";
const WARP_ID = "22222222-2222-4222-8222-222222222222";

const credentials: readonly Credential[] = [
  { token: "read-only", permissions: { cfd_tunnel: "read", warp_connector: "read" } },
];

async function seeded() {
  const sandbox = await servedSandbox({ credentials });
  const tunnels = sandbox.simulator.seed([
    { kind: "cfd_tunnel", name: "web", id: ID },
    { kind: "warp_connector", name: "branch", id: WARP_ID },
  ]);
  const [web, branch] = tunnels.map((tunnel) => runToken(sandbox.accountId, tunnel));
  return { sandbox, web: web ?? "", branch: branch ?? "" };
}

describe("token", () => {
  test("prints the token alone, for a shell or a pipe", async () => {
    const { sandbox, web, branch } = await seeded();
    const { env } = sandbox;
    expect(await runCli(["token", "web"], { env })).toEqual({ code: 0, stdout: web, stderr: "" });
    expect(await runCli(["token", "branch"], { env })).toEqual({ code: 0, stdout: branch, stderr: "" });
    expect((await runCli(["token", "web"], { env, tty: true })).stdout).toBe(`${web}\n`);
  });

  test("takes a token that arrives as raw text", async () => {
    const { sandbox, web } = await seeded();
    sandbox.simulator.setSwitches({ token_body: "text" });
    expect((await runCli(["token", "web"], { env: sandbox.env })).stdout).toBe(web);
  });

  test("--json holds it as well", async () => {
    const { sandbox, web } = await seeded();
    const { stdout } = await runCli(["token", "web", "--json"], { env: sandbox.env });
    expect(JSON.parse(stdout)).toEqual({
      format_version: "1.0",
      account_id: sandbox.accountId,
      tunnel: { kind: "cfd_tunnel", name: "web", id: ID },
      token: web,
      out: null,
    });
  });

  test("under GitHub Actions the log is told to mask it before it is printed", async () => {
    const { sandbox, web } = await seeded();
    const written: string[] = [];
    const env = { ...sandbox.env, GITHUB_ACTIONS: "true" };
    const { stdout, stderr } = await runCli(["token", "web"], {
      env,
      onOutput: (text) => written.push(text),
    });
    expect({ stdout, stderr }).toEqual({ stdout: web, stderr: `::add-mask::${web}\n` });
    expect(written).toEqual([stderr, stdout]);
  });

  test("a refusal says that this read needs a permission to write", async () => {
    const { sandbox } = await seeded();
    const { code, stdout, stderr } = await runCli(["token", "web"], {
      env: environmentFor(sandbox, "read-only"),
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("permission to write");
    expect(stderr).toContain("Cloudflare Tunnel: Edit");
  });

  /** A sandbox that gives this for the token. */
  const giving = async (token: (accountId: string) => unknown) => {
    const sandbox = await servedSandbox({
      intercept: ({ path }) =>
        path.endsWith("/token")
          ? {
              type: "answer",
              acts: false,
              status: 200,
              headers: { "content-type": "application/json" },
              body: JSON.stringify({
                success: true,
                errors: [],
                messages: [],
                result: token(sandbox.accountId),
              }),
            }
          : undefined,
    });
    sandbox.simulator.seed([{ kind: "cfd_tunnel", name: "web", id: ID }]);
    return sandbox;
  };
  const encoded = (parts: object) => Buffer.from(JSON.stringify(parts)).toString("base64");
  const OTHER_ACCOUNT = "f".repeat(32);

  test("an answer that is no token is an error", async () => {
    const { env } = await giving(() => "two words");
    const { code, stdout } = await runCli(["token", "web"], { env });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });

  test.each([
    ["tunnel's", (a: string) => ({ a, t: WARP_ID, s: "c2VjcmV0" })],
    ["account's", () => ({ a: OTHER_ACCOUNT, t: ID, s: "c2VjcmV0" })],
    ["tunnel's, without a secret", (a: string) => ({ a, t: WARP_ID })],
    ["account's, without a tunnel", () => ({ a: OTHER_ACCOUNT, s: "c2VjcmV0" })],
  ])("another %s is not handed out", async (_, parts) => {
    const cwd = temporaryFolder();
    const { env } = await giving((accountId) => encoded(parts(accountId)));
    for (const out of [[], ["--out", "token"]]) {
      const { code, stdout, stderr } = await runCli(["token", "web", ...out], { env, cwd });
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toContain("another tunnel's or account's");
    }
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("one whose ids are in upper case is this tunnel's", async () => {
    const own = (a: string) => encoded({ a: a.toUpperCase(), t: ID.toUpperCase(), s: "c2VjcmV0" });
    const sandbox = await giving(own);
    const { code, stdout, stderr } = await runCli(["token", "web"], { env: sandbox.env });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: own(sandbox.accountId), stderr: "" });
  });

  test.each(["opaque-token", encoded({ x: 1 }), encoded({ a: 1, t: ID, s: "c2VjcmV0" }), encoded([])])(
    "%s, of a form that nobody knows, is handed out, and that is said",
    async (token) => {
      const { env } = await giving(() => token);
      const { code, stdout, stderr } = await runCli(["token", "web"], { env });
      expect({ code, stdout }).toEqual({ code: 0, stdout: token });
      expect(stderr).toBe(
        "The token is not in the form that warren knows, so whether it is this tunnel's could not be seen.\n",
      );
    },
  );
});

describe("--out", () => {
  test("writes a file that only its owner may read, and prints nothing secret", async () => {
    const { sandbox, web } = await seeded();
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "token"), "what was there", { mode: 0o644 });
    const { code, stdout, stderr } = await runCli(["token", "web", "--out", "token"], {
      env: { ...sandbox.env, GITHUB_ACTIONS: "true" },
      cwd,
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).not.toContain(web);
    expect(readFileSync(join(cwd, "token"), "utf8")).toBe(web);
    expect(statSync(join(cwd, "token")).mode & 0o777).toBe(0o600);
    expect(readdirSync(cwd)).toEqual(["token"]);
  });

  test.each(["real", "nothing"])(
    "follows no link, here to %s, and asks for nothing before it says so",
    async (to) => {
      const { sandbox } = await seeded();
      const cwd = temporaryFolder();
      writeFileSync(join(cwd, "real"), "kept");
      symlinkSync(to, join(cwd, "link"));
      sandbox.simulator.traffic.reset();
      for (const argv of [["token"], ["management-token", "--resource", "logs"], ["rotate", "--yes"]]) {
        const [command = "", ...more] = argv;
        const result = await runCli([command, "web", "--out", "link", ...more], { env: sandbox.env, cwd });
        expect(result).toMatchObject({ code: 1, stdout: "" });
        expect(result.stderr).toContain("symbolic link");
      }
      expect(readFileSync(join(cwd, "real"), "utf8")).toBe("kept");
      expect(readdirSync(cwd).sort()).toEqual(["link", "real"]);
      expect(sandbox.simulator.traffic.counts().requests).toBe(0);
    },
  );

  test.each(["no/such/folder/token", "folder", "/dev/null"])(
    "%s cannot be written, which is found before anything is asked",
    async (out) => {
      const { sandbox } = await seeded();
      const cwd = temporaryFolder();
      mkdirSync(join(cwd, "folder"));
      const { code, stderr } = await runCli(["token", "web", "--out", out], { env: sandbox.env, cwd });
      expect(code).toBe(1);
      expect(stderr).toContain(out);
      expect(sandbox.simulator.traffic.counts().requests).toBe(0);
    },
  );

  test("is left as it was when the token cannot be had", async () => {
    const { sandbox } = await seeded();
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "token"), "what was there");
    const { code } = await runCli(["token", "api", "--out", "token"], { env: sandbox.env, cwd });
    expect(code).toBe(1);
    expect(readFileSync(join(cwd, "token"), "utf8")).toBe("what was there");
    expect(readdirSync(cwd)).toEqual(["token"]);
    await runCli(["token", "api", "--out", "new"], { env: sandbox.env, cwd });
    expect(existsSync(join(cwd, "new"))).toBe(false);
  });
});

describe("management-token", () => {
  test("prints the token alone, for the resource that was asked for", async () => {
    const { sandbox } = await seeded();
    const { code, stdout, stderr } = await runCli(["management-token", "web", "--resource", "logs"], {
      env: sandbox.env,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const claims: unknown = JSON.parse(Buffer.from(stdout.split(".")[1] ?? "", "base64url").toString());
    expect(claims).toMatchObject({ tun: { id: ID }, res: ["logs"] });
  });

  test("--out and --json", async () => {
    const { sandbox } = await seeded();
    const cwd = temporaryFolder();
    const { stdout } = await runCli(["management-token", "web", "--out", "jwt", "--json"], {
      env: sandbox.env,
      cwd,
    });
    expect(JSON.parse(stdout)).toMatchObject({ resources: ["logs"], token: null, out: "jwt" });
    expect(readFileSync(join(cwd, "jwt"), "utf8")).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  test("a WARP connector has none, which is said before anything is sent", async () => {
    const { sandbox } = await seeded();
    const { code, stderr } = await runCli(["management-token", "branch"], { env: sandbox.env });
    expect(code).toBe(1);
    expect(stderr).toContain("cfd_tunnel only");
    expect(sandbox.simulator.traffic.counts().by_endpoint).toEqual({ "GET /tunnels": 1 });
  });

  test("another resource is an error of the command line", async () => {
    const { code, stderr } = await runCli(["management-token", "web", "--resource", "everything"]);
    expect(code).toBe(1);
    expect(stderr).toContain("logs");
  });
});
