// `npm run look [FOLDER]`: opens reports in a real headless browser, wide and narrow, light and dark, and leaves the
// pictures in the folder for people to look at. Fails where a page asks for anything, complains, is wider than its window,
// or where a name has added an element. Needs `npm run build` and a Chromium or Chrome.
import { deepStrictEqual as same, notStrictEqual as differs, ok } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { findChromium, look, withChromium } from "./chromium.mjs";
import { documents } from "./documents.mjs";

const warren = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const [, , named] = process.argv;
const folder = named === undefined ? mkdtempSync(join(tmpdir(), "warren-look-")) : resolve(named);
mkdirSync(folder, { recursive: true });

const program = findChromium();
if (program === null) {
  console.error("No Chromium and no Chrome on the path: install one, or name it in CHROMIUM.");
  process.exit(1);
}

const WAYS = [
  { width: 1280, scheme: "light" },
  { width: 1280, scheme: "dark" },
  { width: 390, scheme: "light" },
  { width: 390, scheme: "dark" },
];

/** Each would be an element, a request or a script, if it came through. */
const HOSTILE = [
  "<script>document.title='run'</script>",
  "<img src=http://127.0.0.1:9/x onerror=document.body.remove()>",
  '"><svg onload=alert(1)><style>*{background:url(http://127.0.0.1:9/y)}</style>',
  "</title></style></svg><iframe src=http://127.0.0.1:9/z></iframe>",
  "' onmouseover='x' <!-- <link rel=stylesheet href=http://127.0.0.1:9/w>",
];

/** Writes the page of some names, as the program makes it. */
function pageOf(title, name, sorts = ["plan", "report", "status", "fleet"]) {
  const made = documents(name);
  const options = sorts.flatMap((sort) => {
    const path = join(folder, `${title}-${sort}.json`);
    writeFileSync(path, JSON.stringify(made[sort]));
    return [`--${sort}`, path];
  });
  const out = join(folder, `${title}.html`);
  execFileSync(process.execPath, [warren, "report", ...options, "--out", out], { stdio: "inherit" });
  return pathToFileURL(out).href;
}

const account = pageOf("account", (text) => text, ["plan", "status"]);
const fleet = pageOf("fleet", (text) => text, ["fleet"]);
const plain = pageOf("plain", (text) => text);
const hostile = HOSTILE.map((attack, at) => pageOf(`hostile-${at}`, (text) => text + attack));

await withChromium(program, async (browser) => {
  const colours = new Set();
  for (const way of WAYS) {
    for (const url of [account, fleet, plain, ...hostile]) {
      const seen = await look(browser, url, way);
      same(seen.requests, [url], `${url} asked for more than itself`);
      same(seen.complaints, [], `${url} complained`);
      ok(!seen.isWiderThanWindow, `${url} is wider than ${way.width} pixels`);
      same(seen.paper, "rgb(255, 255, 255)", `${url} is not white on paper`);
      ok(seen.pdf.length > 10_000, `${url} does not print`);
      colours.add(seen.background);
      if (url === account || url === fleet) {
        const title = url === account ? "report" : "fleet";
        writeFileSync(join(folder, `${title}-${way.width}-${way.scheme}.png`), seen.screenshot);
        writeFileSync(join(folder, `${title}.pdf`), seen.pdf);
      }
      if (url === plain) {
        way.elements = seen.elements;
      }
      if (hostile.includes(url)) {
        same(seen.elements, way.elements, `${url} has an element or attribute that the template lacks`);
      }
    }
  }
  differs(colours.size, 1, "light and dark look alike, so the style sheet was refused");
});
console.log(
  `${3 + hostile.length} pages, ${WAYS.length} ways each: nothing asked, nothing added. Look at ${folder}`,
);
