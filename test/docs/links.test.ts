import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const top = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string) => readFileSync(top(path), "utf8");

const docs = readdirSync(top("docs"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".md"))
  .map((file) => `docs/${file.replaceAll("\\", "/")}`);
const pages = ["README.md", "CHANGELOG.md", "SECURITY.md", "examples/README.md", ...docs];

/** Where a page leads, code left out, as paths from the top of the repository. */
function linksOf(page: string): readonly { readonly path: string; readonly anchor: string }[] {
  const text = read(page).replaceAll(/^( *)```.*?^\1```/gms, "");
  return [...text.matchAll(/\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)/g)].map(([, link = "", anchor = ""]) => ({
    path: link === "" ? page : posix.join(posix.dirname(page), link),
    anchor,
  }));
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): readonly string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

it.each(pages)("%s leads to what is there", (page) => {
  const broken = linksOf(page).filter(
    ({ path, anchor }) => !existsSync(top(path)) || (anchor !== "" && !anchorsOf(path).includes(anchor)),
  );
  expect(broken).toEqual([]);
});

it("the index names every page", () => {
  const linked = linksOf("docs/README.md").map(({ path }) => path);
  expect(docs.filter((page) => page !== "docs/README.md" && !linked.includes(page))).toEqual([]);
});
