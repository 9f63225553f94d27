import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { proxyFetch } from "../../src/cloudflare/wire/proxy.ts";
import { createTransport, type FetchLike } from "../../src/cloudflare/wire/transport.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { serveFaults } from "./fault-server.ts";

const open: (() => PromiseLike<void> | void)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) {
    await close();
  }
});

async function serveTarget() {
  const server = await serveFaults((_, response) => response.end("through"));
  open.push(() => server[Symbol.asyncDispose]());
  return server;
}

/** A proxy that knows CONNECT only, and brings every host to one port of this machine. */
async function serveProxy(port: number, refuse = 0) {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const proxy = createServer((_, response) => response.writeHead(405).end());
  proxy.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    authorizations.push(request.headers["proxy-authorization"]);
    socket.on("error", () => {});
    if (refuse > 0) {
      socket.end(`HTTP/1.1 ${refuse} No\r\n\r\n`);
      return;
    }
    const upstream = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    open.push(() => {
      socket.destroy();
      upstream.destroy();
    });
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  open.push(() => {
    proxy.close();
  });
  const { port: own } = proxy.address() as AddressInfo;
  return { url: `http://127.0.0.1:${own}`, host: `127.0.0.1:${own}`, asked, authorizations };
}

async function fetchWith(env: { readonly [name: string]: string }): Promise<FetchLike> {
  const made = await proxyFetch(env);
  if (!made.ok || made.fetch === null) {
    throw new Error("no proxy");
  }
  return made.fetch;
}

function send(fetch: FetchLike, url: string) {
  return createTransport({
    fetch,
    clock: new FakeClock({ jumps: false }),
    timeoutMs: 1_000,
    maxAnswerBytes: 1_000,
    abort: undefined,
  })({ method: "GET", url, headers: {}, body: null });
}

describe("proxyFetch", () => {
  test.each([{}, { HTTPS_PROXY: "" }, { NO_PROXY: "*" }, { https_proxy: " " }])(
    "with %j is none",
    async (env) => {
      expect(await proxyFetch(env)).toEqual({ ok: true, fetch: null });
    },
  );

  test.each([
    [{ HTTPS_PROXY: "http://" }, "HTTPS_PROXY"],
    [{ http_proxy: "socks5://127.0.0.1:1" }, "http_proxy"],
    [{ HTTP_PROXY: "http://a b" }, "HTTP_PROXY"],
    [{ HTTPS_PROXY: "http://us%zz:p@127.0.0.1:9" }, "HTTPS_PROXY"],
  ])("with %j names what is wrong", async (env, variable) => {
    expect(await proxyFetch(env)).toEqual({ ok: false, variable });
  });

  test("goes through the proxy, with its user", async () => {
    const target = await serveTarget();
    const proxy = await serveProxy(target.port);
    const fetch = await fetchWith({ HTTP_PROXY: `http://me:word@${proxy.host}` });
    expect(await send(fetch, "http://api.test/client/v4")).toMatchObject({
      status: 200,
      body: { text: "through" },
    });
    expect(proxy.asked).toEqual(["api.test:80"]);
    expect(proxy.authorizations).toEqual([`Basic ${btoa("me:word")}`]);
    expect(target.requests[0]?.headers["proxy-authorization"]).toBeUndefined();
  });

  test("needs no scheme before the proxy, and lower case goes first", async () => {
    const target = await serveTarget();
    const proxy = await serveProxy(target.port);
    const fetch = await fetchWith({ http_proxy: proxy.host, HTTP_PROXY: "http://127.0.0.1:1" });
    expect(await send(fetch, "http://api.test/")).toMatchObject({ status: 200 });
  });

  test("asks HTTPS_PROXY for https, and never HTTP_PROXY", async () => {
    const target = await serveTarget();
    const proxy = await serveProxy(target.port);
    // No TLS is spoken behind it: that the proxy was asked is all there is to see.
    await send(await fetchWith({ HTTPS_PROXY: proxy.url }), "https://api.test/");
    expect(proxy.asked).toEqual(["api.test:443"]);
    const end = await send(await fetchWith({ HTTP_PROXY: proxy.url }), "https://api.invalid/");
    expect(proxy.asked).toEqual(["api.test:443"]);
    expect(end.body).toMatchObject({ loss: { why: "not_connected" } });
  });

  test("goes by it for this machine", async () => {
    const target = await serveTarget();
    const proxy = await serveProxy(target.port);
    const fetch = await fetchWith({ HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url });
    expect(await send(fetch, `${target.url}/x`)).toMatchObject({ status: 200, body: { text: "through" } });
    expect(proxy.asked).toEqual([]);
  });

  test("goes by it for the hosts of NO_PROXY", async () => {
    const target = await serveTarget();
    const proxy = await serveProxy(target.port);
    const fetch = await fetchWith({ HTTP_PROXY: proxy.url, NO_PROXY: "other.test, .direct.invalid" });
    const end = await send(fetch, "http://api.direct.invalid/");
    expect(end.body).toMatchObject({ loss: { why: "not_connected" } });
    expect(proxy.asked).toEqual([]);
    expect(await send(fetch, "http://api.test/")).toMatchObject({ status: 200 });
  });

  test.each([
    [407, true],
    [502, false],
  ])("a proxy that answers %i made no connection", async (status, lasting) => {
    const proxy = await serveProxy(1, status);
    const end = await send(await fetchWith({ HTTP_PROXY: proxy.url }), "http://api.test/");
    expect(end.body).toEqual({ loss: { why: "not_connected", code: `PROXY_${status}`, lasting } });
  });
});
