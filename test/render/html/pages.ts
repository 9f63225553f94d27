import type { FactsPage, FleetPage } from "../../../src/render/html/read-fleet.ts";
import type {
  ChangePage,
  HealthPage,
  PlanPage,
  ReportPage,
  TunnelPage,
} from "../../../src/render/html/read.ts";

/** Every place of a page that shows text from outside, each filled by `text`. */
export function fullPage(text: (place: string) => string): {
  readonly plan: PlanPage;
  readonly report: ReportPage;
  readonly health: HealthPage;
  readonly fleet: FleetPage;
} {
  const change = (action: ChangePage["action"]): ChangePage => ({
    action,
    kind: text("kind"),
    name: text("name"),
    id: text("id"),
    before: { [text("attribute")]: text("before"), list: [text("item")] },
    after: { [text("attribute")]: text("after"), list: [text("other item")] },
    fields: [text("attribute"), "list", "gone"],
    afterUnknown: ["tunnel_id"],
    reason: text("reason"),
    warning: text("warning"),
    source: text("source"),
  });
  const tunnel = (state: TunnelPage["state"]): TunnelPage => ({
    kind: text("kind"),
    name: text("name"),
    id: text("id"),
    state,
    since: text("since"),
    config_src: text("config_src"),
    connectors: [
      { id: text("connector"), version: text("version"), isBehind: true, colos: [text("colo")] },
      { id: text("other"), version: null, isBehind: false, colos: [] },
    ],
    config_version: 3,
    hostnames: [text("hostname")],
    routes: [{ kind: text("route kind"), name: text("route") }],
  });
  const made = {
    account_id: text("account"),
    command: text("command"),
    account: text("fleet"),
    run: text("run"),
  };
  const facts: FactsPage = {
    file: text("file"),
    counts: { create: 1, update: 0, delete: 0, replace: 0, blocked: 1 },
    changes: [{ action: "create", address: text("address") }],
    more: 3,
    errors: [text("fleet error")],
  };
  return {
    plan: {
      ...made,
      changes: [change("create"), change("update"), change("replace"), change("delete")],
      blocked: [{ address: text("blocked"), message: text("why"), source: text("place") }],
      unmanaged: [text("unmanaged")],
      unmanagedCount: 1,
      notes: [{ address: text("noted"), message: text("note") }],
      unchanged: 2,
      behind: [text("behind")],
      errors: [text("error")],
    },
    report: {
      ...made,
      outcomes: [{ status: "failed", change: change("update"), message: text("failure") }],
      verified: false,
      message: text("verification"),
      differences: [text("difference")],
    },
    fleet: {
      ...made,
      accounts: (["missing", "failed", "changed"] as const).map((status) => ({
        account: text("account name"),
        account_id: text("account id"),
        wave: text("wave"),
        status,
        missing: status === "missing" ? text("why missing") : null,
        documents: [facts],
      })),
      unexpected: [facts],
      removed: [text("removed")],
    },
    health: {
      ...made,
      tunnels: [tunnel("down"), { ...tunnel("absent"), connectors: null }],
      gaps: [text("gap")],
    },
  };
}
