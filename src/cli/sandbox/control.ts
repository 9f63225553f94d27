import { isObject } from "../../base/json.ts";
import { isLoopback } from "../../cloudflare/base-url.ts";
import { CONTROL_PATH } from "../../simulator/control.ts";
import { SANDBOX_TOKEN } from "../../simulator/serve.ts";
import { UserError } from "../user-error.ts";

/**
 * Asks the sandbox whose base URL this is by its control path, which lies beside the API. It is given the sandbox's own
 * token, and only on this machine, so that no credential of anybody's goes there. Throws a `UserError` with its words
 * where it refuses, and where no sandbox answers.
 */
export async function askSandbox(
  baseUrl: string,
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: object,
): Promise<void> {
  const url = URL.canParse(baseUrl) ? new URL(`${CONTROL_PATH}/${path}`, baseUrl) : null;
  if (url === null || !isLoopback(url.hostname)) {
    throw noSandbox("CLOUDFLARE_BASE_URL leads to no sandbox");
  }
  const response = await fetch(url, {
    method,
    redirect: "manual",
    headers: { authorization: `Bearer ${SANDBOX_TOKEN}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => null);
  const reply: unknown = await response?.json().catch(() => null);
  if (!isObject(reply) || typeof reply["success"] !== "boolean") {
    throw noSandbox(`No sandbox answers at ${url.origin}`);
  }
  if (!reply["success"]) {
    throw new UserError("sandbox_refused", `The sandbox refuses: ${firstMessage(reply["errors"])}`);
  }
}

function noSandbox(what: string): UserError {
  return new UserError(
    "no_sandbox",
    `${what}. Serve one with \`warren sandbox --port 8787\`, and lead this shell to it: eval "$(warren sandbox env --port 8787)".`,
  );
}

function firstMessage(errors: unknown): string {
  const [first]: readonly unknown[] = Array.isArray(errors) ? errors : [];
  return isObject(first) && typeof first["message"] === "string" ? first["message"] : "it does not say why";
}
