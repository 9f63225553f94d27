import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { runCli } from "../../support/cli.ts";

/** An API whose every answer is a 429 with this `Retry-After`. */
async function limitedApi(retryAfter: string): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(429, { "retry-after": retryAfter, "content-type": "application/json" });
    response.end(
      '{"success":false,"errors":[{"code":971,"message":"Please wait"}],"messages":[],"result":null}',
    );
  });
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  onTestFinished(() => void server.close());
  // A TCP server that listens has a port.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`;
}

test("a Retry-After of an hour: the time on standard error alone, and the option that allows the wait", async () => {
  const env = {
    CLOUDFLARE_BASE_URL: await limitedApi("3600"),
    CLOUDFLARE_ACCOUNT_ID: "0123456789abcdef0123456789abcdef",
    CLOUDFLARE_API_TOKEN: "x".repeat(40),
  };
  const text = await runCli(["list"], { env });
  expect(text.code).toBe(1);
  expect(text.stderr).toMatch(
    /^Rate limit: Cloudflare allows no more requests until \d{4}-\S+Z, which is too long/,
  );
  expect(text.stderr).toContain("Please wait (code 971). With `--deadline SECONDS`, warren waits longer");
  expect(text.stderr.match(/Rate limit/g)).toHaveLength(1);

  const json = await runCli(["list", "--json"], { env });
  expect(json.stdout).toContain("--deadline SECONDS");
  expect(json.stdout).not.toMatch(/\dT\d\d:/);
  expect(json.stderr).toMatch(/until \d{4}-\S+Z/);

  const soon = await runCli(["list", "--deadline", "86400"], { env, stop: AbortSignal.timeout(300) });
  expect(soon.stderr).toMatch(/^Rate limit: waiting until /);
});
