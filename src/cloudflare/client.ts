export type Query = { readonly [parameter: string]: string | number | boolean };

/**
 * The wire to one account. Paths are below `/accounts/{account_id}`. Every method throws `ApiError`, and nothing
 * else, when the API or the network says no.
 */
export interface CloudflareClient {
  readonly accountId: string;
  /** Sends a GET, again where that can help, and returns the answer's `result`. */
  get(path: string, query?: Query): Promise<unknown>;
  /**
   * Reads every page and returns what `parse` makes of the rows, in no particular order; a row that `parse` turns
   * into null is passed over. Returns only what is surely the whole list: a reading whose pages moved, or which the
   * API's total contradicts, is made again until two agree, and fails with `incomplete` in the end.
   */
  list<T extends { readonly id: string; readonly name: string }>(
    path: string,
    query: Query,
    parse: (row: unknown) => T | null,
  ): Promise<readonly T[]>;
  /** Like `list` for a filtered read, where the API's total says nothing: follows the pages to a short one. */
  find<T extends { readonly id: string }>(
    path: string,
    query: Query,
    parse: (row: unknown) => T | null,
  ): Promise<readonly T[]>;
  /**
   * Sends a write and returns the answer's `result`. Sent again only where the API surely did not act on it (429,
   * a connection that was never made); otherwise an unclear end is an `ApiError` with `ambiguous: true`.
   */
  post(path: string, body: unknown): Promise<unknown>;
  patch(path: string, body: unknown): Promise<unknown>;
  delete(path: string, query?: Query): Promise<unknown>;
}
