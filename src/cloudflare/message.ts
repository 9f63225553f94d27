import type { Secret } from "../base/secret.ts";

/** What the API is to know us by. */
export type Credentials = { readonly token: Secret } | { readonly key: Secret; readonly email: string };

/** Values of query parameters, by name. */
export type Query = { readonly [parameter: string]: string | number | boolean };

/** The headers of one request. The only place where a credential is made readable. */
export function headersFor(
  credentials: Credentials,
  userAgent: string,
  hasBody: boolean,
): { readonly [name: string]: string } {
  return {
    ...("token" in credentials
      ? { authorization: `Bearer ${credentials.token.reveal()}` }
      : { "x-auth-email": credentials.email, "x-auth-key": credentials.key.reveal() }),
    accept: "application/json",
    "user-agent": userAgent,
    ...(hasBody ? { "content-type": "application/json" } : {}),
  };
}

/** Whether a header can carry the credentials: a stray quotation mark or line break cannot be sent. */
export function canBeSent(credentials: Credentials): boolean {
  return Object.values(headersFor(credentials, "", false)).every((value) =>
    /^[\t\x20-\x7e\x80-\xff]*$/.test(value),
  );
}

/** The secrets among credentials. */
export function secretsOf(credentials: Credentials): readonly string[] {
  return ["token" in credentials ? credentials.token.reveal() : credentials.key.reveal()];
}

/** A path with its query: `?page=1&per_page=1000`. Any text is allowed in a value. */
export function withQuery(path: string, query: Query): string {
  if (/[?#\\\s]|(?:^|\/)\.{1,2}(?:\/|$)|%2e/i.test(path)) {
    // An id that would lead elsewhere must have been refused where it was read.
    throw new Error("Internal error: not a path below an account");
  }
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    parameters.set(name, String(value));
  }
  const text = parameters.toString();
  // A space may be written as `+` in a form, but not everywhere.
  return text === "" ? path : `${path}?${text.replaceAll("+", "%20")}`;
}
