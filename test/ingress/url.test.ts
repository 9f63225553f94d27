import { expect, test } from "vitest";
import { parseUrl } from "../../src/ingress/url.ts";

const none = { scheme: "", user: null, hostname: "", port: null, path: "", query: null, fragment: null };

test.each([
  ["", none],
  ["*", { ...none, path: "*" }],
  ["HTTP://Host", { ...none, scheme: "http", hostname: "Host" }],
  [
    "http://h:80/a%20b?q#f",
    { ...none, scheme: "http", hostname: "h", port: "80", path: "/a b", query: "q", fragment: "f" },
  ],
  ["http://h:", { ...none, scheme: "http", hostname: "h", port: "" }],
  ["http://u:p@x@h", { ...none, scheme: "http", user: "u:p@x", hostname: "h" }],
  ["http://[fe80::1%25en%200]:8", { ...none, scheme: "http", hostname: "fe80::1%en 0", port: "8" }],
  ["http://m%C3%BCnchen", { ...none, scheme: "http", hostname: "münchen" }],
  ["http://h%25x", { ...none, scheme: "http", hostname: "h%x" }],
  ["tcp://::1:80", { ...none, scheme: "tcp", hostname: "::1", port: "80" }],
  ["http://<x>,*", { ...none, scheme: "http", hostname: "<x>,*" }],
  ["mailto:a@b", { ...none, scheme: "mailto" }],
  ["localhost", { ...none, path: "localhost" }],
  ["a/b:c", { ...none, path: "a/b:c" }],
  ["//h/p", { ...none, hostname: "h", path: "/p" }],
  ["///p", { ...none, path: "///p" }],
  ["http:///p", { ...none, scheme: "http", path: "/p" }],
  ["http://h/?a?b", { ...none, scheme: "http", hostname: "h", path: "/", query: "a?b" }],
  ["http://h?%zz", { ...none, scheme: "http", hostname: "h", query: "%zz" }],
  ["http://h#\n", { ...none, scheme: "http", hostname: "h", fragment: "\n" }],
])("%j is parsed as Go does", (text, expected) => {
  expect(parseUrl(text)).toEqual(expected);
});

test.each([
  ["http://h\n", "control_character"],
  ["http://h\x7F", "control_character"],
  [":80", "nothing_before_colon"],
  ["127.0.0.1:80", "colon_before_slash"],
  [" http://h", "colon_before_slash"],
  ["http://h/%zz", "bad_escape"],
  ["http://h#%z", "bad_escape"],
  ["http://%41", "bad_escape"],
  ["http://u%@h", "bad_escape"],
  ["http://[::1%25%C3]", "bad_escape"],
  ["mailto:x#%", "bad_escape"],
  ["http://ü@h", "bad_user_info"],
  ["http://[::1", "bad_brackets"],
  ["http://a[::1]", "bad_brackets"],
  ["http://[1.2.3.4]", "bad_brackets"],
  ["http://[name]", "bad_brackets"],
  ["http://[::1%25]", "bad_brackets"],
  ["http://[::1%en0]", "bad_escape"],
  ["http://[::1]80", "bad_port"],
  ["http://::1:80", "bad_port"],
  ["http://h:-1", "bad_port"],
  ["tcp://a:b", "bad_port"],
  ["http://a b", "bad_host_character"],
  ["http://a\\b", "bad_host_character"],
  ["http://[::1%25{]", "bad_host_character"],
])("%j is refused as Go does: %s", (text, why) => {
  expect(parseUrl(text)).toBe(why);
});

test("bytes that are no UTF-8 become U+FFFD, each of them", () => {
  expect(parseUrl("http://h/%FC%E2%82/%F0%9F%98%80%ED%A0%80%C0%80%E2%82%AC")).toMatchObject({
    path: "/\uFFFD\uFFFD\uFFFD/😀\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD€",
  });
});
