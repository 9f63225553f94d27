// Plans, reports and errors for the renderers' tests: builders of a valid whole, and one example for each code of
// each union. The compiler sees to it that none is missing.
import type { Stamp } from "../../src/base/stamp.ts";
import { ApiError, type ApiFailure, type Hint } from "../../src/cloudflare/error.ts";
import type { BaseComparison } from "../../src/engine/compare/baseline.ts";
import type {
  Blocked,
  BlockedReason,
  Change,
  Create,
  Delete,
  Note,
  NoteReason,
  Owner,
  Plan,
  Reason,
  Replace,
  Unknown,
  Update,
} from "../../src/engine/model/change.ts";
import type {
  Difference,
  Failure,
  Laggard,
  Outcome,
  Report,
  Rollout,
  SkipReason,
} from "../../src/engine/model/outcome.ts";
import type { ActualResource, Location } from "../../src/engine/model/resource.ts";

export const ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353";

export const STAMP: Stamp = {
  command: "apply",
  made_from: {
    account: "prod",
    account_id: ACCOUNT,
    files_digest: `sha256:${"0".repeat(64)}`,
    base: ["main:tunnels.yaml"],
    run: "4711",
  },
};

/** A readable id that differs with its number. */
export function uuid(number: number): string {
  return `0192f3a0-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

type Each<Union extends { readonly code: string }> = {
  readonly [code in Union["code"]]: Extract<Union, { readonly code: code }>;
};

export function at(line: number, file = "tunnels.yaml"): Location {
  return { file, line, column: 3 };
}

export function actual(part: Partial<ActualResource> = {}): ActualResource {
  return {
    kind: "cfd_tunnel",
    name: "prod-web",
    id: uuid(1),
    spec: { config_src: "cloudflare" },
    facts: {
      status: "down",
      created_at: "2026-01-10T08:00:00.123456Z",
      conns_active_at: null,
      conns_inactive_at: "2026-11-02T21:14:03Z",
    },
    ...part,
  };
}

export const LIVE_FACTS = {
  status: "healthy",
  created_at: "2026-01-10T08:00:00.123456Z",
  conns_active_at: "2026-11-20T06:30:00Z",
  conns_inactive_at: null,
};

export function create(part: Partial<Create> = {}): Create {
  return {
    action: "create",
    kind: "cfd_tunnel",
    name: "prod-web",
    id: null,
    before: null,
    after: { name: part.name ?? "prod-web", spec: { config_src: "cloudflare" }, secrets: {} },
    fields: ["config_src", "name"],
    reason: { code: "declared" },
    source: at(12),
    ...part,
  };
}

export function rename(part: Partial<Update> = {}): Update {
  return {
    action: "update",
    kind: "cfd_tunnel",
    name: "prod-api",
    id: uuid(2),
    before: actual({ name: "api", id: uuid(2) }),
    after: { name: part.name ?? "prod-api", spec: {}, secrets: {} },
    via: null,
    fields: ["name"],
    reason: { code: "renamed_from", from: "api" },
    source: at(16),
    ...part,
  };
}

export function newSecret(part: Partial<Update> = {}): Update {
  const name = part.name ?? "prod-mail";
  return {
    ...rename(),
    name,
    id: uuid(3),
    before: actual({ name, id: uuid(3), facts: LIVE_FACTS }),
    after: { name, spec: {}, secrets: { tunnel_secret: { env: "PROD_MAIL_SECRET" } } },
    fields: ["tunnel_secret"],
    reason: { code: "differs", attributes: ["tunnel_secret"] },
    source: at(20),
    ...part,
  };
}

export function remove(part: Partial<Delete> = {}): Delete {
  const name = part.name ?? "prod-old";
  return {
    action: "delete",
    kind: "cfd_tunnel",
    name,
    id: uuid(4),
    before: actual({ name, id: part.id ?? uuid(4) }),
    after: null,
    fields: [],
    reason: { code: "tombstone" },
    source: at(24),
    ...part,
  };
}

export function replace(part: Partial<Replace> = {}): Replace {
  const name = part.name ?? "prod-edge";
  return {
    action: "replace",
    kind: "cfd_tunnel",
    name,
    id: uuid(5),
    before: actual({ name, id: uuid(5), spec: { config_src: "local" } }),
    after: {
      name,
      spec: { config_src: "cloudflare" },
      secrets: { tunnel_secret: { file: "secrets/edge" } },
    },
    fields: ["config_src"],
    reason: { code: "replace_allowed", attributes: ["config_src"] },
    source: at(28),
    ...part,
  };
}

const ORIGINS = [
  { origin: "this_change", proposed: ["config_src"], drifted: [], contested: [] },
  { origin: "drift", proposed: [], drifted: ["name"], contested: [] },
  { origin: "conflict", proposed: ["config_src", "name"], drifted: ["name"], contested: ["name"] },
  { origin: "this_change", proposed: ["state"], drifted: ["config_src"], contested: [] },
] as const;

/** A change for each reason; its name is the code's. */
export const CHANGES: { readonly [code in Reason["code"]]: Change } = {
  declared: create(),
  renamed_from: rename(),
  pinned: rename({
    kind: "warp_connector",
    name: "branch-1",
    id: uuid(6),
    before: actual({ kind: "warp_connector", name: "branch-2", id: uuid(6), spec: {} }),
    after: { name: "branch-1", spec: {}, secrets: {} },
    via: "warren-moving-0192f3a0",
    reason: { code: "pinned", from: "branch-2" },
    source: at(40),
  }),
  differs: newSecret(),
  tombstone: remove(),
  prune: remove({
    name: "prod-tmp",
    id: uuid(7),
    before: actual({
      name: "prod-tmp",
      id: uuid(7),
      facts: {
        status: "inactive",
        created_at: "2026-10-01T00:00:00Z",
        conns_active_at: null,
        conns_inactive_at: "2026-10-01T00:00:00Z",
      },
    }),
    reason: { code: "prune", prefix: "prod-" },
    source: at(5),
  }),
  replace_allowed: replace(),
  goes_with: {
    action: "delete",
    kind: "route",
    name: "10.3.0.0/16@prod-net",
    id: uuid(8),
    before: {
      kind: "route",
      name: "10.3.0.0/16@prod-net",
      id: uuid(8),
      spec: { network: "10.3.0.0/16", tunnel_id: uuid(4), virtual_network_id: uuid(9), comment: "lab" },
      facts: { created_at: "2026-10-01T00:00:00Z", tunnel_name: "prod-old", tun_type: "cfd_tunnel" },
    },
    after: null,
    fields: [],
    reason: { code: "goes_with", kind: "cfd_tunnel", name: "prod-old", id: uuid(4) },
    source: at(20),
  },
};

const OWNER: Owner = { kind: "cfd_tunnel", name: "by-hand", id: uuid(31) };

export const BLOCKED_REASONS: Each<BlockedReason> = {
  ambiguous_name: { code: "ambiguous_name", name: "prod-web", ids: [uuid(1), uuid(11)] },
  id_gone: { code: "id_gone", id: uuid(12) },
  id_of_other_kind: { code: "id_of_other_kind", id: uuid(13), kind: "warp_connector" },
  id_under_other_name: { code: "id_under_other_name", id: uuid(14), live_name: "prod-older" },
  name_held: { code: "name_held", name: "prod-web", holder: uuid(1) },
  claimed_twice: { code: "claimed_twice", id: uuid(1), by: "prod-api" },
  immutable_attribute: {
    code: "immutable_attribute",
    id: uuid(1),
    attributes: [{ name: "config_src", live: "local", declared: "cloudflare" }],
  },
  replace_of_pinned: { code: "replace_of_pinned", id: uuid(1) },
  replace_while_renaming: { code: "replace_while_renaming", id: uuid(1), live_name: "web" },
  reference_missing: { code: "reference_missing", kind: "virtual_network", name: "prod-net" },
  reference_ambiguous: {
    code: "reference_ambiguous",
    kind: "cfd_tunnel",
    name: "prod-web",
    ids: [uuid(1), uuid(11)],
  },
  reference_to_deleted: { code: "reference_to_deleted", kind: "cfd_tunnel", name: "prod-old" },
  reference_blocked: { code: "reference_blocked", kind: "cfd_tunnel", name: "prod-web" },
  default_network: { code: "default_network", id: uuid(1), name: "default" },
  config_is_local: { code: "config_is_local" },
  no_rules: { code: "no_rules" },
  dns_points_elsewhere: {
    code: "dns_points_elsewhere",
    id: "372e67954025e0ba6aaa6d586b9e0b59",
    owner: { kind: null, name: null, id: `${uuid(31)}.cfargotunnel.com` },
  },
  dns_conflict: {
    code: "dns_conflict",
    records: [
      { id: "372e67954025e0ba6aaa6d586b9e0b59", type: "A", content: "192.0.2.1", comment: "old site" },
    ],
  },
  zone_unknown: { code: "zone_unknown", candidates: ["app.example.org", "example.org"], seesNone: false },
  replace_with_dependents: {
    code: "replace_with_dependents",
    dependents: ["route/10.1.0.0/16", "route/10.2.0.0/16"],
  },
  route_taken: { code: "route_taken", id: uuid(30), owner: OWNER },
  hostname_route_taken: { code: "hostname_route_taken", id: uuid(30), owner: { ...OWNER, name: null } },
  target_not_connected: { code: "target_not_connected", from: OWNER, to: "cfd_tunnel/prod-web" },
  network_in_use: { code: "network_in_use", names: ["route/10.1.0.0/16", "route/10.2.0.0/16"] },
  live: { code: "live", status: "healthy", because: "status" },
  protected: { code: "protected", pattern: "prod-db-*", name: "prod-db-1" },
  recently_active: {
    code: "recently_active",
    last_active: "2026-11-25T03:58:00Z",
    min_idle: 5_400_000,
  },
  activity_unknown: { code: "activity_unknown", min_idle: 86_400_000 },
};

export function blocked(reason: BlockedReason, part: Partial<ActualResource> = {}): Blocked {
  const deletes = ["live", "protected", "recently_active", "activity_unknown", "id_under_other_name"];
  const before = reason.code === "id_gone" ? null : actual({ facts: LIVE_FACTS, ...part });
  return {
    action: deletes.includes(reason.code)
      ? "delete"
      : reason.code === "immutable_attribute"
        ? "update"
        : null,
    kind: "cfd_tunnel",
    name: part.name ?? "prod-web",
    id: before?.id ?? uuid(12),
    reason,
    before,
    source: at(12),
  };
}

export const TOO_MANY_DELETES: Blocked = {
  action: null,
  kind: null,
  name: null,
  id: null,
  reason: { code: "max_deletes", deletes: 5, max_deletes: 3 },
  before: null,
  source: at(8),
};

const NOTE_REASONS: Each<NoteReason> = {
  rename_source_missing: { code: "rename_source_missing", from: "prod-wbe", nearest: "prod-web" },
  rename_has_no_effect: { code: "rename_has_no_effect", from: "api", from_id: uuid(21) },
  replace_has_no_effect: { code: "replace_has_no_effect", id: uuid(1) },
  duplicate_unmanaged: { code: "duplicate_unmanaged", ids: [uuid(22), uuid(23)] },
  namesake_spared: { code: "namesake_spared", id: uuid(24) },
  delete_and_create: { code: "delete_and_create" },
  adopted: {
    code: "adopted",
    id: "372e67954025e0ba6aaa6d586b9e0b59",
    owner: { kind: null, name: null, id: `${uuid(31)}.cfargotunnel.com` },
    deleted_at: "2026-10-01T00:00:00Z",
  },
  gap: { code: "gap" },
  zone_pending: { code: "zone_pending", zone: "example.net", status: "pending" },
  not_ours: { code: "not_ours", id: uuid(30), owner: { ...OWNER, kind: null } },
};

function note(reason: NoteReason): Note {
  const whole = reason.code === "delete_and_create";
  const ofEntry = !whole && reason.code !== "duplicate_unmanaged";
  return {
    kind: "cfd_tunnel",
    name: whole ? null : "prod-web",
    id: ofEntry ? uuid(1) : null,
    reason,
    source: ofEntry ? at(12) : null,
  };
}

export const UNKNOWN: Unknown = {
  kind: "cfd_tunnel",
  name: "prod-mail",
  id: uuid(3),
  attribute: "tunnel_secret",
  why: "the token may not be read: that needs a write permission",
  source: at(20),
};

export function plan(part: Partial<Plan> = {}): Plan {
  return {
    changes: [],
    blocked: [],
    notes: [],
    unknown: [],
    unmanaged: [],
    unchanged: 0,
    steps: [],
    ...part,
  };
}

export const UNMANAGED: readonly ActualResource[] = [
  actual({ name: "lab", id: uuid(31) }),
  actual({ name: "lab 2", id: uuid(32), facts: { ...LIVE_FACTS, status: "degraded" } }),
  actual({
    kind: "warp_connector",
    name: "office",
    id: uuid(33),
    spec: {},
    facts: { status: null, created_at: null, conns_active_at: null, conns_inactive_at: null },
  }),
];

/** A value of many lines and values that are objects, as kinds to come will have. */
const INGRESS = [
  { hostname: "www.example.com", service: "http://localhost:8080" },
  { hostname: "api.example.com", service: "http://localhost:8081" },
  { service: "http_status:404" },
];

const ODD_NAMES = [
  "two words",
  'say "hi"',
  "-n",
  "",
  "true",
  "\u001b[31mred",
  "ev\u202eil",
  "c##",
  "::error::x",
  "a|b`c",
  "it's",
];

/** Every plan that has golden files, by the file's name. */
const ruleFor = (at: number, port = 8000 + at) => ({
  hostname: `h${at}.example.com`,
  service: `http://localhost:${port}`,
});

const RULES = [...Array.from({ length: 14 }, (_, at) => ruleFor(at)), { service: "http_status:404" }];

/** The third goes to the front, the fifth is changed, the twelfth goes and one comes, and the tenth is changed and moved. */
const MOVED_RULES = [
  ruleFor(2),
  ruleFor(0),
  ruleFor(1),
  ruleFor(3),
  ruleFor(4, 9000),
  ...[5, 6, 7, 8, 10].map((at) => ruleFor(at)),
  ruleFor(12),
  ruleFor(99),
  ruleFor(13),
  ruleFor(9, 9000),
  { service: "http_status:404" },
];

export const PLANS: { readonly [name: string]: Plan } = {
  empty: plan({ unchanged: 37, unmanaged: UNMANAGED }),
  "unknown-only": plan({ unchanged: 3, unknown: [UNKNOWN] }),
  create: plan({
    changes: [
      create({
        after: {
          name: "prod-web",
          spec: { config_src: "cloudflare" },
          secrets: { tunnel_secret: { env: "PROD_WEB_SECRET" } },
        },
        fields: ["config_src", "name", "tunnel_secret"],
      }),
      create({
        kind: "warp_connector",
        name: "prod-branch",
        after: { name: "prod-branch", spec: { ha: true }, secrets: {} },
        fields: ["ha", "name"],
        source: at(33),
      }),
    ],
    unchanged: 37,
    unmanaged: UNMANAGED,
  }),
  "every-change": plan({
    changes: [
      ...Object.values(CHANGES),
      newSecret({ name: "prod-idle", id: uuid(8), before: actual({ name: "prod-idle", id: uuid(8) }) }),
    ],
    notes: [note(NOTE_REASONS.delete_and_create)],
    unchanged: 37,
    unmanaged: UNMANAGED,
  }),
  "every-blocked": plan({
    changes: [create({ name: "prod-new" })],
    blocked: [
      ...Object.values(BLOCKED_REASONS).map((reason) => blocked(reason)),
      blocked({ code: "live", status: null, because: "status" }, { facts: { status: null } }),
      TOO_MANY_DELETES,
    ],
  }),
  "every-note": plan({
    changes: [rename()],
    notes: Object.values(NOTE_REASONS).map(note),
    unknown: [UNKNOWN],
    unmanaged: UNMANAGED,
    unchanged: 4,
  }),
  long: plan({
    changes: [
      ...Array.from({ length: 10 }, (_, number) =>
        create({ name: `prod-${number}`, source: at(10 + number) }),
      ),
      remove(),
      replace(),
    ],
  }),
  values: plan({
    changes: [
      rename({
        kind: "configuration",
        name: "prod-web",
        before: actual({
          kind: "configuration",
          name: "prod-web",
          spec: { ingress: INGRESS, note: "one\ntwo\nthree\n", warp: true, retries: 3, text: "true" },
          facts: { version: "7" },
        }),
        after: {
          name: "prod-web",
          spec: {
            ingress: INGRESS.map((rule, position) =>
              position === 1 ? { ...rule, service: "http://localhost:9090" } : rule,
            ),
            note: "one\n2\nthree\n",
            warp: false,
            retries: 4,
            text: "x".repeat(500),
          },
          secrets: {},
        },
        fields: ["ingress", "note", "retries", "text", "warp"],
        reason: { code: "differs", attributes: ["ingress", "note", "retries", "text", "warp"] },
      }),
    ],
  }),
  rules: plan({
    changes: [
      rename({
        kind: "cfd_tunnel_configuration",
        name: "prod-web",
        before: actual({
          kind: "cfd_tunnel_configuration",
          name: "prod-web",
          spec: { ingress: RULES, originRequest: {}, "warp-routing": {} },
          facts: { version: "7" },
        }),
        after: { name: "prod-web", spec: { ingress: MOVED_RULES }, secrets: {} },
        fields: ["ingress"],
        reason: { code: "differs", attributes: ["ingress"] },
      }),
    ],
  }),
  "odd-names": plan({
    changes: ODD_NAMES.map((name, number) =>
      number % 2 === 0 ? create({ name }) : remove({ name, id: uuid(40 + number) }),
    ),
    blocked: [blocked({ code: "protected", pattern: "* *", name: "two words" }, { name: "two words" })],
  }),
};

export function apiError(
  failure: ApiFailure,
  details: Partial<ConstructorParameters<typeof ApiError>[1]> & { readonly what?: string } = {},
): ApiError {
  const { what = "it went wrong", ...rest } = details;
  const { method, path } = { method: "GET", path: "/cfd_tunnel", ...rest };
  return new ApiError(what, { method, path, ...rest, failure });
}

const FORBIDDEN = apiError("refused", {
  method: "POST",
  status: 403,
  errors: [{ code: 10000, message: "Authentication error" }],
  hint: "missing_permission",
});

export const API_ERRORS: { readonly [failure in ApiFailure]: ApiError } = {
  refused: apiError("refused", {
    method: "DELETE",
    path: `/cfd_tunnel/${uuid(4)}`,
    status: 400,
    errors: [{ code: 1022, message: "Cannot delete tunnel because it has active connections." }],
  }),
  server: apiError("server", { status: 502, what: "the answer is not JSON" }),
  rate_limited: apiError("rate_limited", {
    status: 429,
    errors: [
      { code: 971, message: "Please wait and consider throttling your request speed" },
      { code: null, message: "error code: 1015" },
    ],
  }),
  network: apiError("network", { what: "no connection (ECONNREFUSED)" }),
  timeout: apiError("timeout", { method: "POST", ambiguous: true, what: "no whole answer in 30 s" }),
  unreadable: apiError("unreadable", {
    status: 200,
    what: "the result is not a list",
  }),
  incomplete: apiError("incomplete", { what: "2 readings, and no two agree" }),
  interrupted: apiError("interrupted"),
};

export const HINTED: { readonly [hint in Hint]: ApiError } = {
  missing_permission: FORBIDDEN,
  wrong_account: apiError("refused", { status: 403, hint: "wrong_account", path: "/warp_connector" }),
  key_used_as_token: apiError("refused", {
    status: 400,
    hint: "key_used_as_token",
    errors: [
      { code: 6003, message: "Invalid request headers" },
      { code: 6111, message: "Invalid format for Authorization header" },
    ],
  }),
  bad_credentials: apiError("refused", {
    status: 403,
    hint: "bad_credentials",
    errors: [{ code: 9109, message: "Invalid access token" }],
  }),
  token_needs_write: apiError("refused", {
    status: 401,
    hint: "token_needs_write",
    path: `/warp_connector/${uuid(6)}/token`,
    errors: [{ code: 1001, message: "Not authorized" }],
  }),
  quota: apiError("refused", {
    method: "POST",
    status: 400,
    hint: "quota",
    errors: [{ code: 1060, message: "You have reached the limit of tunnels" }],
  }),
};

const TAKEN = apiError("refused", {
  method: "POST",
  status: 409,
  errors: [{ code: 1013, message: "You already have a tunnel with this name" }],
});

/** Its answer was cut off by a second Ctrl-C. */
export const CUT = apiError("interrupted", { method: "POST", ambiguous: true });

const FAILURES: Each<Failure> = {
  api: { code: "api", error: API_ERRORS.refused },
  uncertain: { code: "uncertain", error: API_ERRORS.timeout },
  came_alive: { code: "came_alive", status: "healthy", because: "status" },
  forbidden: {
    code: "forbidden",
    kind: "virtual_network",
    reason: { code: "default_network", id: uuid(53), name: "prod-net" },
  },
  name_changed: { code: "name_changed", live_name: "prod-new" },
  overtaken: { code: "overtaken", expected: "4", found: "6", written: true },
  gone: { code: "gone" },
  owner_changed: { code: "owner_changed", attribute: "tunnel_id", found: uuid(31) },
  owner_stays: {
    code: "owner_stays",
    kind: "cfd_tunnel",
    name: "prod-old",
    cause: { code: "came_alive", status: "healthy", because: "status" },
  },
  not_promoted: {
    code: "not_promoted",
    cause: { code: "needs_failed", kind: "route", name: "10.1.0.0/16" },
  },
  name_taken: {
    code: "name_taken",
    holder: { id: uuid(51), created_at: "2026-11-25T04:00:00Z", status: "inactive" },
    error: TAKEN,
  },
  created_by_someone_else: { code: "created_by_someone_else", id: uuid(52) },
  not_seen_gone: { code: "not_seen_gone" },
  replaced_half: { code: "replaced_half", cause: { code: "api", error: TAKEN } },
  left_aside: {
    code: "left_aside",
    name: "warren-moving-0192f3a0",
    cause: { code: "needs_failed", kind: "cfd_tunnel", name: "prod-api" },
  },
};

export const SKIPS: Each<SkipReason> = {
  interrupted: { code: "interrupted" },
  deadline: { code: "deadline" },
  needs_failed: { code: "needs_failed", kind: "cfd_tunnel", name: "prod-web" },
  not_followed: { code: "not_followed", kind: "cfd_tunnel_configuration", name: "prod-web" },
  stopped: { code: "stopped", error: FORBIDDEN },
  unreachable: { code: "unreachable", error: API_ERRORS.timeout },
};

const DIFFERENCES: Each<Difference> = {
  missing: { code: "missing", kind: "cfd_tunnel", name: "prod-web", id: uuid(61) },
  still_there: { code: "still_there", kind: "cfd_tunnel", name: "prod-old", id: uuid(4) },
  other_value: {
    code: "other_value",
    kind: "cfd_tunnel",
    name: "prod-api",
    id: uuid(2),
    attribute: "name",
    expected: "prod-api",
    found: "api",
  },
};

export function applied(change: Change, id: string, confirmed = false): Outcome {
  return { status: "applied", change, id, confirmed };
}

const FOLLOWED = { kind: "cfd_tunnel_configuration", name: "prod-web", id: uuid(61) };

export const ROLLOUT = {
  asked: 5,
  behind: [
    { id: uuid(80), software: "2026.8.2, linux_amd64", host: "192.0.2.7", version: "4" },
    { id: uuid(81), software: "", host: null, version: "-1" },
  ].map((follower): Laggard => ({ code: "not_arrived", ...FOLLOWED, follower, expected: "5" })),
  silent: [
    {
      code: "not_told",
      ...FOLLOWED,
      follower: { id: uuid(82), software: "2022.1.0", host: "192.0.2.8", version: null },
    },
  ],
} satisfies Rollout;

/** Every report that has golden files. */
export const REPORTS: { readonly [name: string]: Report } = {
  applied: {
    outcomes: [
      applied(create(), uuid(61)),
      applied(create({ name: "it's new" }), uuid(62), true),
      applied(rename(), uuid(2)),
      applied(newSecret(), uuid(3)),
      applied(remove(), uuid(4)),
      applied(replace(), uuid(63)),
    ],
    verification: { verified: true, because: "shown" },
  },
  "every-failure": {
    outcomes: [
      ...Object.values(FAILURES).map(
        (failure): Outcome => ({ status: "failed", change: changeFor(failure), id: null, failure }),
      ),
      {
        status: "failed",
        change: create(),
        id: null,
        failure: { code: "name_taken", holder: null, error: TAKEN },
      },
      ...Object.values(SKIPS).map(
        (because): Outcome => ({ status: "skipped", change: rename(), id: uuid(2), because }),
      ),
      applied(create(), uuid(61)),
    ],
    verification: { verified: false, because: "differs", differences: Object.values(DIFFERENCES) },
  },
  "not-rolled-out": {
    outcomes: [applied(create(), uuid(61))],
    verification: {
      verified: false,
      because: "not_rolled_out",
      ended: null,
      differences: ROLLOUT.behind,
    },
  },
  "rollout-interrupted": {
    outcomes: [applied(create(), uuid(61))],
    verification: {
      verified: false,
      because: "not_rolled_out",
      ended: "interrupted",
      differences: ROLLOUT.behind.slice(0, 1),
    },
  },
  silent: {
    outcomes: [applied(create(), uuid(61))],
    verification: { verified: true, because: "shown", silent: ROLLOUT.silent },
  },
  "half-done-and-uncertain": {
    outcomes: [
      {
        status: "failed",
        change: replace(),
        id: null,
        failure: { code: "replaced_half", cause: { code: "uncertain", error: CUT } },
      },
      {
        status: "failed",
        change: rename(),
        id: uuid(2),
        failure: {
          code: "left_aside",
          name: "warren-moving-0192f3a0",
          cause: { code: "uncertain", error: CUT },
        },
      },
    ],
    verification: { verified: true, because: "nothing_applied" },
  },
  unreadable: {
    outcomes: [applied(rename(), uuid(2))],
    verification: { verified: false, because: "unreadable", error: API_ERRORS.server },
  },
  interrupted: {
    outcomes: [
      ...Array.from({ length: 12 }, (_, number) =>
        applied(create({ name: `prod-${number}` }), uuid(70 + number)),
      ),
      { status: "skipped", change: remove(), id: uuid(4), because: SKIPS.interrupted },
    ],
    verification: { verified: false, because: "interrupted" },
  },
};

function changeFor(failure: Failure): Change {
  switch (failure.code) {
    case "api":
    case "came_alive":
    case "forbidden":
      return remove();
    case "owner_stays":
      return CHANGES.goes_with;
    case "owner_changed":
    case "not_promoted":
    case "name_changed":
    case "overtaken":
    case "gone":
    case "left_aside":
      return rename();
    case "not_seen_gone":
    case "replaced_half":
      return replace();
    case "uncertain":
    case "name_taken":
    case "created_by_someone_else":
      return create();
  }
}

/** What `PLANS["every-change"]` could come from. */
export const BASE: BaseComparison = {
  origins: Object.values(CHANGES).map(({ kind, name }, at) => ({
    kind,
    name,
    ...(ORIGINS[at % ORIGINS.length] ?? ORIGINS[0]),
  })),
  adopted: [
    {
      kind: "cfd_tunnel",
      name: "prod-shop",
      id: uuid(71),
      created_at: "2025-02-03T04:05:06Z",
      live_name: "prod-shop",
      source: at(40),
    },
    {
      kind: "cfd_tunnel",
      name: "prod-mail-2",
      id: uuid(72),
      created_at: null,
      live_name: "mail",
      source: at(41),
    },
  ],
  released: [
    { kind: "cfd_tunnel", name: "prod-gone", id: uuid(73) },
    { kind: "warp_connector", name: "branch-9", id: null },
  ],
};
