import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Fault, SimulatorRequest } from "../../src/simulator/exchange.ts";
import { runToken } from "../../src/simulator/tunnel/token.ts";
import { environmentFor, runCli, servedSandbox, temporaryFolder } from "../support/cli.ts";
import { type Clock, systemClock } from "../../src/base/clock.ts";
import { QuickClock } from "../support/quick-clock.ts";

// A secret and an API token that exist nowhere else: whatever a command prints or writes is searched for them.

const ID = "11111111-1111-4111-8111-111111111111";
const BYTES = Buffer.from("canary\u00FB\u00FF\u00BF secret of 32 bytes+/=?", "latin1");
const SECRET = BYTES.toString("base64");
const TOKEN = "canary.token~of/the+API_0123456789==";
const OLD = Buffer.alloc(32, 7).toString("base64");

const FILES = {
  "tunnels.yaml": `version: 1
cfd_tunnel:
  web:
    tunnel_secret: { env: CANARY }
  new:
    tunnel_secret: { file: canary.txt }
  moved:
    renamed_from: before
`,
  "canary.txt": `${SECRET}\n`,
};

/** Every way in which a text may be written down by somebody who means no harm. */
function formsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  return [
    text,
    encodeURIComponent(text),
    encodeURIComponent(text).replace(/%../g, (sequence) => sequence.toLowerCase()),
    JSON.stringify(text).slice(1, -1),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
  ];
}

const CANARIES = [
  ...formsOf(SECRET),
  ...formsOf(TOKEN),
  BYTES.toString("base64url"),
  BYTES.toString("hex"),
  BYTES.toString("hex").toUpperCase(),
  BYTES.toString("latin1"),
  BYTES.toString("utf8"),
];

/** All that a request carried, written down in every form, as an API may do that explains what it did not like. */
function echo(request: SimulatorRequest, status: number): Fault {
  const body = request.body ?? "";
  const secret = /"tunnel_secret":"([^"]+)"/.exec(body)?.[1];
  const said = [
    JSON.stringify(request.headers),
    body,
    ...formsOf(TOKEN),
    ...(secret === undefined ? [] : [...formsOf(secret), Buffer.from(secret, "base64").toString("hex")]),
  ];
  return {
    type: "answer",
    acts: false,
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      success: false,
      errors: said.map((message, index) => ({ code: 1000 + index, message })),
      messages: [],
      result: null,
    }),
  };
}

type Intercept = (request: SimulatorRequest) => Fault | undefined;

async function account() {
  const time = new QuickClock(Date.UTC(2026, 10, 25), 1_000_000);
  const clock: Clock = {
    now: () => time.now(),
    // Nobody waits here for the line that tells of a wait: it would come at once, again and again.
    sleep: (ms, signal) => (ms === 30_000 ? systemClock.sleep(ms, signal) : time.sleep(ms, signal)),
  };
  const hook: { intercept: Intercept } = { intercept: () => undefined };
  const sandbox = await servedSandbox({
    now: () => clock.now(),
    credentials: [{ token: TOKEN }],
    intercept: (request) => hook.intercept(request),
  });
  sandbox.simulator.seed([
    { kind: "cfd_tunnel", name: "web", id: ID, tunnel_secret: OLD },
    { kind: "cfd_tunnel", name: "before" },
    { kind: "warp_connector", name: "branch" },
  ]);
  sandbox.simulator.connect(ID, { reconnects: true });
  const cwd = temporaryFolder();
  const env = { ...environmentFor(sandbox, TOKEN), CANARY: SECRET };
  const run = (
    argv: readonly string[],
    more: { readonly [name: string]: string } = {},
    yaml = FILES["tunnels.yaml"],
  ) =>
    runCli(argv[0] === "validate" ? argv : [...argv, "--timeout", "3600"], {
      clock,
      cwd,
      files: { ...FILES, "tunnels.yaml": yaml },
      env: { ...env, ...more },
      random: () => 0,
    });
  return { hook, sandbox, cwd, run };
}

function expectClean(text: string): void {
  for (const canary of CANARIES) {
    expect(text.includes(canary), `${JSON.stringify(canary)} in ${text}`).toBe(false);
  }
}

/** What every command is run as. The token commands' own results are looked at apart. */
const COMMANDS: readonly (readonly string[])[] = [
  ["validate"],
  ["plan"],
  ["plan", "--verify-secrets"],
  ["plan", "--verify-secrets", "--format", "markdown"],
  ["drift", "--require-secrets"],
  ["apply", "--yes"],
  ["apply", "--yes", "--verify-secrets"],
  ["list"],
  ["list", "--kind", "warp_connector", "--prefix", "b"],
  ["show", "web"],
  ["show", ID],
  ["show", "web", "--connector", ID],
  ["disconnect", "web", "--yes"],
  ["doctor"],
  ["export", "--pin-ids"],
];

const TOKEN_COMMANDS: readonly (readonly string[])[] = [
  ["token", "web"],
  ["management-token", "web"],
  ["rotate", "web", "--yes", "--secret-env", "CANARY"],
  ["rotate", "web", "--yes", "--secret-file", "canary.txt", "--disconnect", "--wait", "10"],
];

/** The forms of output; `validate` has no API to be verbose about. */
function variants(argv: readonly string[]): readonly (readonly string[])[] {
  const forms = argv.includes("--format") ? [argv] : [argv, [...argv, "--json"]];
  return argv[0] === "validate" ? forms : [...forms, ...forms.map((each) => [...each, "--verbose"])];
}

describe("a healthy API", () => {
  test.each(COMMANDS)("%s %s", async (...argv) => {
    const { run, cwd } = await account();
    for (const variant of variants(argv)) {
      const { stdout, stderr } = await run(variant);
      expectClean(stdout);
      expectClean(stderr);
    }
    expect(readdirSync(cwd).sort()).toEqual(["canary.txt", "tunnels.yaml"]);
  });

  test.each(TOKEN_COMMANDS)("%s %s: the result alone holds it", async (...argv) => {
    const { run, cwd, sandbox } = await account();
    for (const variant of variants(argv)) {
      const { code, stdout, stderr } = await run(variant);
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
      expectClean(stderr);
      const out = await run([...variant, "--out", "out"]);
      expect(out.code).toBe(0);
      expectClean(out.stdout);
      expectClean(out.stderr);
      const written = readFileSync(join(cwd, "out"), "utf8");
      if (argv[0] !== "management-token") {
        const tunnel = sandbox.simulator.tunnel(ID);
        const token = tunnel === undefined ? "" : runToken(sandbox.accountId, tunnel);
        expect(written).toBe(token);
        expect(stdout).toContain(token);
        expect(out.stdout + out.stderr).not.toContain(token);
      }
    }
    expect(readdirSync(cwd).sort()).toEqual(["canary.txt", "out", "tunnels.yaml"]);
  });
});

const BROKEN: readonly (readonly [string, Intercept])[] = [
  ...[400, 401, 403, 404, 409, 429, 500].flatMap((status): readonly (readonly [string, Intercept])[] => [
    [`every request: ${status}`, (request) => echo(request, status)],
    [`writes: ${status}`, (request) => (request.method === "GET" ? undefined : echo(request, status))],
    [
      `the token: ${status}`,
      (request) => (request.path.endsWith("/token") ? echo(request, status) : undefined),
    ],
  ]),
  ["200 that is no success", (request) => (request.method === "GET" ? undefined : echo(request, 200))],
  [
    "an echo that is no JSON",
    (request) => ({
      type: "answer",
      acts: false,
      status: 400,
      body: `${request.headers["authorization"]} ${request.body}`.slice(0, 190),
    }),
  ],
];

describe("an API that echoes what it was sent", () => {
  test.each(BROKEN)("%s", async (_, intercept) => {
    for (const argv of [...COMMANDS, ...TOKEN_COMMANDS]) {
      const { run, hook, cwd } = await account();
      hook.intercept = intercept;
      const results = argv[0] === "token" || argv[0] === "rotate" || argv[0] === "management-token";
      for (const variant of [[...argv], ...(argv.includes("--format") ? [] : [[...argv, "--json"]])]) {
        const verbose = argv[0] === "validate" ? variant : [...variant, "--verbose"];
        const { code, stdout, stderr } = await run(verbose);
        if (!(results && code === 0)) {
          expectClean(stdout.split('"token":')[0] ?? "");
        }
        expectClean(stderr);
      }
      expect(readdirSync(cwd).sort()).toEqual(["canary.txt", "tunnels.yaml"]);
    }
  });
});

test("bad values and mistyped options show nothing either", async () => {
  const { run } = await account();
  const short = "canary-short-secret-0123";
  for (const argv of [
    ["plan", "--verify-secrets"],
    ["apply", "--verify-secrets", "--yes"],
    ["rotate", "web", "--yes", "--secret-env", "CANARY"],
    ["token", "web", "--sekret", "x"],
  ]) {
    const { code, stdout, stderr } = await run(argv, { CANARY: short });
    expect(code).toBe(1);
    expect(stdout + stderr).not.toContain(short);
    expectClean(stdout + stderr);
  }
});

test.each(["env", "file"])(
  "a literal in the place of a reference's %s is told of, and neither shown nor saved",
  async (key) => {
    const { run, cwd, sandbox } = await account();
    // Looks like the name of a variable, too.
    const literal = "Canary9sVx2LqPzW7nRfTgB3mKc8Yd5Hj1Uo4Ei6Aa0X";
    for (const secret of [literal, SECRET]) {
      const yaml = FILES["tunnels.yaml"].replace("{ env: CANARY }", `{ ${key}: "${secret}" }`);
      for (const argv of [
        ["validate"],
        ["plan"],
        ["plan", "--out", "plan.json"],
        ["drift"],
        ["apply", "--yes"],
      ]) {
        for (const variant of [argv, [...argv, "--json"]]) {
          const { code, stdout, stderr } = await run(variant, {}, yaml);
          expect(code).toBe(1);
          expect(stdout + stderr).toContain(`\`${key}\` takes the`);
          expect(stdout + stderr).not.toContain(literal.slice(6));
          expectClean(stdout + stderr);
        }
      }
    }
    expect(readdirSync(cwd).sort()).toEqual(["canary.txt", "tunnels.yaml"]);
    expect(sandbox.simulator.traffic.counts().requests).toBe(0);
  },
);

test("the search finds a canary where there is one", () => {
  for (const canary of CANARIES) {
    expect(() => expectClean(`x${canary}y`)).toThrow();
  }
});
