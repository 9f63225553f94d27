import type { Account } from "./account.ts";
import { needsNothing, type Call, type Endpoint } from "./wire/endpoint.ts";
import { success, type Reply } from "./wire/envelope.ts";

/** Whose global key a served sandbox takes. */
export const USER_EMAIL = "sandbox@example.com";
const USER_ID = "5a9db0c5a9db0c5a9db0c5a9db0c5a9d";

/** What is of no kind, but what clients ask for first. */
export const userEndpoints: readonly Endpoint[] = [
  endpoint("/user", () => success({ id: USER_ID, email: USER_EMAIL })),
  endpoint("/user/tokens/verify", () => ({
    ...success({ id: USER_ID, status: "active" }),
    messages: [{ code: 10000, message: "This API Token is valid and active", type: null }],
  })),
  endpoint("/accounts", ({ account, query }) => onePage(accountRow(account), query)),
  endpoint("/accounts/{account_id}", ({ account }) => success(accountRow(account))),
  endpoint("/memberships", ({ account, query }) =>
    onePage(
      { id: USER_ID, status: "accepted", account: accountRow(account), roles: ["Administrator"] },
      query,
    ),
  ),
];

function endpoint(path: string, answer: (call: Call) => Reply): Endpoint {
  return { method: "GET", path, lacks: needsNothing, answer };
}

function accountRow(account: Account): object {
  return { id: account.id, name: "Sandbox", type: "standard", settings: { enforce_twofactor: false } };
}

/** A list of one row. Pages past the first are empty: clients that follow pages stop at nothing else. */
function onePage(row: object, query: URLSearchParams): Reply {
  const page = Number(query.get("page") ?? 1);
  const rows = page > 1 ? [] : [row];
  return success(rows, { count: rows.length, page, per_page: 20, total_count: 1 });
}
