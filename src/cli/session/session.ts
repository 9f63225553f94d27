import { setMaxListeners } from "node:events";
import { resolve } from "node:path";
import packageJson from "../../../package.json" with { type: "json" };
import { Secret } from "../../base/secret.ts";
import { parseBaseUrl } from "../../cloudflare/base-url.ts";
import {
  type CloudflareClient,
  type ClientOptions,
  createClient,
  type Credentials,
} from "../../cloudflare/client.ts";
import { proxyFetch } from "../../cloudflare/wire/proxy.ts";
import type { Limits } from "../../base/limits.ts";
import { StateFileError } from "../../simulator/state/format.ts";
import { type ApiClock, createApiClock } from "../../cloudflare/api-clock.ts";
import type { Run } from "../command.ts";
import { chooseAccount, namesAccount, readBaseUrl, readCredentials } from "./environment.ts";
import type { Io } from "../io.ts";
import { explainSandbox } from "../sandbox/explain-sandbox.ts";
import type { ApiOptions } from "../args/options.ts";
import { UserError } from "../user-error.ts";
import { accountWords } from "../args/command-words.ts";

/** A connection to one account, of Cloudflare's or of the embedded sandbox. */
export interface Session {
  readonly client: CloudflareClient;
  readonly accountId: string;
  /** The options that make another command act on this account; none where it would anyway. */
  readonly sameAccount: readonly string[];
  /** What the answers show of the API's clock. */
  readonly apiClock: Pick<ApiClock, "latest" | "now">;
  /** How long the run may go on. */
  readonly limits: Limits;
  close(): Promise<void>;
}

/** Opens a session for a command that reads no files, does the work, and closes it, whatever comes. */
export async function withSession<T>(
  run: Run<ApiOptions>,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openSession(run, null);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/**
 * Opens the session that the options, the environment and the files' `account_id` name, or throws `UserError`. The
 * embedded sandbox has its own account and token, and looks at neither of the others. Sends no request.
 */
export async function openSession(run: Run<ApiOptions>, fileAccountId: string | null): Promise<Session> {
  const { options, printer, io, waiting, stamping } = run;
  const endpoint = options.sandbox ? await startSandbox(options, io) : findAccount(run, fileAccountId);
  stamping.learn({ account_id: endpoint.accountId });
  for (const secret of secretsOf(endpoint.credentials)) {
    printer.hide(secret);
  }
  // One for each change that waits: by default Node warns of more than ten.
  setMaxListeners(0, io.stop, io.abort);
  const apiClock = createApiClock(io.clock);
  const limits: Limits = {
    clock: io.clock,
    stop: io.stop,
    ...(options.deadline === undefined ? {} : { deadline: io.clock.now() + options.deadline * 1_000 }),
  };
  const client = createClient({
    baseUrl: endpoint.baseUrl,
    accountId: endpoint.accountId,
    credentials: endpoint.credentials,
    ...(io.network ?? (options.sandbox ? {} : await viaProxy(io))),
    random: () => io.random(),
    concurrency: options.concurrency,
    timeoutMs: options.timeout * 1_000,
    ...limits,
    abort: io.abort,
    userAgent: `warren/${packageJson.version}`,
    ...waiting.told,
    onRequest: (event) => {
      waiting.told.onRequest(event);
      const { method, path, status, ms, attempt } = event;
      if (options.verbose) {
        const again = attempt > 1 ? ` (attempt ${attempt})` : "";
        printer.note(`${method} ${path} ${status ?? "no answer"} ${Math.round(ms)} ms${again}`);
      }
    },
    onDate: (date) => apiClock.saw(date),
  });
  return {
    client,
    accountId: endpoint.accountId,
    sameAccount: accountWords(
      options,
      options.accountId ?? (namesAccount(null, io.env) ? null : endpoint.accountId),
    ),
    limits,
    apiClock,
    close: () => endpoint.close(),
  };
}

interface Endpoint {
  readonly baseUrl: string;
  readonly accountId: string;
  readonly credentials: Credentials;
  close(): Promise<void>;
}

function findAccount({ options, printer, io }: Run<ApiOptions>, fileAccountId: string | null): Endpoint {
  const baseUrl = checkBaseUrl(readBaseUrl(io.env), options.insecure);
  const accountId = chooseAccount(fileAccountId, options.accountId, io.env);
  const { credentials, note } = readCredentials(io.env);
  if (note !== null) {
    printer.note(note);
  }
  return { baseUrl, accountId, credentials, close: async () => {} };
}

/** The embedded sandbox, for as long as it is not closed. */
export async function startSandbox(options: ApiOptions, io: Io): Promise<Endpoint> {
  const { serveSandbox } = await import("../../simulator/serve.ts");
  const sandbox = await explainSandbox(() => serveSandbox({ stateFile: resolve(io.cwd, options.state) }));
  return {
    baseUrl: sandbox.url,
    accountId: sandbox.accountId,
    credentials: { token: new Secret(sandbox.token) },
    close: async () => {
      try {
        await sandbox.close();
      } catch (error) {
        // Every write was in the file before it was answered. What is left to be kept comes about by itself: the next
        // run sees it happen again.
        if (!(error instanceof StateFileError)) {
          throw error;
        }
      }
    },
  };
}

function checkBaseUrl(text: string, insecure: boolean): string {
  const parsed = parseBaseUrl(text, { insecure });
  if (parsed.ok) {
    return parsed.url;
  }
  switch (parsed.reason) {
    case "not_a_url":
      throw badUrl("is not a URL; it looks like https://api.cloudflare.com/client/v4");
    case "scheme":
      throw badUrl("must begin with https://");
    case "insecure":
      throw badUrl(
        "is not https, so the API token would cross the network in the clear. Use https, or --insecure if you are sure",
      );
    case "user_info":
      throw badUrl("holds a user name or password; take them out");
    case "query_or_fragment":
      throw badUrl("has a query or a fragment; take it off");
  }
}

function badUrl(what: string): UserError {
  return new UserError("bad_base_url", `The base URL (CLOUDFLARE_BASE_URL) ${what}.`);
}

function secretsOf(credentials: Credentials): readonly Secret[] {
  return "token" in credentials ? [credentials.token] : [credentials.key];
}

async function viaProxy({ env }: Io): Promise<Pick<ClientOptions, "fetch">> {
  const proxy = await proxyFetch(env);
  if (!proxy.ok) {
    throw new UserError(
      "bad_proxy",
      `${proxy.variable} is not the URL of a proxy, like http://proxy.example:3128.`,
    );
  }
  return proxy.fetch === null ? {} : { fetch: proxy.fetch };
}
