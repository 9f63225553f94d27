import { describe, expect, test } from "vitest";
import { isLoopback, parseBaseUrl, PUBLIC_BASE_URL } from "../../src/cloudflare/base-url.ts";

describe("parseBaseUrl accepts", () => {
  test.each([
    [PUBLIC_BASE_URL, PUBLIC_BASE_URL],
    ["https://api.example/client/v4/", "https://api.example/client/v4"],
    ["https://api.example///", "https://api.example"],
    ["HTTPS://API.example:8443/v4", "https://api.example:8443/v4"],
    ["http://localhost:8787/client/v4", "http://localhost:8787/client/v4"],
    ["http://127.0.0.1:1", "http://127.0.0.1:1"],
    ["http://127.9.8.7", "http://127.9.8.7"],
    ["http://[::1]:8080/", "http://[::1]:8080"],
  ])("%s", (text, url) => {
    expect(parseBaseUrl(text, { insecure: false })).toEqual({ ok: true, url });
  });
});

describe("parseBaseUrl refuses", () => {
  test.each([
    ["", "not_a_url"],
    ["api.cloudflare.com", "not_a_url"],
    ["https://", "not_a_url"],
    ["ftp://api.example", "scheme"],
    ["localhost:8787", "scheme"],
    ["http://api.example", "insecure"],
    ["http://localhost.evil.example", "insecure"],
    ["http://127.0.0.1.evil.example", "insecure"],
    ["http://evil.example/localhost", "insecure"],
    ["http://0.0.0.0", "insecure"],
    ["http://128.0.0.1", "insecure"],
    ["http://[::2]", "insecure"],
    ["https://user@api.example", "user_info"],
    ["https://:pass@api.example", "user_info"],
    ["http://localhost@evil.example", "user_info"],
    ["https://api.example/v4?x=1", "query_or_fragment"],
    ["https://api.example/v4?", "query_or_fragment"],
    ["https://api.example/v4#", "query_or_fragment"],
  ])("%s as %s", (text, reason) => {
    expect(parseBaseUrl(text, { insecure: false })).toEqual({ ok: false, reason });
  });
});

test("insecure allows http to any host, and nothing else", () => {
  expect(parseBaseUrl("http://api.example/v4", { insecure: true })).toEqual({
    ok: true,
    url: "http://api.example/v4",
  });
  expect(parseBaseUrl("http://u@api.example", { insecure: true })).toEqual({
    ok: false,
    reason: "user_info",
  });
  expect(parseBaseUrl("ftp://api.example", { insecure: true })).toEqual({ ok: false, reason: "scheme" });
});

test("a host is compared whole", () => {
  expect(["localhost", "[::1]", "127.0.0.1"].map(isLoopback)).toEqual([true, true, true]);
  expect(["xlocalhost", "localhost.", "127.0.0.1.x", "x127.0.0.1", "::1"].map(isLoopback)).toEqual(
    Array<boolean>(5).fill(false),
  );
});
