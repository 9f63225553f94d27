// The documents of an account, as `plan --json`, `apply --json` and `status --json` print them, and one of a fleet, of
// `merge --json`, with every name through `name`: what a page of them looks like, and whether a name can break out of it.
const ACCOUNT = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
const idOf = (number) => `0192f0c1-7e57-7abc-8def-0123456789${String(number).padStart(2, "0")}`;

export function documents(name = (text) => text) {
  const source = (line) => ({ file: name("tunnels.yaml"), line, column: 3 });
  const change = (action, kind, of, more) => ({
    action,
    kind,
    name: name(of),
    id: null,
    before: null,
    after: null,
    fields: [],
    via: null,
    reason: name("The files declare it."),
    reason_code: "declared",
    warning: null,
    source: source(12),
    ...more,
  });
  const connector = (number, version, colos, config_version = null) => ({
    id: `${"abcdef"[number]}${idOf(number).slice(1)}`,
    version: name(version),
    arch: "linux_amd64",
    run_at: "2026-11-02T09:14:00.000000Z",
    config_version,
    ha_status: null,
    connections: colos.map((colo_name) => ({
      id: idOf(50 + number),
      colo_name: name(colo_name),
      opened_at: "2026-11-02T09:14:01.000000Z",
      origin_ip: "203.0.113.7",
    })),
  });
  const tunnel = (number, of, state, more) => ({
    kind: "cfd_tunnel",
    name: name(of),
    id: idOf(number),
    state,
    status: state,
    since: "2026-11-02T09:14:03.000000Z",
    config_src: "cloudflare",
    connectors: [],
    config_version: null,
    behind: [],
    hostnames: [],
    routes: { route: [], hostname_route: [] },
    dashboard_url: null,
    ...more,
  });
  const behind = connector(1, "2025.11.1", ["dfw01", "dfw01", "iad08", "iad08"], 6);
  const health = [
    tunnel(1, "api", "healthy", {
      connectors: [connector(0, "2026.8.2", ["dfw01", "dfw01", "ord02", "ord02"], 7), behind],
      config_version: 7,
      behind: [behind.id],
      hostnames: ["api-v2.example.com", "api.example.com"].map(name),
    }),
    tunnel(2, "docs", "degraded", {
      connectors: [connector(2, "2026.8.2", ["cdg02", "lhr01"], 3)],
      config_version: 3,
      hostnames: ["docs.example.com", "handbook.example.com"].map(name),
    }),
    tunnel(3, "legacy-erp", "down", {
      since: "2026-11-24T22:41:09.000000Z",
      config_src: "local",
      routes: { route: [name("10.40.0.0/16")], hostname_route: [] },
    }),
    tunnel(4, "prod-web", "healthy", {
      connectors: [
        connector(3, "2026.8.2", ["fra03", "fra03", "muc01", "muc01"], 12),
        connector(4, "2026.8.2", ["ams01", "ams01", "fra03", "fra03"], 12),
      ],
      config_version: 12,
      hostnames: ["app.example.com", "www.example.com"].map(name),
      routes: { route: [name("10.1.0.0/16")], hostname_route: [name("db.corp.internal")] },
    }),
    tunnel(5, "staging", "never_connected", {
      since: "2026-11-13T08:00:00.000000Z",
      config_version: 0,
      hostnames: [name("staging.example.com")],
    }),
    tunnel(6, "new-shop", "absent", { id: null, since: null, connectors: null, config_src: null }),
    tunnel(7, "branch-berlin", "healthy", {
      kind: "warp_connector",
      connectors: [connector(5, "2026.7.1", ["txl01", "txl01"])],
      config_src: null,
      routes: { route: [name("192.168.10.0/24")], hostname_route: [name("printer.branch.internal")] },
    }),
  ];
  const rules = (port, hostname) => [
    { hostname: name("app.example.com"), service: "http://localhost:8080" },
    { hostname: name(hostname), service: `http://localhost:${port}` },
    { service: "http_status:404" },
  ];
  const changes = [
    change("create", "cfd_tunnel", "new-shop", {
      after: { name: name("new-shop"), config_src: "cloudflare" },
      fields: ["config_src", "name"],
    }),
    change("update", "cfd_tunnel_configuration", "prod-web", {
      id: idOf(4),
      before: { name: name("prod-web"), tunnel_id: idOf(4), ingress: rules(8080, "www.example.com") },
      after: { name: name("prod-web"), tunnel_id: idOf(4), ingress: rules(3000, "shop.example.com") },
      fields: ["ingress"],
      reason: name("The declared ingress is not the one in force."),
    }),
    change("create", "route", "10.2.0.0/16", {
      after: { name: name("10.2.0.0/16"), network: "10.2.0.0/16", tunnel_id: idOf(4) },
      fields: ["network", "tunnel_id"],
    }),
    change("delete", "cfd_tunnel", "old-vpn", {
      id: idOf(9),
      before: { name: name("old-vpn"), status: "inactive" },
      reason: name("`state: absent` asks for it."),
    }),
  ];
  const of = (command) => ({
    format_version: "1.0",
    command,
    made_from: { account: null, account_id: ACCOUNT, files_digest: null, base: null, run: null },
    account_id: ACCOUNT,
  });
  const plan = {
    ...of("plan"),
    changes,
    blocked: [
      {
        action: "delete",
        kind: "cfd_tunnel",
        name: name("legacy-vpn"),
        id: idOf(8),
        code: "live",
        message: name("It is healthy: stop its connectors first. Then run apply again."),
        before: null,
        source: source(31),
      },
    ],
    unmanaged: [{ kind: "cfd_tunnel", name: name("hand-made"), id: idOf(20) }],
    notes: [
      {
        kind: "cfd_tunnel",
        name: name("api"),
        id: null,
        code: "namesake_spared",
        message: name("A note."),
        source: null,
      },
    ],
    unknown: [],
    summary: {
      create: 2,
      update: 1,
      delete: 1,
      replace: 0,
      blocked: 1,
      unchanged: 9,
      unmanaged: 1,
      unknown: 0,
    },
  };
  const report = {
    ...of("apply"),
    outcomes: [
      {
        status: "failed",
        change: changes[1],
        id: idOf(4),
        confirmed: false,
        error: { code: "refused", message: name("The API said no."), status: 400 },
        skipped: null,
      },
    ],
    verified: false,
    verification: {
      reason: "unreadable",
      message: name("It was not read again."),
      differences: [],
      silent: [],
    },
    summary: { applied: 0, failed: 1, skipped: 0 },
  };
  const count = (state) => health.filter((each) => each.state === state).length;
  const summary = Object.fromEntries(
    ["healthy", "degraded", "down", "never_connected", "absent", "unknown"].map((state) => [
      state,
      count(state),
    ]),
  );
  const none = { create: 0, update: 0, delete: 0, replace: 0, blocked: 0 };
  const told = (account, status, counts, lines, errors = []) => ({
    file: name(`plans/${account}.json`),
    command: "plan",
    account: name(account),
    account_id: ACCOUNT,
    run: "8812",
    status,
    counts: { ...none, ...counts },
    changes: lines.map(([action, kind, of]) => ({ action, kind, name: name(of) })),
    more_changes: 0,
    errors: errors.map((message) => ({ code: "x", message: name(message) })),
  });
  const account = (of, status, documents, more = {}) => ({
    account: name(of),
    account_id: `${of.length % 10}${ACCOUNT.slice(1)}`,
    environment: name("production"),
    wave: null,
    status,
    missing: null,
    documents,
    ...more,
  });
  const fleet = {
    format_version: "1.0",
    run: "8812",
    command: "plan",
    accounts: [
      account("retail-emea", "missing", [], { missing: "no_document" }),
      account("retail-us", "failed", [
        told(
          "retail-us",
          "failed",
          {},
          [],
          ["The token may not read tunnels. It needs _Cloudflare Tunnel: Read_."],
        ),
      ]),
      account("labs", "refused", [
        told(
          "labs",
          "refused",
          { delete: 1, blocked: 1 },
          [["delete", "cfd_tunnel", "trial"]],
          ["cfd_tunnel/live is healthy."],
        ),
      ]),
      account(
        "canary",
        "changed",
        [
          told("canary", "changed", { create: 2, update: 1 }, [
            ["create", "cfd_tunnel", "shop"],
            ["create", "cfd_tunnel_configuration", "shop"],
            ["update", "cfd_tunnel", "public-api"],
          ]),
        ],
        { wave: name("canary") },
      ),
      account("media", "unchanged", [told("media", "unchanged", {}, [])]),
    ],
    unexpected: [told("stranger", "unchanged", {}, [])],
    removed: [{ account: name("closed-shop"), account_id: null }],
    summary: { missing: 1, failed: 1, refused: 1, differs: 0, changed: 1, unchanged: 1, unexpected: 1 },
  };
  return {
    plan,
    report,
    fleet,
    status: {
      format_version: "1.0",
      account_id: ACCOUNT,
      health,
      healthy: false,
      summary,
      unreadable: [],
      unasked: 0,
    },
  };
}
