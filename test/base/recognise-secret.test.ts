import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { credentialsIn, isCredentialName, looksLikeSecret } from "../../src/base/recognise-secret.ts";

test.each([
  ["CLOUDFLARE_API_TOKEN", true],
  ["CLOUDFLARE_API_KEY", true],
  ["cloudflare_api_key", true],
  ["GITHUB_TOKEN", true],
  ["ACTIONS_ID_TOKEN_REQUEST_TOKEN", true],
  ["CI_JOB_TOKEN", true],
  ["CLOUDFLARE_TUNNEL_SECRET", false],
  ["MY_GITHUB_TOKEN", false],
  ["GITHUB_TOKEN_2", false],
  ["WEB_SECRET", false],
])("whether %s is a credential of the account's or the CI's own: %s", (name, expected) => {
  expect(isCredentialName(name)).toBe(expected);
});

test("the credentials of an environment are its tokens and keys, whatever else begins as they do", () => {
  const env = {
    CLOUDFLARE_API_TOKEN: " t0 ",
    CLOUDFLARE_API_KEY: "k0",
    CLOUDFLARE_API_BASE_URL: "https://example.com",
    ACTIONS_RUNTIME_TOKEN: "t1",
    ACTIONS_STEP_DEBUG: "true",
    GITHUB_TOKEN: "",
    CI_JOB_TOKEN: undefined,
    WEB_SECRET: "s",
  };
  expect(credentialsIn(env)).toEqual(["t0", "k0", "t1"]);
});

describe("what looks like a secret", () => {
  /** Secrets of a length, the same in every run. */
  const secrets = (bytes: number) =>
    Array.from({ length: 200 }, (_, at) =>
      createHash("shake256", { outputLength: bytes }).update(String(at)).digest(),
    );

  test.each([32, 33, 34, 48, 64])("%i bytes, in whatever way they are written", (bytes) => {
    for (const secret of secrets(bytes)) {
      expect(looksLikeSecret(secret.toString("base64"))).toBe(true);
      expect(looksLikeSecret(`${secret.toString("base64")}\n`)).toBe(true);
      expect(looksLikeSecret(secret.toString("base64").replace(/^(.{20})/, "$1\n  "))).toBe(true);
      expect(looksLikeSecret(secret.toString("hex"))).toBe(true);
      expect(looksLikeSecret(secret.toString("hex").toUpperCase())).toBe(true);
    }
    const bare = secrets(bytes).flatMap((secret) => [
      secret.toString("base64").replace(/=+$/, ""),
      secret.toString("base64url"),
    ]);
    expect(bare.filter((text) => !looksLikeSecret(text))).toEqual([]);
  });

  test.each([
    "WEB_SECRET",
    "PROD_EU1_WEB2_V3_CLOUDFLARE_TUNNEL_SECRET_V2_K8S_NS1",
    "THEVERYLONGNAMEOFAVARIABLETHATHOLDSATUNNELSSECRET1",
    "production_web_frontend_tunnel_secret_of_account_2",
    "secrets/prod-web",
    "/run/secrets/production/tunnels/prod-web-frontend-tunnel",
    "/Users/Jane1/Projects/cloudflare/secrets/prod-web",
    "/run/secrets/0192f0c1-7e57-7abc-8def-0123456789ab/tunnel",
    "/var/lib/docker/volumes/3f786850e387550fdab836ed7e6dc881/_data/web",
    `./${Buffer.alloc(33, "secret?").toString("base64")}`,
    `${Buffer.alloc(33, "secret?").toString("base64")}.txt`,
    Buffer.alloc(16, 7).toString("base64"),
    "",
  ])("%s does not", (text) => {
    expect(looksLikeSecret(text)).toBe(false);
  });
});
