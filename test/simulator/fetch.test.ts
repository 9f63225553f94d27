import { createHash } from "node:crypto";
import { createFetch, type FetchOptions } from "ofetch";
import pLimit from "p-limit";
import { describe, expect, it } from "vitest";
import type { Fault } from "../../src/simulator/exchange.ts";
import { simulatorFetch, type SimulatorFetchOptions } from "../../src/simulator/fetch.ts";
import { seededBytes } from "../../src/simulator/random.ts";
import { ACCOUNT, TOKEN, world } from "./support/world.ts";

const URL_OF_LIST = `https://api.example/client/v4/accounts/${ACCOUNT}/cfd_tunnel`;
const AUTH = { authorization: `Bearer ${TOKEN}` };

function faulty(fault?: Fault, options?: SimulatorFetchOptions) {
  const made = world({ intercept: () => fault });
  return { ...made, fetch: simulatorFetch(made.simulator, options) };
}

describe("as fetch", () => {
  it("takes an address and options", async () => {
    const { fetch } = faulty();
    const made = await fetch(URL_OF_LIST, {
      method: "POST",
      headers: new Headers({ ...AUTH, "Content-Type": "application/json" }),
      body: '{"name":"web"}',
    });
    expect([made.status, made.ok, made.headers.get("Content-Type"), made.headers.has("x")]).toEqual([
      200,
      true,
      "application/json",
      false,
    ]);
    const listed = await fetch(new URL(`${URL_OF_LIST}?name=web#part`), { headers: AUTH });
    expect(await listed.json()).toMatchObject({ result: [{ name: "web" }] });
    expect(Object.fromEntries(listed.headers)).toHaveProperty("cf-ray");
  });

  it("takes a Request", async () => {
    const { fetch, simulator } = faulty();
    const headers = { ...AUTH, "content-type": "application/json" };
    const made = await fetch(new Request(URL_OF_LIST, { method: "POST", headers, body: '{"name":"web"}' }));
    expect(made.status).toBe(200);
    expect(simulator.tunnels.map((tunnel) => tunnel.name)).toEqual(["web"]);
  });

  it("sends a text without a type as plain text, which the API refuses", async () => {
    const { fetch } = faulty();
    const refused = await fetch(URL_OF_LIST, { method: "POST", headers: AUTH, body: '{"name":"web"}' });
    expect(await refused.text()).toContain("Content-Type");
  });

  it("has no body with 204", async () => {
    const { fetch, simulator } = faulty({ type: "answer", acts: false, status: 204 });
    const answer = await fetch(URL_OF_LIST);
    expect([answer.body, await answer.text()]).toEqual([null, ""]);
    expect(simulator.traffic.counts().in_flight).toBe(0);
  });

  it("cannot send bytes", async () => {
    const { fetch } = faulty();
    await expect(fetch(URL_OF_LIST, { method: "POST", body: new Uint8Array(1) })).rejects.toThrow(TypeError);
  });
});

describe("under ofetch", () => {
  it.each<["stream" | "text"]>([["stream"], ["text"]])("raw, %s", async (responseType) => {
    const { fetch, create, simulator } = faulty();
    create("cfd_tunnel", "täg");
    const api = createFetch({ fetch });
    const options = { retry: false, ignoreResponseError: true, headers: AUTH } satisfies FetchOptions;
    const answer =
      responseType === "stream"
        ? await api.raw(URL_OF_LIST, { ...options, responseType: "stream" })
        : await api.raw(URL_OF_LIST, { ...options, responseType: "text" });
    let text = "";
    if (typeof answer._data === "string") {
      text = answer._data;
    } else {
      for await (const chunk of answer._data ?? []) {
        text += Buffer.from(chunk).toString();
      }
    }
    expect(answer.status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ result: [{ name: "täg" }] });
    expect(simulator.traffic.counts()).toMatchObject({ in_flight: 0, most_in_flight: 1 });
  });

  it("sends an object as JSON", async () => {
    const { fetch, simulator } = faulty();
    const api = createFetch({ fetch, defaults: { headers: AUTH } });
    await api(URL_OF_LIST, { method: "post", body: { name: "web" }, query: { a: "1" } });
    expect(simulator.tunnels.map((tunnel) => tunnel.name)).toEqual(["web"]);
  });
});

describe("faults", () => {
  it.each<[Fault, string, number]>([
    [{ type: "drop", acts: false }, "ECONNRESET", 0],
    [{ type: "drop", acts: true }, "ECONNRESET", 1],
    [{ type: "refuse" }, "ECONNREFUSED", 0],
  ])("%j rejects as fetch does, %s", async (fault, errorCode, made) => {
    const { fetch, simulator } = faulty(fault);
    const headers = { ...AUTH, "content-type": "application/json" };
    const error: unknown = await fetch(URL_OF_LIST, {
      method: "POST",
      headers,
      body: '{"name":"web"}',
    }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: "fetch failed", cause: { code: errorCode } });
    expect(simulator.tunnels).toHaveLength(made);
    expect(simulator.traffic.counts().in_flight).toBe(0);
  });

  it("ends a body early, or cuts it", async () => {
    const clean = await faulty({ type: "truncate", bytes: 9, end: "clean" }).fetch(URL_OF_LIST, {
      headers: AUTH,
    });
    expect(await clean.text()).toBe('{"success');
    const cut = await faulty({ type: "truncate", bytes: 9, end: "cut" }).fetch(URL_OF_LIST, {
      headers: AUTH,
    });
    await expect(cut.text()).rejects.toMatchObject({ message: "terminated", cause: { code: "ECONNRESET" } });
  });

  it("stalls until it is given up", async () => {
    const { fetch, simulator } = faulty({ type: "stall", bytes: 4 });
    const stop = new AbortController();
    const answer = await fetch(URL_OF_LIST, { headers: AUTH, signal: stop.signal });
    expect(answer.status).toBe(200);
    const chunks: string[] = [];
    const reading = (async () => {
      for await (const chunk of answer.body ?? []) {
        chunks.push(Buffer.from(chunk).toString());
      }
    })();
    await new Promise((resolve) => setImmediate(resolve));
    expect(chunks).toEqual(['{"su']);
    expect(simulator.traffic.counts().in_flight).toBe(1);
    stop.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
    expect(simulator.traffic.counts().in_flight).toBe(0);
  });

  it.each(["first", "last"] as const)("waits by the sleep it was given, acting %s", async (acts) => {
    const sleeps: [number, number][] = [];
    const made = faulty(
      { type: "delay", ms: 250, acts },
      {
        sleep: async (ms) => {
          sleeps.push([ms, made.simulator.tunnels.length]);
        },
      },
    );
    const headers = { ...AUTH, "content-type": "application/json" };
    const answer = await made.fetch(URL_OF_LIST, { method: "POST", headers, body: '{"name":"web"}' });
    expect(answer.status).toBe(200);
    expect(sleeps).toEqual([[250, acts === "first" ? 1 : 0]]);
  });
});

describe("abort", () => {
  it("sends nothing once it is aborted", async () => {
    const { fetch, simulator } = faulty();
    await expect(fetch(URL_OF_LIST, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(simulator.traffic.counts().requests).toBe(0);
  });

  it.each([
    ["first", 1],
    ["last", 0],
  ] as const)("during a wait, when it acts %s: %i made", async (acts, made) => {
    const stop = new AbortController();
    const { fetch, simulator } = faulty(
      { type: "delay", ms: 9, acts },
      {
        sleep: async () => stop.abort(new Error("late")),
      },
    );
    const headers = { ...AUTH, "content-type": "application/json" };
    const sent = fetch(URL_OF_LIST, { method: "POST", headers, body: '{"name":"web"}', signal: stop.signal });
    await expect(sent).rejects.toThrow("late");
    expect(simulator.tunnels).toHaveLength(made);
    expect(simulator.traffic.counts().in_flight).toBe(0);
  });

  it("before the body is read", async () => {
    const { fetch } = faulty();
    const stop = new AbortController();
    const answer = await fetch(URL_OF_LIST, { headers: AUTH, signal: stop.signal });
    stop.abort();
    await expect(answer.text()).rejects.toMatchObject({ name: "AbortError" });
  });
});

it("counts the most requests in flight", async () => {
  const { fetch, simulator } = faulty();
  const answers = await Promise.all([1, 2, 3].map(() => fetch(URL_OF_LIST, { headers: AUTH })));
  expect(simulator.traffic.counts()).toMatchObject({ in_flight: 3, most_in_flight: 3 });
  await Promise.all(answers.map((answer) => answer.text()));
  expect(simulator.traffic.counts()).toMatchObject({ in_flight: 0, most_in_flight: 3 });
});

it("gives the same trace on every Node version: requests in the same order, with the same ends", async () => {
  const chance = seededBytes(7);
  const trace = createHash("sha256");
  const { simulator } = world({
    intercept: (request, position) => {
      trace.update(`${position} ${request.method} ${request.path} ${request.body}\n`);
      const roll = chance(1)[0] ?? 0;
      if (roll < 20) {
        return { type: "drop", acts: roll < 10 };
      }
      if (roll < 40) {
        return { type: "truncate", bytes: 20, end: roll < 30 ? "cut" : "clean" };
      }
      if (roll < 60) {
        return { type: "delay", ms: 1, acts: roll < 50 ? "first" : "last" };
      }
      return undefined;
    },
  });
  const api = createFetch({ fetch: simulatorFetch(simulator, { sleep: async () => {} }) });
  const headers = { ...AUTH, "content-type": "application/json" };
  const send = async (method: string, url: string, body?: string): Promise<void> => {
    try {
      const options = {
        method,
        headers,
        retry: false,
        ignoreResponseError: true,
        responseType: "text",
      } as const;
      const answer = await api.raw(url, body === undefined ? options : { ...options, body });
      trace.update(`${answer.status} ${answer._data?.length}\n`);
    } catch (error) {
      trace.update(`${error instanceof Error ? error.name : ""}\n`);
    }
  };
  await pLimit(4).map(Array.from({ length: 100 }).keys(), async (i) => {
    await send("POST", URL_OF_LIST, `{"name":"t${i}"}`);
    await send("GET", `${URL_OF_LIST}?name=t${i}`);
  });
  expect(trace.digest("hex").slice(0, 16)).toBe("da678bc2266d7ed2");
});
