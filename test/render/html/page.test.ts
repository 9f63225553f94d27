import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderPage } from "../../../src/render/html/page.ts";
import type { TunnelPage } from "../../../src/render/html/read.ts";
import { documents } from "../../browser/documents.mjs";
import { readHealthPage, readPlanPage } from "../../../src/render/html/read.ts";
import { HIDDEN } from "../hostile.ts";
import { fullPage } from "./pages.ts";

const render = (text: (place: string) => string) => renderPage(fullPage(text), "warren 0.0.0");

/** Every tag with the names of its attributes, in order; throws where a character of markup stands outside of one. */
function structureOf(page: string): readonly string[] {
  const body = page.replace(/<style>[^<]*<\/style>/, "<style></style>");
  const tag = /<(\/?[a-z][a-z0-9]*|!doctype)((?: [a-zA-Z-]+(?:="[^"<>]*")?)*)\/?>/g;
  const rest = body.replace(tag, "");
  expect(rest).not.toMatch(/[<>"]/);
  return [...body.matchAll(tag)].map(([, name = "", attributes = ""]) =>
    [name, ...[...attributes.matchAll(/ ([a-zA-Z-]+)(?:="[^"]*")?/g)].map(([, attribute]) => attribute)].join(
      " ",
    ),
  );
}

/** Texts that end an element, an attribute or a comment, or begin one, between others. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "<script>alert(1)</script>",
        '"',
        "'",
        "<",
        ">",
        "&lt;",
        "</title>",
        "</style>",
        "<!--",
        "-->",
      ),
      fc.constantFrom(
        '" onload="x',
        "<img src=x onerror=x>",
        "</svg>",
        "]]>",
        "javascript:x",
        "`",
        "\u0000",
        "\u202e",
      ),
      fc.string({ unit: "binary" }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(""));

describe("whatever the names are", () => {
  test("the page has the elements and attributes of its template, and no others", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        // The cut and the count depend on the text; what they leave out is a title for a tooltip.
        const shape = (page: string) =>
          structureOf(page).filter((each) => each !== "title" && each !== "/title");
        const plain = render((place) => `${place} name`);
        // Backticks mark words in our own sentences, where they make code of them.
        const calm = text.replaceAll("`", "");
        const isBlock = calm.includes("\n");
        if (!isBlock) {
          expect(shape(render((place) => `${place} ${calm}`))).toEqual(shape(plain));
        }
        structureOf(render((place) => `${place} ${text}`));
      }),
    );
  });

  test("nothing in it is hidden from a reader", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(render(() => text).replaceAll("\n", "")).not.toMatch(HIDDEN);
      }),
    );
  });

  test("no link leads anywhere but to the dashboard", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const links = [...render(() => text).matchAll(/href="([^"]*)"/g)].map(([, link]) => link ?? "");
        expect(links.length).toBeGreaterThan(0);
        for (const link of links) {
          expect(link.startsWith("https://dash.cloudflare.com/")).toBe(true);
        }
      }),
    );
  });
});

describe("the page", () => {
  const page = render((place) => place);

  test("asks for nothing, and runs nothing", () => {
    expect(page).not.toMatch(
      /<script|<link|<img|<iframe|<object|<form| src=| style=| on[a-z]+=|url\(|@import/i,
    );
  });

  test("allows itself its own style sheet alone", () => {
    const [, style = ""] = /<style>([^<]*)<\/style>/.exec(page) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    expect(page).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">`,
    );
  });

  test("of the same documents, the same bytes", () => {
    expect(render((place) => place)).toBe(page);
  });

  test("says of which account, fleet and run it is, each once", () => {
    expect(page.match(/<span class="made">[^/]*<\/span><\/span>/g)).toEqual([
      '<span class="made">account <span class="name">account</span></span>',
      '<span class="made">in the fleet <span class="name">fleet</span></span>',
      '<span class="made">run <span class="name">run</span></span>',
    ]);
  });

  test("a part that is not given is not there", () => {
    const { health } = fullPage((place) => place);
    const alone = renderPage({ plan: null, report: null, health, fleet: null }, "warren 0.0.0");
    expect(alone).toContain('<section id="health">');
    expect(alone).not.toMatch(/id="changes"|id="apply"|id="fleet"/);
  });
});

describe("beyond sixty nodes", () => {
  const tunnel = (number: number, state: TunnelPage["state"]): TunnelPage => ({
    kind: "cfd_tunnel",
    name: `t${number}`,
    id: `id-${number}`,
    state,
    since: null,
    config_src: "cloudflare",
    connectors: [],
    config_version: null,
    hostnames: [],
    routes: [],
  });
  const pageOf = (tunnels: readonly TunnelPage[], changed: readonly number[] = []) => {
    const { plan } = fullPage((place) => place);
    const changes = plan.changes
      .slice(0, 1)
      .flatMap((change) =>
        changed.map((number) => ({ ...change, kind: "cfd_tunnel", name: "new name", id: `id-${number}` })),
      );
    const page = renderPage(
      {
        plan: { ...plan, changes },
        report: null,
        fleet: null,
        health: { account_id: "a", command: null, account: null, run: null, tunnels, gaps: [] },
      },
      "warren",
    );
    return { drawn: page.match(/<figure/g)?.length ?? 0, page };
  };

  test("all are drawn up to there", () => {
    expect(pageOf([...Array(60).keys()].map((number) => tunnel(number, "healthy"))).drawn).toBe(60);
  });

  test("what is healthy and unchanged is counted", () => {
    const many = [...Array(61).keys()].map((number) => tunnel(number, number === 7 ? "down" : "healthy"));
    const { drawn, page } = pageOf(many, [3, 5]);
    expect(drawn).toBe(3);
    expect(page).toContain("Not drawn: 58 tunnels (58 healthy).");
  });

  test("more trouble than that is drawn as far as there is room, and counted too", () => {
    const { drawn, page } = pageOf([...Array(100).keys()].map((number) => tunnel(number, "down")));
    expect(drawn).toBe(60);
    expect(page).toContain("Not drawn: 40 tunnels (40 down).");
  });
});

describe("the picture of a plan", () => {
  const { plan, status } = documents();
  const found = readHealthPage(status);
  /** The words of one tunnel's card. */
  const cardOf = (more: readonly string[]) => {
    const tunnels = (found?.tunnels ?? []).map((tunnel) =>
      tunnel.name === "prod-web" ? { ...tunnel, hostnames: [...tunnel.hostnames, ...more] } : tunnel,
    );
    const health = found === null ? null : { ...found, tunnels };
    const page = renderPage({ plan: readPlanPage(plan), report: null, fleet: null, health }, "warren");
    const card = page.split("<figure").find((each) => each.includes('aria-label="cfd_tunnel/prod-web')) ?? "";
    return card.replaceAll(/<[^>]*>/g, " ").split(/\s{2,}/);
  };

  test("has what is to lead to a tunnel beside what does, each with what becomes of it", () => {
    const words = cardOf([]);
    const after = (text: string) => words[words.indexOf(text) + 1];
    expect(after("shop.example.com")).toBe("+ create");
    expect(after("www.example.com")).toBe("- delete");
    expect(after("10.2.0.0/16")).toBe("+ create");
    expect(after("app.example.com")).toBe("shop.example.com");
  });

  test("counts what has no place, and never what changes", () => {
    const words = cardOf(["a.example.com", "b.example.com", "c.example.com"]);
    expect(words).toContain("and 4 more");
    expect(words).toEqual(expect.arrayContaining(["shop.example.com", "www.example.com", "10.2.0.0/16"]));
    expect(words).not.toContain("10.1.0.0/16");
  });
});
