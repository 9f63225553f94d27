import { describe, expect, it } from "vitest";
import type { SeedTunnel } from "../../src/simulator/seed.ts";
import { code, names, rows, START, world, type World } from "./support/world.ts";

const HOUR = 3_600_000;
const ID = "aaaaaaaa-0000-4000-8000-000000000001";

/** Oldest first; the list shows them the other way round. */
const tunnels: readonly SeedTunnel[] = [
  { kind: "cfd_tunnel", name: "old-gone", created_at: START - 9 * HOUR, deleted_at: START - 8 * HOUR },
  {
    kind: "cfd_tunnel",
    name: "old-down",
    created_at: START - 7 * HOUR,
    activity: [{ from: START - 6 * HOUR, to: START - 5 * HOUR }],
  },
  { kind: "warp_connector", name: "branch", created_at: START - 4 * HOUR },
  { kind: "cfd_tunnel", name: "web", id: ID, created_at: START - 3 * HOUR, connectors: [{}] },
  { kind: "cfd_tunnel", name: "weak", created_at: START - 2 * HOUR, connectors: [{ connections: 3 }] },
];

function seeded(): World {
  const made = world();
  made.simulator.seed(tunnels);
  return made;
}

describe("filters", () => {
  it.each<[string, readonly string[]]>([
    ["", ["weak", "web", "old-down"]],
    ["?is_deleted=false", ["weak", "web", "old-down"]],
    ["?is_deleted=true", ["old-gone"]],
    ["?name=web", ["web"]],
    ["?name=we", []],
    ["?name=Web", []],
    ["?name=old-gone", []],
    ["?name=old-gone&is_deleted=true", ["old-gone"]],
    ["?name=branch", []],
    [`?uuid=${ID}`, ["web"]],
    [`?uuid=${ID.toUpperCase()}`, ["web"]],
    ["?include_prefix=we", ["weak", "web"]],
    ["?name_prefix=we", ["weak", "web"]],
    ["?exclude_prefix=we", ["old-down"]],
    ["?include_prefix=we&exclude_prefix=wea", ["web"]],
    ["?status=healthy", ["web"]],
    ["?status=degraded", ["weak"]],
    ["?status=down", ["old-down"]],
    ["?status=inactive", []],
    ["?existed_at=2026-11-25T05:00:00Z", ["web", "old-down"]],
    ["?existed_at=2026-11-25T06:30:00%2B01:00", ["web", "old-down"]],
    ["?existed_at=2026-11-24T23:30:00Z&is_deleted=true", ["old-gone"]],
    ["?existed_at=2026-11-25T00:00:00Z&is_deleted=true", []],
    ["?was_active_at=2026-11-25T02:30:00Z", ["old-down"]],
    ["?was_active_at=2026-11-25T08:00:00Z", ["weak", "web"]],
    ["?was_inactive_at=2026-11-25T01:30:00Z", ["old-down"]],
    ["?was_inactive_at=2026-11-25T08:00:00Z", ["old-down"]],
    ["?nmae=web", ["weak", "web", "old-down"]],
  ])("cfd_tunnel%s", (query, expected) => {
    expect(names(seeded().call("GET", `/cfd_tunnel${query}`))).toEqual(expected);
  });

  it.each([
    "is_deleted=yes",
    "uuid=web",
    "status=up",
    "existed_at=yesterday",
    "existed_at=2026-13-01T00:00:00Z",
    "was_active_at=1",
    "page=0",
    "page=x",
    "per_page=0",
    "per_page=1001",
    "per_page=1.5",
  ])("refuses %s with 400/1030", (query) => {
    const refused = world().call("GET", `/cfd_tunnel?${query}`);
    expect([refused.status, code(refused)]).toEqual([400, 1030]);
  });

  it.each<[string, readonly string[]]>([
    ["", ["weak", "web", "branch", "old-down"]],
    ["?tun_types=cfd_tunnel", ["weak", "web", "old-down"]],
    ["?tun_types=warp_connector", ["branch"]],
    ["?tun_types=cfd_tunnel,warp_connector", ["weak", "web", "branch", "old-down"]],
    ["?tun_types=cfd_tunnel&tun_types=warp_connector", ["weak", "web", "branch", "old-down"]],
    ["?tun_types=gre", []],
    ["?tun_types=warp_connector&name=branch", ["branch"]],
  ])("tunnels%s", (query, expected) => {
    expect(names(seeded().call("GET", `/tunnels${query}`))).toEqual(expected);
  });

  it("refuses an unknown tun_type, and ignores tun_types on a kind's own list", () => {
    expect(code(world().call("GET", "/tunnels?tun_types=nonsense"))).toBe(1030);
    expect(names(seeded().call("GET", "/warp_connector?tun_types=cfd_tunnel"))).toEqual(["branch"]);
  });
});

describe("paging", () => {
  const many = (count: number): World => {
    const made = world();
    made.simulator.seed(Array.from({ length: count }, (_, i) => ({ kind: "cfd_tunnel", name: `t${i}` })));
    return made;
  };

  it.each([
    ["", 20, { count: 20, page: 1, per_page: 20, total_count: 25 }],
    ["?page=2", 5, { count: 5, page: 2, per_page: 20, total_count: 25 }],
    ["?page=3", 0, { count: 0, page: 3, per_page: 20, total_count: 25 }],
    ["?per_page=1000", 25, { count: 25, page: 1, per_page: 1000, total_count: 25 }],
    ["?per_page=5&page=5", 5, { count: 5, page: 5, per_page: 5, total_count: 25 }],
    ["?per_page=10&name=t3", 1, { count: 1, page: 1, per_page: 10, total_count: 1 }],
  ])("cfd_tunnel%s", (query, length, result_info) => {
    const page = many(25).call("GET", `/cfd_tunnel${query}`);
    expect([page.status, rows(page).length, page.json.result_info]).toEqual([200, length, result_info]);
  });

  it("gives every tunnel once over all pages, newest first", () => {
    const { call } = many(25);
    const all = [1, 2, 3].flatMap((page) => names(call("GET", `/cfd_tunnel?per_page=10&page=${page}`)));
    expect(all).toEqual(Array.from({ length: 25 }, (_, i) => `t${24 - i}`));
  });
});
