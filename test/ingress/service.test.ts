import { expect, test } from "vitest";
import { maskService, parseService } from "../../src/ingress/service.ts";

const parse = (text: string) => parseService(text, false);

test.each([
  ["unix:/run/x.sock", { type: "unix", tls: false, socket: "/run/x.sock" }],
  ["unix+tls:/run/\nx", { type: "unix", tls: true, socket: "/run/\nx" }],
  ["http_status:404", { type: "http_status", status: 404 }],
  ["http_status:+0999", { type: "http_status", status: 999 }],
  ["hello_world", { type: "hello_world" }],
  ["hello-world", { type: "hello_world" }],
  ["socks-proxy", { type: "socks_proxy" }],
  ["bastion", { type: "bastion" }],
  ["wss://h", { type: "http", url: expect.objectContaining({ scheme: "wss" }) }],
  ["HTTPS://h", { type: "http", url: expect.objectContaining({ scheme: "https" }) }],
  ["postgres://db:5432", { type: "tcp", url: expect.objectContaining({ port: "5432" }) }],
])("%j", (text, expected) => {
  expect(parse(text)).toEqual(expected);
});

test.each([
  ["", { code: "service_missing" }],
  ["http_status:99", { code: "service_bad_status" }],
  ["http_status:４０４", { code: "service_bad_status" }],
  ["http_status:1e2", { code: "service_bad_status" }],
  ["localhost:8000", { code: "service_without_scheme", write: "http://localhost:8000" }],
  ["127.0.0.1:80", { code: "service_without_scheme", write: "http://127.0.0.1:80" }],
  [":80", { code: "service_without_scheme", write: null }],
  ["localhost", { code: "service_without_scheme", write: "http://localhost" }],
  ["//h:80", { code: "service_without_scheme", write: "http://h:80" }],
  ["https:h", { code: "service_without_scheme", write: "https://h" }],
  ["user:secret@h:80", { code: "service_without_host" }],
  ["not a service", { code: "service_without_scheme", write: null }],
  ["Hello_World", { code: "service_without_scheme", write: "hello_world" }],
  ["socks_proxy", { code: "service_without_scheme", write: "socks-proxy" }],
  ["http-status:404", { code: "service_without_scheme", write: "http_status:404" }],
  ["UNIX:/a:b", { code: "service_without_scheme", write: "unix:/a:b" }],
  ["http://", { code: "service_without_host" }],
  ["http://:80", { code: "service_without_host" }],
  ["http://h/", { code: "service_with_path", write: "http://h" }],
  ["http://u:p@h:8/x/y", { code: "service_with_path", write: "http://(secret)@h:8" }],
  ["http://a b", { code: "service_bad_url", why: "bad_host_character" }],
])("%j is none: %j", (text, expected) => {
  expect(parse(text)).toEqual(expected);
});

test("in bastion mode, what is no other form is not looked at", () => {
  expect(parseService("not a url", true)).toEqual({ type: "bastion" });
  expect(parseService("", true)).toEqual({ type: "bastion" });
  expect(parseService("http_status:1", true)).toEqual({ code: "service_bad_status" });
});

test.each([
  ["http://h:80", "http://h:80"],
  ["http://u:p@h:80", "http://(secret)@h:80"],
  ["http://u:p@x@h", "http://(secret)@h"],
  ["http://u:p/w@h", "http://(secret)@h"],
  ["http://u:p#?@h/x", "http://(secret)@h/x"],
  ["u:p@h", "(secret)@h"],
  ["u:p@h//x", "(secret)@h//x"],
  ["http:u:p@h", "(secret)@h"],
  ["unix:/run/a@b", "unix:/run/a@b"],
])("%j is shown as %j", (text, shown) => {
  expect(maskService(text)).toBe(shown);
});
