import { describe, expect, test } from "vitest";
import { Secret } from "../../src/base/secret.ts";
import { headersFor, secretsOf, withQuery } from "../../src/cloudflare/message.ts";

describe("headersFor", () => {
  test("a token", () => {
    expect(headersFor({ token: new Secret("t") }, "warren/1", false)).toEqual({
      authorization: "Bearer t",
      accept: "application/json",
      "user-agent": "warren/1",
    });
  });

  test("a key with its email, and a body", () => {
    const credentials = { key: new Secret("k"), email: "a@b.example" };
    expect(headersFor(credentials, "warren/1", true)).toEqual({
      "x-auth-key": "k",
      "x-auth-email": "a@b.example",
      accept: "application/json",
      "user-agent": "warren/1",
      "content-type": "application/json",
    });
    expect(secretsOf(credentials)).toEqual(["k"]);
  });
});

describe("withQuery", () => {
  test.each([
    [{}, "/cfd_tunnel"],
    [{ is_deleted: false, page: 2 }, "/cfd_tunnel?is_deleted=false&page=2"],
    [{ name: "a b+c&d=é/?#%" }, "/cfd_tunnel?name=a%20b%2Bc%26d%3D%C3%A9%2F%3F%23%25"],
    [{ name: "\ud800" }, "/cfd_tunnel?name=%EF%BF%BD"],
  ])("%j", (query, expected) => {
    expect(withQuery("/cfd_tunnel", query)).toBe(expected);
  });

  test.each([
    "/cfd_tunnel/..",
    "/../zones",
    "/cfd_tunnel/./x",
    "/a?b",
    "/a#b",
    "/a b",
    "/a\\b",
    "/%2e%2E/zones",
  ])("leaves the account with no path such as %s", (path) => {
    expect(() => withQuery(path, {})).toThrow("Internal error");
  });

  test("a dot within a segment is fine", () => {
    expect(withQuery("/a.b/..c", {})).toBe("/a.b/..c");
  });
});
