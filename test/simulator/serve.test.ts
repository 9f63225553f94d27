import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import {
  SANDBOX_ACCOUNT_ID,
  SANDBOX_TOKEN,
  serveSandbox,
  type Sandbox,
  type SandboxOptions,
} from "../../src/simulator/serve.ts";

const open: Sandbox[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
});

async function served(options?: SandboxOptions): Promise<Sandbox & { readonly list: string }> {
  const sandbox = await serveSandbox(options);
  open.push(sandbox);
  return { ...sandbox, list: `${sandbox.url}/accounts/${sandbox.accountId}/cfd_tunnel` };
}

const HEADERS = { authorization: `Bearer ${SANDBOX_TOKEN}`, "content-type": "application/json" };
const post = (url: string, name: string) =>
  fetch(url, { method: "POST", headers: HEADERS, body: JSON.stringify({ name }) });

describe("a served sandbox", () => {
  it("answers over HTTP with its well-known account and token", async () => {
    const sandbox = await served();
    expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/client\/v4$/);
    expect([sandbox.accountId, sandbox.token]).toEqual([SANDBOX_ACCOUNT_ID, SANDBOX_TOKEN]);
    const made = await post(sandbox.list, "wäb");
    expect([made.status, made.headers.get("content-type")]).toEqual([200, "application/json"]);
    const listed = await fetch(`${sandbox.list}?per_page=5`, { headers: HEADERS });
    expect(await listed.json()).toMatchObject({ result: [{ name: "wäb" }], result_info: { per_page: 5 } });
    expect(Date.parse(listed.headers.get("date") ?? "")).toBeGreaterThan(Date.now() - 5000);
  });

  it("takes a DELETE with a content type and no body", async () => {
    const sandbox = await served();
    const [tunnel] = sandbox.simulator.seed([{ kind: "cfd_tunnel", name: "a" }]);
    const deleted = await fetch(`${sandbox.list}/${tunnel?.id}`, { method: "DELETE", headers: HEADERS });
    expect(deleted.status).toBe(200);
  });

  it("takes its global key in place of the token", async () => {
    const { list, email, key } = await served();
    const listed = await fetch(list, { headers: { "x-auth-email": email, "x-auth-key": key } });
    expect(listed.status).toBe(200);
  });

  it("has the zones that it was given", async () => {
    const { simulator } = await served({ zones: ["Corp.example"] });
    expect(simulator.rows("zones").map(({ name }) => name)).toEqual(["corp.example"]);
    const usual = await served();
    expect(usual.simulator.rows("zones").map(({ name }) => name)).toEqual(["example.com", "example.net"]);
  });

  it("takes other credentials too", async () => {
    const sandbox = await served({ credentials: [{ email: "a@b.c", key: "f00d" }] });
    const listed = await fetch(sandbox.list, { headers: { "x-auth-email": "a@b.c", "x-auth-key": "f00d" } });
    expect(listed.status).toBe(200);
  });

  it("serves the control path beside the API", async () => {
    const sandbox = await served();
    const [tunnel] = sandbox.simulator.seed([{ kind: "cfd_tunnel", name: "a" }]);
    const path = new URL(`/sandbox/tunnels/${tunnel?.id}/connectors`, sandbox.url);
    const attached = await fetch(path, { method: "POST", headers: HEADERS, body: '{"arch":"linux_arm64"}' });
    expect(attached.status).toBe(200);
    expect(sandbox.simulator.tunnels[0]?.connectors[0]?.arch).toBe("linux_arm64");
  });

  it("refuses a body over a megabyte", async () => {
    const sandbox = await served();
    expect((await post(sandbox.list, "x".repeat(1_100_000))).status).toBe(413);
    expect((await post(sandbox.list, "x".repeat(900_000))).status).toBe(200);
  });

  it("listens on the port it was given, and says when it is taken", async () => {
    const first = await served();
    await expect(serveSandbox({ port: Number(new URL(first.url).port) })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
  });

  it("makes ids and secrets that differ from run to run", async () => {
    const [first, second] = [await served(), await served()];
    for (const { simulator } of [first, second]) {
      simulator.seed([{ kind: "cfd_tunnel", name: "a" }]);
    }
    expect(first.simulator.tunnels[0]?.id).not.toBe(second.simulator.tunnels[0]?.id);
  });
});

describe("connections", () => {
  it("keeps one alive for many requests, and measures", async () => {
    const { list, simulator } = await served();
    const agent = new Agent({ keepAlive: true, maxSockets: 3 });
    const get = async () => {
      const request = httpRequest(list, { agent, headers: HEADERS }).end();
      const [answer] = (await once(request, "response")) as [IncomingMessage];
      answer.resume();
      await once(answer, "end");
      return answer.statusCode;
    };
    for (let round = 0; round < 5; round++) {
      expect(await Promise.all([get(), get(), get()])).toEqual([200, 200, 200]);
    }
    const counts = simulator.traffic.counts();
    expect([counts.requests, counts.connections]).toEqual([15, 3]);
    expect(counts.most_in_flight).toBeLessThanOrEqual(3);
    agent.destroy();
  });

  it("counts what is in flight at once", async () => {
    const { list, simulator } = await served({ intercept: () => ({ type: "delay", ms: 30, acts: "first" }) });
    await Promise.all([1, 2, 3, 4].map(() => fetch(list, { headers: HEADERS })));
    expect(simulator.traffic.counts().most_in_flight).toBe(4);
  });
});

describe("faults over sockets", () => {
  it("hold many requests at once, and Node has nothing to warn of", async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => void warnings.push(warning);
    process.on("warning", warn);
    const { list } = await served({ intercept: () => ({ type: "delay", ms: 20, acts: "last" }) });
    await Promise.all(Array.from({ length: 12 }, () => fetch(list, { headers: HEADERS })));
    process.off("warning", warn);
    expect(warnings).toEqual([]);
  });

  it.each([
    ["drop", true, 1],
    ["drop", false, 0],
    ["refuse", false, 0],
  ] as const)("%s, acting: %s", async (type, acts, made) => {
    const { list, simulator } = await served({
      intercept: () => (type === "refuse" ? { type } : { type, acts }),
    });
    await expect(post(list, "web")).rejects.toThrow("fetch failed");
    expect(simulator.tunnels).toHaveLength(made);
  });

  it("ends a body early, as if whole", async () => {
    const { list } = await served({ intercept: () => ({ type: "truncate", bytes: 9, end: "clean" }) });
    expect(await (await fetch(list, { headers: HEADERS })).text()).toBe('{"success');
  });

  it.each([0, 9])("cuts a body after %i bytes", async (bytes) => {
    const { list } = await served({ intercept: () => ({ type: "truncate", bytes, end: "cut" }) });
    const answer = await fetch(list, { headers: HEADERS });
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
  });

  it.each([0, 4])("stalls after the headers and %i bytes", async (bytes) => {
    const { list, simulator } = await served({ intercept: () => ({ type: "stall", bytes }) });
    const stop = new AbortController();
    const answer = await fetch(list, { headers: HEADERS, signal: stop.signal });
    expect(answer.status).toBe(200);
    const reading = answer.text();
    setTimeout(() => stop.abort(), 5);
    await expect(reading).rejects.toMatchObject({ name: "AbortError" });
    await expect.poll(() => simulator.traffic.counts().in_flight).toBe(0);
  });

  it.each(["first", "last"] as const)("delays, acting %s", async (acts) => {
    const { list, simulator } = await served({ intercept: () => ({ type: "delay", ms: 20, acts }) });
    const from = performance.now();
    const sent = post(list, "web");
    await expect.poll(() => simulator.traffic.counts().in_flight, { interval: 1 }).toBe(1);
    await sent;
    expect(performance.now() - from).toBeGreaterThan(18);
    expect(simulator.tunnels).toHaveLength(1);
  });

  it("outlives a client that hangs up in the middle of a request", async () => {
    const { list, url } = await served();
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.write("POST /client/v4/x HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{");
    await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    expect((await fetch(list, { headers: HEADERS })).status).toBe(200);
  });
});

describe("close", () => {
  it("lets a request under way end, then frees the port though connections were kept alive", async () => {
    const sandbox = await serveSandbox({ intercept: () => ({ type: "delay", ms: 20, acts: "last" }) });
    const list = `${sandbox.url}/accounts/${sandbox.accountId}/cfd_tunnel`;
    const sent = post(list, "web");
    await expect.poll(() => sandbox.simulator.traffic.counts().in_flight, { interval: 1 }).toBe(1);
    const from = performance.now();
    const [answer] = await Promise.all([sent, sandbox.close()]);
    expect(performance.now() - from).toBeLessThan(3000);
    expect(answer.status).toBe(200);
    await expect(fetch(list, { headers: HEADERS })).rejects.toThrow("fetch failed");
  });

  it("cuts a request that never comes whole, and one that takes longer than the grace", async () => {
    const sandbox = await serveSandbox({
      graceMs: 5,
      intercept: () => ({ type: "delay", ms: 3_600_000, acts: "last" }),
    });
    const slow = post(`${sandbox.url}/accounts/${sandbox.accountId}/cfd_tunnel`, "web").catch(() => "cut");
    await expect.poll(() => sandbox.simulator.traffic.counts().in_flight, { interval: 1 }).toBe(1);
    const socket = connect(Number(new URL(sandbox.url).port), "127.0.0.1");
    const closed = once(socket, "close");
    socket.on("error", () => {});
    socket.write("POST /client/v4/x HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{");
    await expect.poll(() => sandbox.simulator.traffic.counts().in_flight, { interval: 1 }).toBe(2);
    await sandbox.close();
    await closed;
    expect(await slow).toBe("cut");
    expect(sandbox.simulator.tunnels).toEqual([]);
  });

  it("may be asked for twice", async () => {
    const sandbox = await serveSandbox();
    await Promise.all([sandbox.close(), sandbox.close()]);
    await sandbox.close();
  });

  it("does not wait for an answer that a fault holds back for ever", async () => {
    const sandbox = await serveSandbox({ intercept: () => ({ type: "stall", bytes: 1 }) });
    const answer = await fetch(`${sandbox.url}/user`, { headers: HEADERS });
    const reading = answer.text().catch(() => "cut");
    await new Promise((resolve) => setTimeout(resolve, 5));
    await sandbox.close();
    expect(await reading).toBe("cut");
  });
});
