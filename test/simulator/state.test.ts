import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { allTables } from "../../src/simulator/kinds/index.ts";
import { serveSandbox, SANDBOX_ACCOUNT_ID, SANDBOX_TOKEN } from "../../src/simulator/serve.ts";
import {
  parseState,
  stateText,
  StateFileError,
  type SandboxState,
} from "../../src/simulator/state/format.ts";
import { StateFile } from "../../src/simulator/state/file.ts";
import type { Tunnel } from "../../src/simulator/tunnel/tunnel.ts";
import { world } from "./support/world.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sandbox-state-"));
  path = join(folder, "state.json");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const openFile = (file: string) => StateFile.open(file, allTables);
const parse = (text: string, file: string) => parseState(text, file, allTables);

/** The names of the tunnels in a state. */
function namesIn(kept: SandboxState | null): readonly string[] {
  return ((kept?.contents["tunnels"] ?? []) as readonly Tunnel[]).map(({ name }) => name);
}

/** A state with everything in it that can be. */
function state(names: readonly string[] = ["a", "b"]) {
  const { simulator } = world();
  simulator.seed([
    { kind: "cfd_tunnel", name: "ä \u001b[31m\u2028", connectors: [{ reconnects: true }], has_routes: true },
    { kind: "warp_connector", name: "gone", ha: true, deleted_at: 1, activity: [{ from: 0, to: 1 }] },
    { kind: "cfd_tunnel", name: "remote", config_src: "cloudflare", connectors: [{ config_lag_ms: null }] },
    ...names.map((name) => ({ kind: "cfd_tunnel", name })),
  ]);
  const tunnel_id = simulator.tunnels[2]?.id ?? "";
  simulator.add("configurations", [{ tunnel_id, config: { ingress: [{ service: "http_status:404" }] } }]);
  simulator.add("virtual_networks", [{ name: "blue", comment: "ü" }]);
  simulator.add("routes", [{ network: "10.1.0.0/16", tunnel_id }]);
  simulator.add("hostname_routes", [{ hostname: "a.internal", tunnel_id }]);
  simulator.add("zones", [{ name: "pending.example", status: "pending" }]);
  simulator.add("dns_records", [{ name: "a.example.com", type: "A", content: "192.0.2.1" }]);
  return { account_id: SANDBOX_ACCOUNT_ID, token: SANDBOX_TOKEN, contents: simulator.contents };
}

const headers = { authorization: `Bearer ${SANDBOX_TOKEN}`, "content-type": "application/json" };

describe("the format", () => {
  it("reads back what it wrote", () => {
    expect(parse(stateText(state(), new WeakMap()), path)).toEqual(state());
  });

  it("reads the first version, which had tunnels only", () => {
    const first = `{"format":"warren-sandbox","version":1,"account_id":"${SANDBOX_ACCOUNT_ID}","token":"t","tunnels":[
{"id":"1a6a4a4c-0000-4000-8000-000000000001","kind":"cfd_tunnel","name":"web","created_at":5,"deleted_at":null,"secret":"s","metadata":{},"attributes":{"config_src":"local"},"has_routes":false,"activity":[],"connectors":[]}
]}
`;
    const read = parse(first, path);
    expect([read.account_id, read.token, namesIn(read)]).toEqual([SANDBOX_ACCOUNT_ID, "t", ["web"]]);
    expect(Object.keys(read.contents)).toEqual(["tunnels"]);
  });

  it("takes no part of a file for the whole", () => {
    const text = stateText(state(), new WeakMap());
    // The last byte is the end of the last line, which JSON does not need.
    for (let end = 0; end < text.length - 1; end++) {
      expect(() => parse(text.slice(0, end), path)).toThrow(StateFileError);
    }
  });

  const whole = JSON.parse(stateText(state(), new WeakMap())) as { tunnels: object[] };
  const [tunnel = {}] = whole.tunnels;
  it.each<[string, unknown, string]>([
    ["another program's file", { resources: [] }, "is not a sandbox's state file"],
    ["a list", [], "is not a sandbox's state file"],
    ["a later version", { ...whole, version: 3 }, "version 3"],
    ["no account", { ...whole, account_id: undefined }, "lacks account_id"],
    ["tunnels that are none", { ...whole, tunnels: [1] }, "entry 0 of tunnels is none"],
    ["an unknown kind", { ...whole, tunnels: [{ ...tunnel, kind: "gre" }] }, "entry 0 of tunnels is none"],
    [
      "a time that is none",
      { ...whole, tunnels: [tunnel, { ...tunnel, created_at: "now" }] },
      "entry 1 of tunnels",
    ],
    [
      "a connector that is none",
      { ...whole, tunnels: [{ ...tunnel, connectors: [{}] }] },
      "entry 0 of tunnels",
    ],
    ["a network that is none", { ...whole, virtual_networks: [{ id: "x" }] }, "entry 0 of virtual_networks"],
    ["records that are no list", { ...whole, dns_records: {} }, "entry 0 of dns_records"],
    ["no activity", { ...whole, tunnels: [{ ...tunnel, activity: undefined }] }, "entry 0 of tunnels"],
  ])("refuses %s", (_, content, message) => {
    expect(() => parse(JSON.stringify(content), "FILE")).toThrow(message);
    expect(() => parse(JSON.stringify(content), "FILE")).toThrow("FILE");
  });
});

describe("the file", () => {
  it("is there after the first save, with mode 0600 whatever the umask", async () => {
    const before = process.umask(0);
    const nested = join(folder, "a", "b", "state.json");
    const { file, state: nothing } = await openFile(nested);
    await file.save(state());
    process.umask(before);
    expect(nothing).toBeNull();
    expect((await stat(nested)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, "a"))).mode & 0o777).toBe(0o700);
    expect((await openFile(nested)).state).toEqual(state());
    expect(await readdir(join(folder, "a", "b"))).toEqual(["state.json"]);
  });

  it("is unharmed by a write that ended at any byte", async () => {
    const { file } = await openFile(path);
    await file.save(state());
    const text = stateText(state(["other"]), new WeakMap());
    const temporary = `${path}.0123abcd.tmp`;
    for (let end = 0; end <= text.length; end += 97) {
      await writeFile(temporary, text.slice(0, end));
      expect((await openFile(path)).state).toEqual(state());
    }
  });

  it("sweeps up what a killed process left, and nothing else", async () => {
    const names = [
      "state.json.0123abcd.tmp",
      "state.json.89abcdef.tmp",
      "state.json.bak",
      "other.0123abcd.tmp",
    ];
    for (const name of names) {
      await writeFile(join(folder, name), "x");
      if (name !== "state.json.89abcdef.tmp") {
        await utimes(join(folder, name), 1, 1);
      }
    }
    await openFile(path);
    expect((await readdir(folder)).toSorted()).toEqual(names.slice(1).toSorted());
  });

  it("refuses to write over what another process wrote", async () => {
    const [mine, theirs] = [(await openFile(path)).file, (await openFile(path)).file];
    await theirs.save(state(["theirs"]));
    await expect(mine.save(state(["mine"]))).rejects.toThrow("Another process has written");
    expect((await openFile(path)).state).toEqual(state(["theirs"]));
  });

  it("says why it cannot be read or written", async () => {
    await expect(openFile(folder)).rejects.toThrow(`${folder} is not a file.`);
    await expect(openFile("/dev/null")).rejects.toThrow("/dev/null is not a file.");
    await writeFile(path, "");
    await expect(openFile(path)).rejects.toThrow("is not a sandbox's state file");
    await expect(openFile(join(path, "below.json"))).rejects.toThrow(
      `${path}/below.json cannot be read (ENOTDIR).`,
    );
  });
});

describe("a sandbox with a state file", () => {
  it("finds its account again", async () => {
    const first = await serveSandbox({ stateFile: path });
    const list = `/accounts/${first.accountId}/cfd_tunnel`;
    const body = JSON.stringify({ name: "web" });
    await fetch(first.url + list, { method: "POST", headers, body });
    const [tunnel] = first.simulator.tunnels;
    first.simulator.connect(tunnel?.id ?? "");
    const before = first.simulator.tunnels;
    await first.close();
    const second = await serveSandbox({ stateFile: path });
    expect(second.simulator.tunnels).toEqual(before);
    const listed = await fetch(second.url + list, { headers });
    expect(await listed.json()).toMatchObject({ result: [{ name: "web", status: "healthy" }] });
    await second.close();
  });

  it("takes account and token from the file", async () => {
    await writeFile(
      path,
      stateText({ ...state(), account_id: "f".repeat(32), token: "mine" }, new WeakMap()),
    );
    const sandbox = await serveSandbox({ stateFile: path });
    expect([sandbox.accountId, sandbox.token]).toEqual(["f".repeat(32), "mine"]);
    const answer = await fetch(`${sandbox.url}/accounts/${sandbox.accountId}/cfd_tunnel`, {
      headers: { authorization: "Bearer mine" },
    });
    expect(answer.status).toBe(200);
    await sandbox.close();
  });

  it("has a write in the file before it answers, and writes nothing for a read", async () => {
    const sandbox = await serveSandbox({ stateFile: path });
    const list = `${sandbox.url}/accounts/${sandbox.accountId}/cfd_tunnel`;
    await fetch(list, { headers });
    expect(await readdir(folder)).toEqual([]);
    for (const name of ["a", "b"]) {
      await fetch(list, { method: "POST", headers, body: JSON.stringify({ name }) });
      expect(namesIn(parse(await readFile(path, "utf8"), path)).at(-1)).toBe(name);
    }
    const { ino } = await stat(path);
    await fetch(list, { headers });
    await sandbox.close();
    expect((await stat(path)).ino).toBe(ino);
  });

  it("does not start on a damaged file", async () => {
    await writeFile(path, '{"format":"warren-sandbox","ver');
    await expect(serveSandbox({ stateFile: path })).rejects.toThrow(StateFileError);
    expect(await readFile(path, "utf8")).toBe('{"format":"warren-sandbox","ver');
  });

  it("refuses a write that it cannot keep, and shows nothing of it", async () => {
    const sandbox = await serveSandbox({ stateFile: path });
    const list = `${sandbox.url}/accounts/${sandbox.accountId}/cfd_tunnel`;
    const make = (name: string) => fetch(list, { method: "POST", headers, body: JSON.stringify({ name }) });
    expect((await make("mine")).status).toBe(200);
    await writeFile(path, "someone else's");
    const answer = await make("a");
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(
      "Not done: the sandbox cannot use its state file: Another process has written state.json",
    );
    const listed = await fetch(list, { headers });
    expect(await listed.json()).toMatchObject({ result: [{ name: "mine" }] });
    await sandbox.close();
    expect(await readFile(path, "utf8")).toBe("someone else's");
  });

  it("says when it closes that a change from within could not be kept", async () => {
    const sandbox = await serveSandbox({ stateFile: path });
    await writeFile(path, "someone else's");
    sandbox.simulator.seed([{ kind: "cfd_tunnel", name: "a" }]);
    await expect(sandbox.close()).rejects.toThrow(StateFileError);
    expect(await readFile(path, "utf8")).toBe("someone else's");
  });

  it("keeps again once the file can be written", async () => {
    const below = join(folder, "below");
    const sandbox = await serveSandbox({ stateFile: join(below, "state.json") });
    const list = `${sandbox.url}/accounts/${sandbox.accountId}/cfd_tunnel`;
    const make = () => fetch(list, { method: "POST", headers, body: '{"name":"a"}' });
    await writeFile(below, "no folder");
    expect(await (await make()).text()).toMatch(/state file: state\.json cannot be written \(E\w+\)/);
    await rm(below);
    expect((await make()).status).toBe(200);
    await sandbox.close();
    expect(namesIn(parse(await readFile(join(below, "state.json"), "utf8"), path))).toEqual(["a"]);
  });
});

describe("a kill in the middle of writing", () => {
  it("loses no tunnel whose answer had come", async () => {
    const script = join(folder, "killed.mjs");
    await build({
      entryPoints: [new URL("support/killed.ts", import.meta.url).pathname],
      outfile: script,
      bundle: true,
      format: "esm",
      platform: "node",
    });
    const answered: string[] = [];
    for (let round = 0; round < 4; round++) {
      const child = spawn(process.execPath, [script, path, String(round)]);
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        if (output.length > 400 * (round + 1) + 37 * round) {
          child.kill("SIGKILL");
        }
      });
      await once(child, "close");
      const lines = output.split("\n").filter((line) => /^200 r\d+-\d+$/.test(line));
      expect(lines.length).toBeGreaterThan(10);
      answered.push(...lines.map((line) => line.slice(4)));
      const { state: kept } = await openFile(path);
      const names = new Set(namesIn(kept));
      expect(answered.filter((name) => !names.has(name))).toEqual([]);
      // At most the two requests under way at each kill are there without an answer.
      expect(names.size - answered.length).toBeLessThanOrEqual(2 * (round + 1));
    }
  }, 30_000);
});
