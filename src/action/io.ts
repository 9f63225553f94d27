/** Everything outside that the action touches. Tests pass their own. */
export interface ActionIo {
  readonly env: { readonly [name: string]: string | undefined };
  readonly cwd: string;
  /** The version of warren that comes with the action. */
  readonly version: string;
  /** Runs warren without a shell, its standard error going to the log. */
  warren(
    argv: readonly string[],
    options: { readonly cwd: string; readonly env: { readonly [name: string]: string | undefined } },
  ): Promise<{ readonly code: number; readonly stdout: string }>;
  readonly fetch: typeof globalThis.fetch;
  /** To the job's log. */
  log(text: string): void;
  /** Letters and digits that nobody can foresee. */
  nonce(): string;
}
