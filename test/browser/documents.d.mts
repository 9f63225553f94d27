type Document = { readonly [member: string]: unknown };

/** The documents of an account, with every name through `name`. */
export function documents(name?: (text: string) => string): {
  readonly plan: Document;
  readonly report: Document;
  readonly status: Document;
  readonly fleet: Document;
};
