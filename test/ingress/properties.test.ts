import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Finding, Path } from "../../src/ingress/finding.ts";
import { judge } from "../../src/ingress/judge.ts";
import { findMatchingRule } from "../../src/ingress/match.ts";
import { CONFIGURATION, type Shape } from "../../src/ingress/shape.ts";
import { maskService } from "../../src/ingress/service.ts";

const SERVICES = "http://h http://u:pw@h/x http_status:404 socks-proxy bastion unix:/a tcp://h:0";
const HOSTNAMES = "* a.b *.a.b A.b a:80 bücher.de a..b \uD800 __proto__";
const texts = fc.constantFrom("", ...`${SERVICES} ${HOSTNAMES} ^/a /v1/* ( a** 30s 10.0.0.0/8`.split(" "));
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(null, [], {}, 0, -1, 2 ** 63, 1e300, true),
);

/** Documents that are nearly what they should be, for some value now and then is another. */
function valuesOf(shape: Shape): fc.Arbitrary<unknown> {
  const right = ((): fc.Arbitrary<unknown> => {
    switch (shape.type) {
      case "list":
        return fc.array(valuesOf(shape.items), { maxLength: 4 });
      case "mapping": {
        const keys = Object.entries(shape.keys).map(([key, of]) => [key, valuesOf(of)] as const);
        return fc.record(Object.fromEntries(keys), { requiredKeys: [] });
      }
      case "text":
        return fc.oneof(texts, fc.string({ unit: "binary" }));
      case "boolean":
        return fc.boolean();
      case "integer":
      case "unsigned":
      case "seconds":
        return fc.integer();
      case "ignored":
        return odd;
    }
  })();
  return fc.oneof({ arbitrary: right, weight: 24 }, { arbitrary: odd, weight: 1 });
}
const documents = valuesOf(CONFIGURATION);

describe("judge", () => {
  test("never throws, whatever the document", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), documents), async (document) => {
        await judge(document);
      }),
      { numRuns: 2_000 },
    );
  });

  test("has rules to ask, or an error", async () => {
    await fc.assert(
      fc.asyncProperty(documents, async (document) => {
        const { ingress, errors } = await judge(document);
        expect(ingress !== null || errors.length > 0).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test("says nothing that lies outside the document, but for what is missing from a mapping or a list", async () => {
    await fc.assert(
      fc.asyncProperty(documents, async (document) => {
        const { errors, warnings, notes } = await judge(document);
        for (const { path } of [...errors, ...warnings, ...notes] as readonly Finding[]) {
          expect(path.length === 0 || typeof valueAt(document, path.slice(0, -1)) === "object").toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("says no password", async () => {
    const secret = fc.stringMatching(/^[a-zA-Z0-9]{12}$/);
    const services = fc.constantFrom(
      "http://u:#@h",
      "http://h/?u:#@x",
      "u:#@h",
      "ftp://#@h:x",
      "unix-#@",
      "http://u:#/#@h/p",
    );
    await fc.assert(
      fc.asyncProperty(secret, services, async (password, service) => {
        const written = service.replaceAll("#", password);
        const { errors, warnings } = await judge({ ingress: [{ service: written }] });
        expect(JSON.stringify([errors, warnings])).not.toContain(password);
        expect(maskService(written)).not.toContain(password);
      }),
    );
  });
});

test("a request is served by the first rule that is not passed over, or by the last", async () => {
  const hosts = fc.constantFrom("a.b", "x.a.b", "A.b", "b", "x.xn--bcher-kva.de");
  const rules = fc.array(
    fc.record({
      hostname: fc.constantFrom("a.b", "*.a.b", "A.b", "*", "*.bücher.de"),
      path: fc.constantFrom("^/a", "b"),
      service: fc.constant("http://h"),
    }),
    { maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(rules, hosts, fc.constantFrom("/", "/a", "/B", "/b"), async (written, host, path) => {
      const { ingress } = await judge({ ingress: [...written, { service: "http_status:404" }] });
      const match = ingress && findMatchingRule(ingress, { host, path });
      expect(match?.passed.map(({ index }) => index)).toEqual([...written.keys()].slice(0, match?.index));
      const alone =
        ingress &&
        match &&
        findMatchingRule({ ...ingress, rules: ingress.rules.slice(match.index) }, { host, path });
      expect(alone?.index).toBe(0);
    }),
  );
});

function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as { readonly [key: string]: unknown } | null)?.[key],
    document,
  );
}
