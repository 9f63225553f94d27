import { inspect } from "node:util";
import { describe, expect, test, vi } from "vitest";
import { Secret } from "../../src/base/secret.ts";
import type { CloudflareClient, RequestEvent } from "../../src/cloudflare/client.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { ACCOUNT, answer, failureOf, networkError, refusal, rig, script, success, TOKEN } from "./support.ts";

const PATH = "/cfd_tunnel/f70ff985-a4ef-4643-bbbc-4a0ed4fc8415";
const HTML = answer(502, "<html>Bad gateway</html>");

/** Every way to write, once. */
const WRITES: readonly [string, (client: CloudflareClient) => Promise<unknown>][] = [
  ["POST", (client) => client.post("/cfd_tunnel", { name: "x" })],
  ["PUT", (client) => client.put(PATH, { name: "x" })],
  ["PATCH", (client) => client.patch(PATH, { name: "x" })],
  ["DELETE", (client) => client.delete(PATH)],
];

function never(): Promise<never> {
  return new Promise(() => {});
}

async function* broken() {
  yield new TextEncoder().encode('{"success":true,');
  throw new TypeError("terminated");
}

async function* stalled() {
  yield new TextEncoder().encode('{"success":true,');
  await never();
}

describe("what is to be sent at once or not at all", () => {
  const write = async (others: number) => {
    const clock = new FakeClock();
    const world = rig(
      async ({ method }) => {
        await clock.sleep(method === "GET" ? others : 1);
        return success({ id: 1 });
      },
      { clock, concurrency: 1 },
    );
    const other = world.client.get(PATH);
    const failure = await world.client.patch(PATH, { name: "x" }, { atOnce: true }).then(
      () => null,
      (error: unknown) => error,
    );
    await other;
    return { failure, methods: world.seen.map(({ method }) => method) };
  };

  test("is not sent after it had to wait for others, and may be tried again", async () => {
    const { failure, methods } = await write(2_000);
    expect(failure).toMatchObject({ failure: "rate_limited", repeatable: true, ambiguous: false });
    expect(methods).toEqual(["GET"]);
  });

  test("is sent where others hold it up for a moment", async () => {
    expect(await write(100)).toEqual({ failure: null, methods: ["GET", "PATCH"] });
  });
});

describe("what is sent", () => {
  test("a read, with a token", async () => {
    const { client, seen } = rig(() => success({ id: 1 }));
    expect(await client.get(PATH, { a: 1, b: false })).toEqual({ id: 1 });
    const [request] = seen;
    expect(request).toMatchObject({ method: "GET", path: `${PATH}?a=1&b=false`, body: undefined });
    expect(Object.fromEntries(request?.headers ?? [])).toEqual({
      authorization: `Bearer ${TOKEN}`,
      accept: "application/json",
      "user-agent": "warren/test",
    });
  });

  test("writes, with a key and an email", async () => {
    const { client, seen } = rig(() => success(null), {
      credentials: { key: new Secret("the-key"), email: "me@example.com" },
    });
    await client.post("/cfd_tunnel", { name: "x", tunnel_secret: "s" });
    await client.patch(PATH, { name: "y" });
    await client.delete(PATH, { client_id: "z" });
    expect(seen.map(({ method, path, body }) => [method, path, body])).toEqual([
      ["POST", "/cfd_tunnel", { name: "x", tunnel_secret: "s" }],
      ["PATCH", PATH, { name: "y" }],
      ["DELETE", `${PATH}?client_id=z`, undefined],
    ]);
    expect(seen.map(({ headers }) => headers.get("content-type"))).toEqual([
      "application/json",
      "application/json",
      null,
    ]);
    for (const { headers } of seen) {
      expect([headers.get("x-auth-key"), headers.get("x-auth-email"), headers.get("authorization")]).toEqual([
        "the-key",
        "me@example.com",
        null,
      ]);
    }
  });

  test("a token's text is read with and without JSON around it", async () => {
    const text = Buffer.from('{"a":"1","t":"2","s":"3"}').toString("base64");
    const { client } = rig(script(success(text), answer(200, text)));
    expect(await client.get(`${PATH}/token`)).toBe(text);
    expect(await client.get(`${PATH}/token`)).toBe(text);
  });
});

describe("a read is sent again", () => {
  test.each([
    ["429", refusal(429, 971, "wait")],
    ["408", answer(408, "")],
    ["425", answer(425, "")],
    ["500", answer(500, "")],
    ["HTML 502", HTML],
    ["520", answer(520, "")],
    ["HTML 200", answer(200, "<html>")],
    ["truncated JSON", answer(200, '{"success":true,"errors":[],"result":[{"id":')],
    ["nothing", answer(200, "")],
    ["a result that is missing", answer(200, { success: true, errors: [] })],
    ["success with errors", answer(200, { success: true, errors: [{ code: 1, message: "x" }], result: 1 })],
    ["bytes that are no UTF-8", { ...success(1), body: [new Uint8Array([0x22, 0xff, 0x22])] }],
    ["a broken connection", networkError("ECONNRESET")],
    ["a connection that is refused", networkError("ECONNREFUSED")],
    ["a name that does not resolve", networkError("ENOTFOUND")],
    ["an error without a code", new TypeError("terminated")],
  ])("after %s", async (_, first) => {
    const { client, seen } = rig(script(first, success("fine")));
    expect(await client.get(PATH)).toBe("fine");
    expect(seen).toHaveLength(2);
  });

  test("six times at most, with full jitter that grows", async () => {
    const { client, clock, seen } = rig(() => HTML);
    const error = await failureOf(client.get(PATH));
    expect(error).toMatchObject({
      failure: "server",
      status: 502,
      ambiguous: false,
      message: `GET ${PATH}: 502`,
    });
    const times = seen.map(({ at }) => at - (seen[0]?.at ?? 0));
    expect(times).toEqual([0, 250, 750, 1_750, 3_750, 7_750]);
    expect(clock.sleeping).toBe(0);
  });
});

describe("a refusal is final", () => {
  test.each([400, 401, 403, 404, 409, 410, 422])("%i, for reads and writes", async (status) => {
    const { client, seen } = rig(() => refusal(status, 1, "no"));
    await failureOf(client.get(PATH));
    for (const [, write] of WRITES) {
      expect(await failureOf(write(client))).toMatchObject({ failure: "refused", status, ambiguous: false });
    }
    expect(seen).toHaveLength(1 + WRITES.length);
  });

  test("so is success: false, though a write may have been done", async () => {
    const no = answer(200, { success: false, errors: [{ code: 1, message: "no" }], result: null });
    const { client, seen } = rig(() => no);
    expect(await failureOf(client.get(PATH))).toMatchObject({
      failure: "refused",
      status: 200,
      ambiguous: false,
    });
    expect(await failureOf(client.delete(PATH))).toMatchObject({
      failure: "refused",
      status: 200,
      ambiguous: true,
    });
    expect(seen).toHaveLength(2);
  });
});

describe.each(WRITES)("%s", (_, write) => {
  test.each([
    ["429", refusal(429, 971, "wait", { "retry-after": "2" })],
    ["a connection that is refused", networkError("ECONNREFUSED")],
    ["a name that does not resolve", networkError("ENOTFOUND")],
    ["a resolver that is busy", networkError("EAI_AGAIN")],
    ["a connection that was not made in time", networkError("UND_ERR_CONNECT_TIMEOUT")],
  ])("is sent again after %s, as often as it takes", async (_, first) => {
    const { client, seen } = rig(script(first, first, success("done")));
    expect(await write(client)).toBe("done");
    expect(seen).toHaveLength(3);
  });

  test.each([
    ["500", answer(500, ""), "server"],
    ["a 500 that asks for fewer requests", refusal(500, 971, "wait"), "server"],
    ["HTML 502", HTML, "server"],
    ["503 with Retry-After", answer(503, "", { "retry-after": "1" }), "server"],
    ["408", answer(408, ""), "timeout"],
    ["a broken connection", networkError("ECONNRESET"), "network"],
    ["a connection closed by the other side", networkError("UND_ERR_SOCKET"), "network"],
    ["an error without a code", new TypeError("terminated"), "network"],
    ["HTML 200", answer(200, "<html>"), "unreadable"],
    ["truncated JSON", answer(200, '{"success":true,"resu'), "unreadable"],
    ["a result that is missing", answer(200, { success: true, errors: [] }), "unreadable"],
    [
      "success with errors",
      answer(200, { success: true, errors: [{ code: 1, message: "x" }], result: 1 }),
      "unreadable",
    ],
    ["a redirect", answer(302, ""), "unreadable"],
  ])("is sent once when it ends with %s, and that is ambiguous", async (_, end, failure) => {
    const { client, seen } = rig(script(end, success("twice")));
    expect(await failureOf(write(client))).toMatchObject({ failure, ambiguous: true });
    expect(seen).toHaveLength(1);
  });

  test("is sent once when the time is over, and that is ambiguous", async () => {
    const { client, clock, seen } = rig(never);
    const start = clock.now();
    expect(await failureOf(write(client))).toMatchObject({
      failure: "timeout",
      status: null,
      ambiguous: true,
    });
    expect(clock.now() - start).toBe(30_000);
    expect(seen[0]?.signal.aborted).toBe(true);
    expect(seen).toHaveLength(1);
  });

  test("that never reached the API is not ambiguous", async () => {
    const { client, seen } = rig(() => networkError("ECONNREFUSED"));
    expect(await failureOf(write(client))).toMatchObject({ failure: "network", ambiguous: false });
    expect(seen).toHaveLength(6);
  });

  test("whose certificate is not trusted is not sent again", async () => {
    const { client, seen } = rig(() => networkError("CERT_HAS_EXPIRED"));
    const error = await failureOf(write(client));
    expect(error).toMatchObject({ failure: "network", ambiguous: false });
    expect(error.message).toContain("no connection (CERT_HAS_EXPIRED)");
    expect(seen).toHaveLength(1);
  });
});

/** The nine traps of ofetch; those that need a socket are in transport.test.ts. */
describe("ofetch's traps", () => {
  test("1: Retry-After is waited for, whatever its form", async () => {
    for (const retryAfter of ["20", "Thu, 01 Jan 2026 00:00:20 GMT"]) {
      const { client, seen } = rig(
        script(
          refusal(429, 971, "wait", { "retry-after": retryAfter }),
          answer(503, "", { "retry-after": "20" }),
          success(1),
        ),
      );
      await client.get(PATH);
      expect(seen.map(({ at }) => at - (seen[0]?.at ?? 0))).toEqual([0, 20_000, 40_000]);
    }
  });

  test("2: what is not JSON is never a value", async () => {
    for (const body of ["<html>", '{"success":true,"errors":[],"result":"tru', "", "plain", "null"]) {
      const { client } = rig(() => answer(200, body));
      expect(await failureOf(client.get(PATH))).toMatchObject({ failure: "unreadable", status: 200 });
    }
  });

  test("3: a body that breaks off is sent for again", async () => {
    const { client } = rig((_, count) => (count === 1 ? { ...success(1), body: broken() } : success("fine")));
    expect(await client.get(PATH)).toBe("fine");
  });

  test("4: a body that stalls ends with the time limit", async () => {
    const { client, clock, seen } = rig((_, count) =>
      count === 1 ? { ...success(1), body: stalled() } : success("fine"),
    );
    expect(await client.get(PATH)).toBe("fine");
    expect(seen.map(({ at }) => at - (seen[0]?.at ?? 0))).toEqual([0, 30_250]);
    expect(seen.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    expect(clock.sleeping).toBe(0);
  });

  test("5: every attempt has a time limit and a signal of its own", async () => {
    const { client, seen } = rig((_, count) =>
      count === 1 ? answer(500, "") : count < 4 ? never() : success("fine"),
    );
    expect(await client.get(PATH)).toBe("fine");
    expect(seen.map(({ signal }) => signal.aborted)).toEqual([false, true, true, false]);
    expect(new Set(seen.map(({ signal }) => signal)).size).toBe(4);
  });

  test("6: an interruption ends a wait", async () => {
    const stop = new AbortController();
    const { client, clock, seen } = rig(() => answer(503, "", { "retry-after": "100" }), {
      stop: stop.signal,
    });
    const start = clock.now();
    const call = failureOf(client.get(PATH));
    await clock.sleep(1_000);
    stop.abort();
    expect(await call).toMatchObject({ failure: "server", status: 503 });
    expect(clock.now() - start).toBe(1_000);
    expect(seen).toHaveLength(1);
  });

  test("7: a redirect is an error, and final", async () => {
    const { client, seen } = rig(() => answer(302, "", { location: "https://evil.example/" }));
    const error = await failureOf(client.get(PATH));
    expect(error).toMatchObject({ failure: "unreadable", status: 302 });
    expect(error.message).toContain("a redirect, which is not followed");
    expect(seen).toHaveLength(1);
  });

  test("8: __proto__ in an answer is only a key, and nobody writes about it", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { client } = rig(() => answer(200, '{"success":true,"errors":[],"result":{"__proto__":{"x":1}}}'));
    const result = await client.get(PATH);
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(({} as { readonly x?: number }).x).toBeUndefined();
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  test("9: no error holds a credential, however it is looked at", async () => {
    const secret = Buffer.alloc(32, 7).toString("base64");
    for (const end of [
      networkError("ECONNRESET"),
      HTML,
      refusal(400, 1, `bad: Bearer ${TOKEN} / ${secret}`),
    ]) {
      const { client } = rig(() => end);
      for (const call of [
        () => client.get(PATH),
        () => client.post("/cfd_tunnel", { name: "x", tunnel_secret: secret }),
      ]) {
        const error = await failureOf(call());
        const text =
          inspect(error, { showHidden: true, getters: true, depth: 20 }) +
          JSON.stringify(error) +
          error.stack;
        expect(text).not.toContain(TOKEN);
        expect(text).not.toContain(secret);
        expect(error.cause).toBeUndefined();
      }
    }
  });
});

test("an echo of a credential, or of a secret that was sent, is hidden, however short it is", async () => {
  const { client } = rig(() => refusal(400, 1, "no to tok-9 and to s3cr3t"), {
    credentials: { token: new Secret("tok-9") },
  });
  const error = await failureOf(client.post("/cfd_tunnel", { name: "x", tunnel_secret: "s3cr3t" }));
  expect(error.errors).toEqual([{ code: 1, message: "no to (secret) and to (secret)" }]);
});

describe("requests in flight", () => {
  test("are never more than asked for, and that many as long as there is work", async () => {
    const clock = new FakeClock();
    const { client, mostInFlight } = rig(
      async () => {
        await clock.sleep(100);
        return success(1);
      },
      { clock, concurrency: 5 },
    );
    const start = clock.now();
    await Promise.all(Array.from({ length: 100 }, () => client.get(PATH)));
    expect(mostInFlight()).toBe(5);
    expect(clock.now() - start).toBe((100 / 5) * 100);
  });

  test("leave their place while they wait for another try", async () => {
    const clock = new FakeClock();
    const { client, seen } = rig(
      ({ path }, count) =>
        path.endsWith("/a") && count === 1 ? answer(503, "", { "retry-after": "60" }) : success(1),
      { clock, concurrency: 1 },
    );
    await Promise.all([client.get("/a"), client.get("/b")]);
    expect(seen.map(({ path, at }) => [path, at - (seen[0]?.at ?? 0)])).toEqual([
      ["/a", 0],
      ["/b", 0],
      ["/a", 60_000],
    ]);
  });

  test("wait together for a rate limit", async () => {
    const clock = new FakeClock();
    const { client, seen, waits } = rig(
      (_, count) => (count === 1 ? refusal(429, 971, "wait", { "retry-after": "300" }) : success(1)),
      { clock, concurrency: 2 },
    );
    await Promise.all(Array.from({ length: 6 }, () => client.get(PATH)));
    const start = seen[0]?.at ?? 0;
    // The second one was under way already.
    expect(seen.map(({ at }) => at - start)).toEqual([0, 0, ...Array<number>(5).fill(300_000)]);
    expect(waits).toEqual([{ type: "wait_begins", until: start + 300_000 }, { type: "wait_ends" }]);
  });

  test("bring no warning about listeners, however many there are", async () => {
    const warnings: string[] = [];
    const warned = (warning: Error) => warnings.push(warning.name);
    process.on("warning", warned);
    const clock = new FakeClock();
    const { client } = rig((_, count) => (count <= 64 ? HTML : success(1)), {
      clock,
      concurrency: 64,
      stop: new AbortController().signal,
      abort: new AbortController().signal,
    });
    await Promise.all(Array.from({ length: 64 }, () => client.get(PATH)));
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    process.off("warning", warned);
    expect(warnings).toEqual([]);
  });
});

test("a rate limit that is told with a status of 500 is waited for by all", async () => {
  const told = answer(500, { success: false, errors: [{ code: 10_429, message: "slow down" }] });
  const { client, waits } = rig(script(told, success("fine")));
  expect(await client.get(PATH)).toBe("fine");
  expect(waits.map(({ type }) => type)).toContain("wait_begins");
});

describe("a rate limit that does not end", () => {
  test("is given up after the API's five minutes", async () => {
    const { client, clock, seen } = rig(() => refusal(429, 971, "wait"));
    const start = clock.now();
    expect(await failureOf(client.post("/cfd_tunnel", {}))).toMatchObject({
      failure: "rate_limited",
      status: 429,
      ambiguous: false,
      errors: [{ code: 971, message: "wait" }],
    });
    expect(clock.now() - start).toBeGreaterThan(300_000);
    expect(seen.length).toBeLessThan(15);
  });

  test("with a Retry-After of an hour is given up at once, with its end", async () => {
    const { client, seen, waits } = rig(() => refusal(429, 971, "wait", { "retry-after": "3600" }));
    const error = await failureOf(client.get(PATH));
    expect(error).toMatchObject({ failure: "rate_limited", status: 429 });
    expect(error.message).toContain("429, rate limited, and for longer");
    expect(error.message).toContain("wait (971)");
    expect(seen).toHaveLength(1);
    expect(waits).toEqual([{ type: "wait_refused", until: Date.UTC(2026, 0, 1, 1) }]);
  });

  test("with a deadline is waited for until then", async () => {
    const clock = new FakeClock();
    const deadline = clock.now() + 3_600_000;
    const { client, seen } = rig(() => refusal(429, 971, "wait", { "retry-after": "700" }), {
      clock,
      deadline,
    });
    expect(await failureOf(client.get(PATH))).toMatchObject({ failure: "rate_limited", status: 429 });
    expect(seen).toHaveLength(6);
    expect(clock.now()).toBeLessThanOrEqual(deadline);
  });
});

describe("after an interruption", () => {
  test("what is in flight ends, nothing is sent again, first attempts are still sent", async () => {
    const stop = new AbortController();
    const clock = new FakeClock();
    const { client, seen } = rig(
      async ({ path }) => {
        await clock.sleep(100);
        return path === "/bad" ? HTML : success(path);
      },
      { clock, stop: stop.signal },
    );
    const running = client.get("/running");
    const failing = failureOf(client.get("/bad"));
    await clock.sleep(50);
    stop.abort();
    expect(await running).toBe("/running");
    expect(await failing).toMatchObject({ failure: "server" });
    expect(await client.get("/next")).toBe("/next");
    expect(seen.map(({ path }) => path)).toEqual(["/running", "/bad", "/next"]);
  });

  test("what would have to wait for a rate limit is not sent", async () => {
    const stop = new AbortController();
    const { client, clock, seen } = rig(() => refusal(429, 971, "wait", { "retry-after": "60" }), {
      stop: stop.signal,
    });
    const first = failureOf(client.post("/cfd_tunnel", {}));
    await clock.sleep(1_000);
    const second = failureOf(client.post("/cfd_tunnel", {}));
    await clock.sleep(1_000);
    stop.abort();
    expect(await first).toMatchObject({ failure: "rate_limited", status: 429, ambiguous: false });
    expect(await second).toMatchObject({ failure: "interrupted", status: null, ambiguous: false });
    expect(await failureOf(client.get(PATH))).toMatchObject({ failure: "interrupted", ambiguous: false });
    expect(seen).toHaveLength(1);
  });
});

describe("an abort", () => {
  test("cuts what is in flight, and a write is ambiguous then", async () => {
    const abort = new AbortController();
    const { client, clock, seen } = rig(never, { abort: abort.signal, concurrency: 2 });
    const calls = [client.get(PATH), client.post("/cfd_tunnel", {}), client.post("/cfd_tunnel", {})].map(
      failureOf,
    );
    await clock.sleep(10);
    abort.abort();
    expect((await Promise.all(calls)).map(({ failure, ambiguous }) => [failure, ambiguous])).toEqual([
      ["interrupted", false],
      ["interrupted", true],
      // This one had no place yet.
      ["interrupted", false],
    ]);
    expect(seen.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    expect(await failureOf(client.post("/cfd_tunnel", {}))).toMatchObject({
      failure: "interrupted",
      ambiguous: false,
    });
    expect(clock.sleeping).toBe(0);
  });

  test("ends a wait", async () => {
    const abort = new AbortController();
    const { client, clock } = rig(() => HTML, { abort: abort.signal });
    const call = failureOf(client.get(PATH));
    await clock.sleep(10);
    abort.abort();
    expect(await call).toMatchObject({ failure: "server" });
    expect(clock.now() - new FakeClock().now()).toBe(10);
  });
});

test("a retry that would come after the deadline is not made", async () => {
  const clock = new FakeClock();
  const { client, seen } = rig(() => HTML, { clock, deadline: clock.now() + 1_000 });
  expect(await failureOf(client.get(PATH))).toMatchObject({ failure: "server" });
  expect(seen).toHaveLength(3);
});

test("onRequest tells of every attempt, without a header or a body", async () => {
  const events: RequestEvent[] = [];
  const clock = new FakeClock();
  const { client } = rig(
    async (_, count) => {
      await clock.sleep(20);
      return count === 1 ? networkError("ECONNRESET") : count === 2 ? answer(200, "<html>") : success(1);
    },
    { clock, onRequest: (event) => events.push(event) },
  );
  await client.get(PATH, { page: 2 });
  const common = { method: "GET", path: `${PATH}?page=2`, ms: 20 };
  expect(events).toEqual([
    { ...common, status: null, failure: "network", attempt: 1 },
    { ...common, status: 200, failure: "unreadable", attempt: 2 },
    { ...common, status: 200, failure: null, attempt: 3 },
  ]);
  expect(JSON.stringify(events)).not.toContain(TOKEN);
});

test.each(["“token”", "two\nlines", "nul\0"])(
  "a credential that no header can carry (%j) is not sent",
  async (text) => {
    const { client, seen } = rig(() => success(1), { credentials: { token: new Secret(text) } });
    const error = await failureOf(client.post("/cfd_tunnel", {}));
    expect(error).toMatchObject({ failure: "refused", hint: "bad_credentials", ambiguous: false });
    expect(error.message).not.toContain(text);
    expect(seen).toEqual([]);
  },
);

describe("hints", () => {
  const noAuth = refusal(403, 10_000, "Authentication error");

  test("one collection refused while another is granted: a permission", async () => {
    const { client } = rig(({ path }) => (path === "/warp_connector" ? noAuth : success([])));
    await client.get("/cfd_tunnel");
    expect(await failureOf(client.get("/warp_connector"))).toMatchObject({ hint: "missing_permission" });
  });

  test("others refused after one was granted: a permission still", async () => {
    const { client } = rig(({ path }) => (path === "/cfd_tunnel" ? success([]) : noAuth));
    await client.get("/cfd_tunnel");
    await failureOf(client.get("/warp_connector"));
    expect(await failureOf(client.get("/tunnels"))).toMatchObject({ hint: "missing_permission" });
  });

  test("one that failed otherwise was not refused", async () => {
    const { client } = rig(({ path }) => (path === "/cfd_tunnel" ? refusal(400, 1, "no") : noAuth));
    await failureOf(client.get("/cfd_tunnel"));
    expect(await failureOf(client.get("/warp_connector"))).toMatchObject({ hint: "missing_permission" });
  });

  test("one granted after all that were asked before refused: a permission, of those as well", async () => {
    const { client } = rig(({ path }) => (path === "/warp_connector" ? success([]) : noAuth));
    await failureOf(client.get("/tunnels"));
    const error = await failureOf(client.get("/cfd_tunnel"));
    expect(error).toMatchObject({ hint: "wrong_account" });
    await client.get("/warp_connector");
    expect(error).toMatchObject({ hint: "missing_permission" });
  });

  test("all collections refused: the account", async () => {
    const { client } = rig(() => noAuth);
    expect(await failureOf(client.get("/cfd_tunnel"))).toMatchObject({ hint: "missing_permission" });
    expect(await failureOf(client.get("/warp_connector"))).toMatchObject({ hint: "wrong_account" });
  });
});

test("what must be a text is nothing else", async () => {
  const { client } = rig(() => success({ token: "x" }));
  expect(await failureOf(client.get(`${PATH}/token`))).toMatchObject({ failure: "unreadable" });
  expect(await failureOf(client.post(`${PATH}/management`, {}))).toMatchObject({ failure: "unreadable" });
  expect(await client.post(PATH, {})).toEqual({ token: "x" });
});

test("an answer may be as large as was said, and no larger", async () => {
  const { client } = rig(() => success("x".repeat(1_000)), { maxAnswerBytes: 500 });
  expect(await failureOf(client.get(PATH))).toMatchObject({ failure: "unreadable" });
});

test("the API's own clock is told, where an answer shows it", async () => {
  const dates: number[] = [];
  const { client } = rig(
    script(success(1), success(1, undefined, { date: "Wed, 25 Nov 2026 09:00:00 GMT" })),
    { onDate: (time) => dates.push(time) },
  );
  await client.get(PATH);
  expect(dates).toEqual([]);
  await client.get(PATH);
  expect(dates).toEqual([Date.UTC(2026, 10, 25, 9)]);
});

test("an account id cannot lead elsewhere, nor can a path", async () => {
  const { client } = rig(() => success(1));
  expect(client.accountId).toBe(ACCOUNT);
  await expect(client.get("/../../zones")).rejects.toThrow("Internal error");
  const seen: string[] = [];
  const other = rig(() => success(1), {
    accountId: "a/b?c",
    fetch: (url) => {
      seen.push(url);
      return Promise.resolve(success(1));
    },
  });
  await other.client.get("/cfd_tunnel");
  expect(seen).toEqual(["https://api.test/client/v4/accounts/a%2Fb%3Fc/cfd_tunnel"]);
});
