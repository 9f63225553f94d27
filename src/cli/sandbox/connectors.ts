import type { ApiOptions } from "../args/options.ts";
import type { Run } from "../command.ts";
import { show } from "../commands/show.ts";
import { readBaseUrl } from "../session/environment.ts";
import { startSandbox, withSession } from "../session/session.ts";
import { resolveTunnel } from "../tunnel/tunnel-argument.ts";
import type { ExitCode } from "../user-error.ts";
import { askSandbox } from "./control.ts";

export interface ConnectOptions extends ApiOptions {
  readonly connections: number;
}

export interface StopOptions extends ApiOptions {
  /** All of them, where none is named. */
  readonly connector?: string;
}

/** Lets a connector of the tunnel appear, as if cloudflared had been started, and shows the tunnel. */
export function connect(run: Run<ConnectOptions>, argument: string): Promise<ExitCode> {
  const { connections } = run.options;
  return atTunnel(run, argument, (ask, id) =>
    ask("POST", `tunnels/${id}/connectors`, { connections, reconnects: true }),
  );
}

/** Stops the tunnel's connectors, or one, as if cloudflared had been ended, and shows the tunnel. */
export function stop(run: Run<StopOptions>, argument: string): Promise<ExitCode> {
  // Not for `show`, which would look for the one that was stopped.
  const { connector, ...options } = run.options;
  const query = connector === undefined ? "" : `?client_id=${encodeURIComponent(connector)}`;
  return atTunnel({ ...run, options }, argument, (ask, id) =>
    ask("DELETE", `tunnels/${id}/connectors${query}`),
  );
}

type Ask = (method: "POST" | "DELETE", path: string, body?: object) => Promise<void>;

/** Does something to a tunnel of the sandbox that is served, or of the embedded one, and shows what has become of it. */
async function atTunnel(
  run: Run<ApiOptions>,
  argument: string,
  act: (ask: Ask, id: string) => Promise<void>,
): Promise<ExitCode> {
  const { options, io, waiting } = run;
  if (!options.sandbox) {
    // Before anything is sent: this must be a sandbox, and no account of anybody's.
    await askSandbox(readBaseUrl(io.env), "GET", "switches");
  }
  const { id } = await withSession(run, (session) =>
    waiting.reading("Reading the tunnel", resolveTunnel(argument, session)),
  );
  const sandbox = options.sandbox ? await startSandbox(options, io) : null;
  try {
    const baseUrl = sandbox?.baseUrl ?? readBaseUrl(io.env);
    await act((...request) => askSandbox(baseUrl, ...request), id);
  } finally {
    await sandbox?.close();
  }
  return show({ ...run, options: { ...options, wide: false } }, id);
}
