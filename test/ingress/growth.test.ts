import { afterAll, expect, test } from "vitest";
import { startCounting } from "../support/work.ts";

const counter = await startCounting("/src/ingress/");
afterAll(() => counter.stop());
const { judge } = await import("../../src/ingress/judge.ts");

const rule = (at: number) => ({
  hostname: at % 3 === 0 ? `*.x${at}.example.com` : `h${at}.a.b.example.com`,
  path: at % 2 === 0 ? `^/p${at}` : "",
  service: at % 5 === 0 ? "localhost" : "http://localhost",
  originRequest: { connectTimeout: at % 7, caPool: "/ca", oops: 1 },
});
test.each([
  ["rules", (size: number) => ({ ingress: Array.from({ length: size }, (_, at) => rule(at)) })],
  [
    "unreadable rules",
    (size: number) => ({ ingress: Array.from({ length: size }, () => ({ service: 1, path: [] })) }),
  ],
  [
    "rules of one host",
    (size: number) => ({ ingress: Array.from({ length: size }, () => ({ ...rule(1), hostname: "a.b" })) }),
  ],
  [
    "ipRules",
    (size: number) => ({
      ingress: [
        {
          service: "socks-proxy",
          originRequest: { ipRules: Array.from({ length: size }, () => ({ ports: [0] })) },
        },
      ],
    }),
  ],
  [
    "unknown keys",
    (size: number) => Object.fromEntries(Array.from({ length: size }, (_, at) => [`key${at}`, at])),
  ],
])("does twice the work for twice the %s, and no more", async (_, documentOf) => {
  const workOf = (size: number) => counter.count(() => judge(documentOf(size)));
  const [small, large] = [await workOf(1_000), await workOf(2_000)];
  expect(large / small).toBeLessThan(2.1);
});
