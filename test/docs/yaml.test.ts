import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import schema from "../../schema/tunnels.schema.json" with { type: "json" };
import { runCli } from "../support/cli.ts";

const top = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string) => readFileSync(top(path), "utf8");
const docs = readdirSync(top("docs"), { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".md"),
);

/** Each block of YAML that is a whole file of ours, its indentation taken off. */
const all = ["README.md", ...docs.map((file) => `docs/${file}`)].flatMap((page) =>
  [...read(page).matchAll(/^( *)```yaml\n(.*?)^\1```/gms)]
    .map(([, indent = "", text = ""]) => ({
      page,
      text: text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    }))
    .filter(({ text }) => /^version: 1$/m.test(text)),
);

const isFleet = ({ text }: { readonly text: string }) => text.includes("fleet.schema.json");
const files = all.filter((one) => !isFleet(one));

it("documents show files", () => {
  expect(files.length).toBeGreaterThan(4);
});

it.each(files)("$page shows a file that is valid: $text", async ({ text }) => {
  const env = { CLOUDFLARE_ACCOUNT_ID: "0123456789abcdef0123456789abcdef" };
  const { code, stderr } = await runCli(["validate", "--strict"], { env, files: { "tunnels.yaml": text } });
  expect(code, stderr).toBe(0);
});

it.each(all.filter(isFleet))("$page shows a fleet that is valid: $text", async ({ text }) => {
  const account = (number: number) => `version: 1\naccount_id: a${"0".repeat(30)}${number}\n`;
  const files = {
    "fleet.yaml": text,
    "accounts/lab/tunnels.yaml": account(1),
    "legacy/shop.yaml": account(2),
    "legacy/common/a.yaml": "version: 1\n",
  };
  const { code, stderr } = await runCli(["matrix"], { files });
  expect(code, stderr).toBe(0);
});

it("every setting that Terraform has for a service is named, as it is spelled here", () => {
  const page = read("docs/from-terraform.md");
  const spelled = [...page.matchAll(/^\| `\w+` \| `(\w+)` \|$/gm)].map(([, key = ""]) => key);
  const real = Object.keys(schema.definitions.origin_request.properties);
  expect(spelled.length).toBeGreaterThan(10);
  expect(spelled.filter((key) => !real.includes(key))).toEqual([]);
  // Of these the provider knows nothing, since the API does not describe them.
  const unknown = ["access", "bastionMode", "ipRules", "proxyAddress", "proxyPort"];
  expect(real.filter((key) => !spelled.includes(key) && !unknown.includes(key))).toEqual([]);
});
