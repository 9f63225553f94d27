import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import Cloudflare from "cloudflare";
import { describe, expect, test } from "vitest";
import type { Fault, SimulatorRequest } from "../../src/simulator/exchange.ts";
import { readRunToken } from "../../src/simulator/tunnel/token.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { type CliOptions, environmentFor, runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";
import { QuickClock } from "../support/quick-clock.ts";

const ID = "11111111-1111-4111-8111-111111111111";
const WARP_ID = "22222222-2222-4222-8222-222222222222";
const ONE = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
const TWO = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb";
const NOW = Date.UTC(2026, 10, 25, 8, 0, 0, 700);
const OLD = Buffer.alloc(32, 1).toString("base64");
const NEW = Buffer.alloc(32, 2).toString("base64");

type Intercept = (request: SimulatorRequest) => Fault | undefined;

async function seeded() {
  const clock = new QuickClock(NOW);
  const hook: { intercept: Intercept } = { intercept: () => undefined };
  const sandbox = await servedSandbox({
    now: () => clock.now(),
    intercept: (request) => hook.intercept(request),
    credentials: [{ token: "reader", permissions: { cfd_tunnel: "read" } }],
  });
  const { simulator } = sandbox;
  simulator.seed([
    { kind: "cfd_tunnel", name: "web", id: ID, tunnel_secret: OLD },
    { kind: "warp_connector", name: "branch", id: WARP_ID, tunnel_secret: OLD },
  ]);
  const rotate = (argv: readonly string[], options: CliOptions = {}) =>
    runCli(["rotate", ...argv], { clock, ...options, env: { ...sandbox.env, ...options.env } });
  const secret = (id = ID) => simulator.tunnel(id)?.secret;
  const count = (endpoint: string) => simulator.traffic.counts().by_endpoint[endpoint] ?? 0;
  const patches = () => count("PATCH /cfd_tunnel/{id}");
  return { clock, hook, sandbox, simulator, rotate, secret, count, patches };
}

const secretIn = (token: string) => readRunToken(token)?.secret;

describe("a rotation", () => {
  test("makes 32 random bytes, and prints the new token alone", async () => {
    const { rotate, secret, simulator } = await seeded();
    const { code, stdout, stderr } = await rotate(["web", "--yes"]);
    expect(code).toBe(0);
    expect(secret()).not.toBe(OLD);
    expect(Buffer.from(secret() ?? "", "base64")).toHaveLength(32);
    expect(readRunToken(stdout)).toEqual({ tunnel: ID, secret: secret() });
    expect(stderr).toBe("The new secret of cfd_tunnel/web is in force.\n");
    expect(simulator.tunnel(ID)).toMatchObject({ name: "web", deleted_at: null });
  });

  test("of a WARP connector", async () => {
    const { rotate, secret } = await seeded();
    const { code, stdout } = await rotate(["branch", "--yes", "--quiet"]);
    expect(code).toBe(0);
    expect(secretIn(stdout)).toBe(secret(WARP_ID));
    expect(secret(WARP_ID)).not.toBe(OLD);
  });

  test("is what the official SDK sees", async () => {
    const { rotate, sandbox } = await seeded();
    const { stdout } = await rotate(["web", "--yes", "--quiet"]);
    const none = { apiKey: null, apiEmail: null, userServiceKey: null };
    const sdk = new Cloudflare({ ...none, apiToken: sandbox.token, baseURL: sandbox.url });
    const { accountId: account_id } = sandbox;
    expect(await sdk.zeroTrust.tunnels.cloudflared.token.get(ID, { account_id })).toBe(stdout);
  });

  test.each([["tunnels.yaml"], ["secret", "--secret-file", "secret"]])(
    "does not replace %s, which it reads, by the token",
    async (out, ...more) => {
      const { rotate, secret } = await seeded();
      const cwd = temporaryFolder();
      const files = { "tunnels.yaml": "version: 1\n", secret: NEW };
      const { code, stderr } = await rotate(["web", "--yes", "--out", out, ...more], { cwd, files });
      expect({ code, secret: secret() }).toEqual({ code: 1, secret: OLD });
      expect(stderr).toContain(`would replace ${out}`);
      expect(readFileSync(join(cwd, "secret"), "utf8")).toBe(NEW);
    },
  );

  test("takes the secret from a variable or a file", async () => {
    const { rotate, secret } = await seeded();
    expect((await rotate(["web", "--yes", "--secret-env", "NEW"], { env: { NEW } })).code).toBe(0);
    expect(secret()).toBe(NEW);
    expect((await rotate(["web", "--yes", "--secret-file", "s"], { files: { s: `${OLD}\n` } })).code).toBe(0);
    expect(secret()).toBe(OLD);
  });

  test("--json holds the token and what came after", async () => {
    const { rotate, secret, simulator } = await seeded();
    simulator.connect(ID, { client_id: ONE });
    const { code, stdout } = await rotate(["web", "--yes", "--json", "--disconnect", "--wait", "60"]);
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as { token: string };
    expect(document).toMatchObject({
      tunnel: { kind: "cfd_tunnel", name: "web", id: ID },
      confirmed: false,
      disconnected: { cut: [{ id: ONE }], returned: [], remained: [] },
      connectors: { renewed: [], old: [], unseen: null },
      out: null,
    });
    expect(secretIn(document.token)).toBe(secret());
  });
});

describe("--out", () => {
  test("takes the token, and only its owner may read it", async () => {
    const { rotate, secret } = await seeded();
    const cwd = temporaryFolder();
    const { code, stdout, stderr } = await rotate(["web", "--yes", "--out", "token"], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    const token = readFileSync(join(cwd, "token"), "utf8");
    expect(secretIn(token)).toBe(secret());
    expect(stderr).not.toContain(token);
    expect(statSync(join(cwd, "token")).mode & 0o777).toBe(0o600);
    expect(readdirSync(cwd)).toEqual(["token"]);
  });

  test("is opened before anything is changed", async () => {
    const { rotate, secret, simulator } = await seeded();
    expect((await rotate(["web", "--yes", "--out", "no/folder/token"])).code).toBe(1);
    expect(secret()).toBe(OLD);
    expect(simulator.traffic.counts().requests).toBe(0);
  });

  test("that cannot be written after all: the report says which secret holds, and nothing is cut", async () => {
    const { rotate, secret, hook, count } = await seeded();
    const cwd = temporaryFolder();
    hook.intercept = ({ method }) => {
      // A folder takes the file's place while the rotation is under way.
      if (method === "PATCH") {
        mkdirSync(join(cwd, "token"));
      }
      return undefined;
    };
    const { code, stdout, stderr } = await rotate(["web", "--yes", "--out", "token", "--disconnect"], {
      cwd,
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(secret()).not.toBe(OLD);
    expect(stderr).toContain("The new secret of cfd_tunnel/web is in force");
    expect(stderr).toContain("warren token cfd_tunnel/web");
    expect(count("DELETE /cfd_tunnel/{id}/connections")).toBe(0);
    expect(readdirSync(cwd)).toEqual(["token"]);
  });

  test("is not made when the rotation is refused", async () => {
    const { rotate, sandbox, secret } = await seeded();
    const cwd = temporaryFolder();
    const env = environmentFor(sandbox, "reader");
    const { code, stderr } = await rotate(["web", "--yes", "--out", "token"], { cwd, env });
    expect(code).toBe(1);
    expect(stderr).toContain("Cloudflare Tunnel: Edit");
    expect(secret()).toBe(OLD);
    expect(existsSync(join(cwd, "token"))).toBe(false);
  });
});

describe("consent and bad input", () => {
  test.each([
    [["web"], 3, "--yes"],
    [["wbe", "--yes"], 1, "Did you mean web?"],
    [["cfd_tunnel/wbe", "--yes"], 1, "Did you mean cfd_tunnel/web?"],
    [["nothing-like-it", "--yes"], 1, "No live tunnel"],
    [["branch", "--yes", "--disconnect"], 1, "cfd_tunnel only"],
    [["branch", "--yes", "--wait", "5"], 1, "cfd_tunnel only"],
    [["web", "--yes", "--wait", "soon"], 1, "--wait"],
    [["web", "--yes", "--secret-env", "UNSET"], 1, "env UNSET: is not set"],
    [["web", "--yes", "--secret-env", "constructor"], 1, "env constructor: is not set"],
    [["web", "--yes", "--secret-env", "SHORT"], 1, "at least 32"],
    [["web", "--yes", "--secret-env", "CLOUDFLARE_API_TOKEN"], 1, "is a credential"],
    [["web", "--yes", "--secret-env", NEW], 1, "env (secret): is not set"],
    [["web", "--yes", "--secret-file", NEW], 1, "file (secret): cannot be read"],
    [["web", "--yes", "--secret-env", "SHORT", "--secret-file", "x"], 1, "--secret-file"],
  ])("%j changes nothing, and ends with %d", async (argv, expected, words) => {
    const { rotate, secret, patches } = await seeded();
    const { code, stdout, stderr } = await rotate(argv, { env: { SHORT: "c2hvcnQ=" } });
    expect({ code, stdout, patches: patches() }).toEqual({ code: expected, stdout: "", patches: 0 });
    expect(stderr).toContain(words);
    expect(secret()).toBe(OLD);
  });

  test("on a terminal it asks, and says what it means for those that run", async () => {
    const { rotate, secret, simulator } = await seeded();
    simulator.connect(ID, { client_id: ONE });
    const no = await rotate(["web"], { tty: true, stdin: "no\n" });
    expect(no.code).toBe(3);
    expect(no.stderr).toContain("1 connector of cfd_tunnel/web");
    expect(secret()).toBe(OLD);
    expect((await rotate(["web"], { tty: true, stdin: "yes\n" })).code).toBe(0);
    expect(secret()).not.toBe(OLD);
  });
});

describe("the look right before the change", () => {
  type Move = (simulator: Simulator) => void;
  const moves: readonly [string, Move, string][] = [
    ["renamed", (simulator) => simulator.rename(ID, "other"), "is called other now"],
    ["deleted", (simulator) => simulator.remove(ID), "is gone"],
  ];

  test.each(moves)("of a tunnel that was %s since it was looked up: refused", async (_, move, words) => {
    const { hook, rotate, simulator, secret, patches } = await seeded();
    hook.intercept = ({ path }) => {
      if (path.endsWith("/connections")) {
        move(simulator);
      }
      return undefined;
    };
    const { code, stdout, stderr } = await rotate(["web", "--yes", "--json"]);
    expect({ code, patches: patches() }).toEqual({ code: 3, patches: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ errors: [{ code: "stale" }] });
    expect(stderr).toBe("");
    expect(stdout).toContain(words);
    expect(secret()).toBe(OLD);
  });

  test.each(moves)("of one that was %s while it was asked: refused", async (_, move, words) => {
    const { rotate, simulator, secret, patches } = await seeded();
    const { code, stdout, stderr } = await rotate(["web"], {
      tty: true,
      columns: 300,
      stdin: "yes\n",
      onOutput: (text) => {
        if (text.includes("Only")) {
          move(simulator);
        }
      },
    });
    expect({ code, stdout, patches: patches() }).toEqual({ code: 3, stdout: "", patches: 0 });
    expect(stderr).toContain(words);
    expect(stderr).toContain("Nothing was changed.");
    expect(secret()).toBe(OLD);
  });

  test("is taken again after a wait, and before the change is sent once more", async () => {
    const { hook, rotate, simulator, secret, patches } = await seeded();
    let limited = true;
    hook.intercept = ({ method }) => {
      if (method !== "PATCH" || !limited) {
        return undefined;
      }
      limited = false;
      simulator.rename(ID, "other");
      return { type: "answer", acts: false, status: 429, headers: { "retry-after": "5" }, body: "" };
    };
    const limit = await rotate(["web", "--yes"]);
    expect({ code: limit.code, patches: patches() }).toEqual({ code: 3, patches: 1 });
    simulator.rename(ID, "web");
    limited = true;
    hook.intercept = ({ method }) => {
      if (method !== "PATCH" || !limited) {
        return undefined;
      }
      limited = false;
      simulator.rename(ID, "other");
      return { type: "drop", acts: false };
    };
    const lost = await rotate(["web", "--yes"]);
    expect({ code: lost.code, patches: patches() }).toEqual({ code: 1, patches: 2 });
    expect(lost.stderr).toContain("The old secret of cfd_tunnel/web still holds");
    expect(lost.stderr).toContain("is called other now");
    expect(secret()).toBe(OLD);
  });

  test("before the cut of --disconnect: what was renamed since is not cut", async () => {
    const { hook, rotate, simulator, secret, count } = await seeded();
    simulator.connect(ID, { client_id: ONE });
    hook.intercept = ({ path }) => {
      if (path.endsWith("/token")) {
        simulator.rename(ID, "other");
      }
      return undefined;
    };
    const { code, stdout, stderr } = await rotate(["web", "--yes", "--disconnect"]);
    expect(code).toBe(1);
    expect(secretIn(stdout)).toBe(secret());
    expect(stderr).toContain("The connections were not cut");
    expect(stderr).toContain("is called other now");
    expect(count("DELETE /cfd_tunnel/{id}/connections")).toBe(0);
  });
});

describe("a file at hand that declares the secret", () => {
  const files = {
    "tunnels.yaml": "version: 1\ncfd_tunnel:\n  web:\n    tunnel_secret: { env: WEB_SECRET }\n  api:\n",
  };

  test("would put the old one back, which is said", async () => {
    const { rotate } = await seeded();
    const { code, stderr } = await rotate(["web", "--yes"], { files });
    expect(code).toBe(0);
    expect(stderr).toContain("tunnels.yaml:3");
    expect(stderr).toContain("--verify-secrets");
  });

  test("is no news where the new secret comes from that very place, or it declares another's", async () => {
    const { rotate } = await seeded();
    const env = { WEB_SECRET: NEW };
    const same = await rotate(["web", "--yes", "--secret-env", "WEB_SECRET"], { files, env });
    expect(same.stderr).not.toContain("--verify-secrets");
    const other = await rotate(["branch", "--yes"], { files });
    expect(other.stderr).not.toContain("--verify-secrets");
  });

  test.each([
    ["by its id", `  site:\n    id: ${ID}\n    tunnel_secret: { env: S }\n`, true],
    ["by its old name", "  site:\n    renamed_from: web\n    tunnel_secret: { env: S }\n", true],
    ["a namesake by another id", `  web:\n    id: ${WARP_ID}\n    tunnel_secret: { env: S }\n`, false],
  ])("%s", async (_, entry, expected) => {
    const { rotate } = await seeded();
    const text = `version: 1\ncfd_tunnel:\n${entry}`;
    const { stderr } = await rotate(["web", "--yes", "--file", "a.yaml"], { files: { "a.yaml": text } });
    expect(stderr.includes("--verify-secrets")).toBe(expected);
  });

  test("with errors: a note for the default one, an error for one that was named", async () => {
    const { rotate, secret } = await seeded();
    const broken = { "tunnels.yaml": "version: 2\n" };
    const named = await rotate(["web", "--yes", "--file", "tunnels.yaml"], { files: broken });
    expect({ code: named.code, secret: secret() }).toEqual({ code: 1, secret: OLD });
    const { code, stderr } = await rotate(["web", "--yes"], { files: broken });
    expect(code).toBe(0);
    expect(stderr).toContain("The file here has errors");
  });

  test("that cannot be read: likewise", async () => {
    const { rotate, secret } = await seeded();
    const folder = { "tunnels.yaml/readme.txt": "" };
    const named = await rotate(["web", "--yes", "--file", "tunnels.yaml"], { files: folder });
    expect({ code: named.code, secret: secret() }).toEqual({ code: 1, secret: OLD });
    const { code, stderr } = await rotate(["web", "--yes"], { files: folder });
    expect(code).toBe(0);
    expect(stderr).toContain("cannot be read");
    expect(secret()).not.toBe(OLD);
  });
});

describe("an answer that is lost", () => {
  const onPatch = (fault: Fault, times: number): Intercept => {
    let left = times;
    return ({ method }) => (method === "PATCH" && left-- > 0 ? fault : undefined);
  };

  test("after the change: the token is read back, and tells", async () => {
    const { hook, rotate, secret, patches } = await seeded();
    hook.intercept = onPatch({ type: "drop", acts: true }, 1);
    const { code, stdout, stderr } = await rotate(["web", "--yes"]);
    expect({ code, patches: patches() }).toEqual({ code: 0, patches: 1 });
    expect(secretIn(stdout)).toBe(secret());
    expect(stderr).toContain("confirmed by reading back");
  });

  test("before the change: read back first, and only then sent once more, the same secret", async () => {
    const { hook, rotate, secret, patches } = await seeded();
    const seen: string[] = [];
    const fault = onPatch({ type: "drop", acts: false }, 1);
    hook.intercept = (request) => {
      if (request.method === "PATCH") {
        seen.push(request.body ?? "");
      } else if (request.path.endsWith("/token") && seen.length > 0) {
        seen.push("read");
      }
      return fault(request);
    };
    const { code, stdout } = await rotate(["web", "--yes"]);
    expect({ code, patches: patches() }).toEqual({ code: 0, patches: 2 });
    expect(secretIn(stdout)).toBe(secret());
    const [first, next] = seen;
    expect(next).toBe("read");
    expect(seen.findLast((each) => each !== "read")).toBe(first);
  });

  test("again and again: the report says that the old one holds", async () => {
    const { hook, rotate, secret, patches } = await seeded();
    hook.intercept = onPatch({ type: "drop", acts: false }, 99);
    const { code, stdout, stderr } = await rotate(["web", "--yes", "--secret-env", "NEW"], { env: { NEW } });
    expect({ code, stdout, patches: patches() }).toEqual({ code: 1, stdout: "", patches: 2 });
    expect(secret()).toBe(OLD);
    expect(stderr).toContain("The old secret of cfd_tunnel/web still holds");
  });

  test("and nothing can be read back: nobody knows, which is said", async () => {
    const { hook, rotate } = await seeded();
    let patched = false;
    hook.intercept = ({ method }) => {
      patched ||= method === "PATCH";
      return patched ? { type: "drop", acts: true } : undefined;
    };
    const { code, stdout, stderr } = await rotate(["web", "--yes", "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ errors: [{ code: "rotation_uncertain" }] });
    expect(stderr).not.toContain("is in force");
  });
});

describe("a change that was accepted", () => {
  const tokenAnswers = (status: number, result: unknown): Fault => ({
    type: "answer",
    acts: false,
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      success: status === 200,
      errors: status === 200 ? [] : [{ code: 1001, message: "Not authorized" }],
      messages: [],
      result,
    }),
  });
  const oldToken = (accountId: string) =>
    Buffer.from(JSON.stringify({ a: accountId, t: ID, s: OLD })).toString("base64");

  test("but whose token may not be read", async () => {
    const { hook, rotate, secret } = await seeded();
    hook.intercept = ({ path }) => (path.endsWith("/token") ? tokenAnswers(401, null) : undefined);
    const { code, stdout, stderr } = await rotate(["web", "--yes"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(secret()).not.toBe(OLD);
    expect(stderr).toContain("The new secret of cfd_tunnel/web is in force, but its token could not be read");
  });

  test("and is shown late is waited for", async () => {
    const { hook, rotate, secret, sandbox, clock } = await seeded();
    let late = 2;
    hook.intercept = ({ path }) =>
      path.endsWith("/token") && late-- > 0 ? tokenAnswers(200, oldToken(sandbox.accountId)) : undefined;
    const { code, stdout } = await rotate(["web", "--yes"]);
    expect(code).toBe(0);
    expect(secretIn(stdout)).toBe(secret());
    expect(clock.sleeps).toEqual([500, 1_000]);
  });

  test("and is never shown: no token is handed out", async () => {
    const { hook, rotate, sandbox } = await seeded();
    hook.intercept = ({ path }) =>
      path.endsWith("/token") ? tokenAnswers(200, oldToken(sandbox.accountId)) : undefined;
    const { code, stdout, stderr } = await rotate(["web", "--yes"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("still holds the old one");
  });

  test("a token that is not in the known form is handed out as it is", async () => {
    const { hook, rotate } = await seeded();
    hook.intercept = ({ path }) => (path.endsWith("/token") ? tokenAnswers(200, "opaque-token") : undefined);
    const { code, stdout, stderr } = await rotate(["web", "--yes"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "opaque-token" });
    expect(stderr).toContain("not in the form that warren knows");
  });

  test.each([
    ["tunnel's", (a: string) => ({ a, t: WARP_ID, s: OLD })],
    ["account's", () => ({ a: "f".repeat(32), t: ID, s: OLD })],
  ])("but whose token is another %s: it is not handed out", async (_, parts) => {
    const { hook, rotate, sandbox, secret } = await seeded();
    const token = Buffer.from(JSON.stringify(parts(sandbox.accountId))).toString("base64");
    hook.intercept = ({ path }) => (path.endsWith("/token") ? tokenAnswers(200, token) : undefined);
    const cwd = temporaryFolder();
    const { code, stdout, stderr } = await rotate(["web", "--yes", "--out", "token"], { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(secret()).not.toBe(OLD);
    expect(stderr).toContain("The new secret of cfd_tunnel/web is in force");
    expect(stderr).toContain("another tunnel's or account's");
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe("--disconnect", () => {
  test("cuts only after the new secret is in force, so that nobody comes back on the old one", async () => {
    const { rotate, simulator, hook, secret } = await seeded();
    simulator.connect(ID, { client_id: ONE, reconnects: true });
    const order: string[] = [];
    hook.intercept = ({ method }) => {
      if (method !== "GET") {
        order.push(`${method} ${secret() === OLD ? "old" : "new"}`);
      }
      return undefined;
    };
    const { code, stderr } = await rotate(["web", "--yes", "--disconnect"]);
    expect({ code, order }).toEqual({ code: 0, order: ["PATCH old", "DELETE new"] });
    expect(stderr).toContain("None came back so far.");
    expect(simulator.tunnel(ID)?.connectors).toEqual([]);
  });

  test("names those that attached while it was asked for, since they are cut too", async () => {
    const { rotate, simulator } = await seeded();
    simulator.connect(ID, { client_id: ONE });
    const { code, stdout } = await rotate(["web", "--disconnect", "--json"], {
      tty: true,
      stdin: "yes\n",
      onOutput: (text) => {
        if (text.includes("Only")) {
          simulator.connect(ID, { client_id: TWO });
        }
      },
    });
    expect(code).toBe(0);
    expect(simulator.tunnel(ID)?.connectors).toEqual([]);
    const { disconnected } = JSON.parse(stdout) as { disconnected: { cut: { id: string }[] } };
    expect(disconnected.cut.map(({ id }) => id).sort()).toEqual([ONE, TWO]);
  });

  test("that fails leaves the token with its reader, and exits 1", async () => {
    const { rotate, hook, secret } = await seeded();
    hook.intercept = ({ method }) =>
      method === "DELETE"
        ? { type: "answer", acts: false, status: 400, body: '{"success":false,"errors":[],"result":null}' }
        : undefined;
    const { code, stdout, stderr } = await rotate(["web", "--yes", "--disconnect"]);
    expect(code).toBe(1);
    expect(secretIn(stdout)).toBe(secret());
    expect(stderr).toContain("were not cut");
  });

  test("is not begun once the run is interrupted, and the rotation is finished and reported", async () => {
    const { rotate, secret, count } = await seeded();
    const stop = new AbortController();
    const { code, stdout, stderr } = await rotate(["web", "--yes", "--disconnect", "--wait", "60"], {
      stop: stop.signal,
      onOutput: (text) => {
        if (text.includes("in force")) {
          stop.abort();
        }
      },
    });
    expect(code).toBe(130);
    expect(secretIn(stdout)).toBe(secret());
    expect(stderr).toContain("not cut");
    expect(count("DELETE /cfd_tunnel/{id}/connections")).toBe(0);
  });
});

describe("--deadline", () => {
  test("that is over when consent is given: nothing is changed", async () => {
    const { rotate, clock, patches } = await seeded();
    const { code, stderr } = await rotate(["web", "--deadline", "10"], {
      tty: true,
      stdin: "yes\n",
      onOutput: (text) => clock.advance(text.includes("Only") ? 10_000 : 0),
    });
    expect({ code, patches: patches() }).toEqual({ code: 1, patches: 0 });
    expect(stderr).toContain("Nothing was changed.");
  });

  test("that is over once the secret is in force: the token is handed out, and nothing is cut", async () => {
    const { rotate, secret, clock, hook, count } = await seeded();
    hook.intercept = ({ method }) => {
      clock.advance(method === "PATCH" ? 10_000 : 0);
      return undefined;
    };
    const { code, stdout, stderr } = await rotate(["web", "--yes", "--disconnect", "--deadline", "10"]);
    expect(code).toBe(1);
    expect(secretIn(stdout)).toBe(secret());
    expect(stderr).toContain("The time that --deadline allows is over, so the connections were not cut.");
    expect(count("DELETE /cfd_tunnel/{id}/connections")).toBe(0);
  });
});

describe("--wait", () => {
  test("watches until the last connector runs on the new secret", async () => {
    const { rotate, simulator, clock, hook } = await seeded();
    simulator.connect(ID, { client_id: ONE });
    simulator.connect(ID, { client_id: TWO });
    clock.advance(60_000);
    let looks = 0;
    hook.intercept = ({ method, path }) => {
      if (method !== "GET" || !path.endsWith("/connections")) {
        return undefined;
      }
      looks += 1;
      // One restarts with the new token after the first look, the other stops after the second.
      if (looks === 3) {
        simulator.connect(ID, { client_id: ONE });
      }
      if (looks === 4) {
        simulator.disconnect(ID, { client_id: TWO });
      }
      return undefined;
    };
    const { code, stderr } = await rotate(["web", "--yes", "--wait", "60"]);
    expect(code).toBe(0);
    expect(stderr).toContain("Waiting: 2 of 2 connectors on the old secret.");
    expect(stderr).toContain("Waiting: 1 of 2 connectors on the old secret.");
    expect(stderr).toContain("No connector runs on the old secret; 1 connector on the new one.");
  });

  test("names those that still run on the old one when the time is up, and exits 1", async () => {
    const { rotate, simulator, clock, hook } = await seeded();
    simulator.connect(ID, { client_id: ONE });
    simulator.connect(ID, { client_id: TWO });
    clock.advance(60_000);
    let looks = 0;
    hook.intercept = ({ method, path }) => {
      if (method === "GET" && path.endsWith("/connections") && ++looks === 3) {
        simulator.connect(ID, { client_id: ONE });
      }
      return undefined;
    };
    const { code, stdout, stderr } = await rotate(["web", "--yes", "--wait", "12"]);
    expect(code).toBe(1);
    expect(stdout).not.toBe("");
    expect(stderr).toContain("Still on the old secret: 1 connector");
    expect(stderr.split("Still on the old secret")[1]).toContain(TWO);
    expect(stderr.split("Still on the old secret")[1]).not.toContain(ONE);
    expect(clock.sleeps).toEqual([5_000, 5_000, 2_000]);
  });

  test("a start within the rotation's own second is told by the reading before it", async () => {
    const { rotate, simulator, hook } = await seeded();
    // At …:00.700, while the answers' `Date` says …:00.
    simulator.connect(ID, { client_id: ONE });
    let looks = 0;
    hook.intercept = ({ method, path }) => {
      if (method === "GET" && path.endsWith("/connections") && ++looks === 2) {
        simulator.connect(ID, { client_id: TWO });
      }
      return undefined;
    };
    const { code, stdout } = await rotate(["web", "--yes", "--wait", "5", "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ connectors: { old: [{ id: ONE }], renewed: [{ id: TWO }] } });
  });

  test("ends at once where nobody runs, and when it is interrupted", async () => {
    const { rotate, simulator, clock } = await seeded();
    expect((await rotate(["web", "--yes", "--wait", "60"])).code).toBe(0);
    expect(clock.sleeps).toEqual([]);
    simulator.connect(ID, { client_id: ONE });
    const stop = new AbortController();
    const { code, stderr } = await rotate(["web", "--yes", "--wait", "60"], {
      stop: stop.signal,
      onOutput: (text) => {
        if (text.includes("Waiting")) {
          stop.abort();
        }
      },
    });
    expect(code).toBe(130);
    expect(stderr).toContain(ONE);
  });

  test("ends with the deadline", async () => {
    const { rotate, simulator, clock } = await seeded();
    simulator.connect(ID, { client_id: ONE });
    const { code, stderr } = await rotate(["web", "--yes", "--wait", "600", "--deadline", "12"]);
    expect(code).toBe(1);
    expect(stderr).toContain(ONE);
    expect(clock.sleeps).toEqual([5_000, 5_000, 2_000]);
  });

  test("that cannot look says so, and exits 1", async () => {
    const { rotate, hook } = await seeded();
    let patched = false;
    hook.intercept = ({ method, path }) => {
      patched ||= method === "PATCH";
      return patched && path.endsWith("/connections")
        ? { type: "answer", acts: false, status: 403, body: '{"success":false,"errors":[],"result":null}' }
        : undefined;
    };
    const { code, stderr } = await rotate(["web", "--yes", "--wait", "60"]);
    expect(code).toBe(1);
    expect(stderr).toContain("could not be watched");
  });
});
