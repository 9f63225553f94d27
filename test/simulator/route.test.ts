import { describe, expect, it } from "vitest";
import { code, UNKNOWN_ID, world, type Reading, type World } from "./support/world.ts";

interface Row {
  readonly id: string;
  readonly network: string;
  readonly tunnel_id: string;
  readonly virtual_network_id: string;
}

const PATH = "/teamnet/routes";
const outcome = (reading: Reading) => [reading.status, code(reading)];

interface Started extends World {
  readonly tunnel: string;
  readonly other: string;
  readonly blue: string;
  /** The account's default network. */
  readonly main: string;
  readonly add: (network: string, fields?: object) => Row;
  readonly listed: (query?: string) => readonly string[];
}

function started(): Started {
  const made = world();
  const [tunnel, other] = ["web", "api"].map((name) => made.create("cfd_tunnel", name).id);
  const [main] = made.simulator.rows("virtual_networks");
  const [blue] = made.simulator.add("virtual_networks", [{ name: "blue" }]);
  return {
    ...made,
    tunnel: tunnel ?? "",
    other: other ?? "",
    blue: blue?.id ?? "",
    main: main?.id ?? "",
    add: (network, fields = {}) => {
      const answer = made.call("POST", PATH, { network, tunnel_id: tunnel, ...fields });
      expect(answer.status, answer.text).toBe(200);
      return answer.json.result as Row;
    },
    listed: (query = "") =>
      (made.call("GET", `${PATH}${query}`).json.result as readonly Row[]).map(({ network }) => network),
  };
}

describe("CIDR routes", () => {
  it("go through their whole life", () => {
    const { add, call, tunnel, other, main, blue, listed } = started();
    const made = add("10.01.2.3/16", { comment: "lab" });
    expect(made).toEqual({
      id: expect.any(String),
      network: "10.1.0.0/16",
      tunnel_id: tunnel,
      virtual_network_id: main,
      comment: "lab",
      created_at: "2026-11-25T08:00:00.000000Z",
      deleted_at: null,
    });
    expect(call("GET", `${PATH}/${made.id}`).json.result).toEqual(made);
    expect(call("GET", PATH).json.result).toEqual([
      { ...made, tun_type: "cfd_tunnel", tunnel_name: "web", virtual_network_name: "default" },
    ]);
    const moved = { network: "2001:DB8::/32", tunnel_id: other, virtual_network_id: blue, comment: "" };
    const edited = call("PATCH", `${PATH}/${made.id}`, moved);
    expect(edited.json.result).toEqual({ ...made, ...moved, network: "2001:db8::/32" });
    expect(call("DELETE", `${PATH}/${made.id}`).json.result).toMatchObject({
      deleted_at: expect.any(String),
    });
    expect(listed()).toEqual([]);
    // One that is gone can still be read, unlike a network or a hostname route.
    expect(call("GET", `${PATH}/${made.id}`).json.result).toMatchObject({ deleted_at: expect.any(String) });
    expect(outcome(call("DELETE", `${PATH}/${made.id}`))).toEqual([404, 1015]);
    expect(outcome(call("PATCH", `${PATH}/${made.id}`, { comment: "x" }))).toEqual([404, 1015]);
    expect(outcome(call("GET", `${PATH}/${UNKNOWN_ID}`))).toEqual([404, 1015]);
  });

  it("are unique by range and virtual network, whatever the tunnel", () => {
    const { add, call, other, blue } = started();
    const first = add("10.1.0.0/16");
    expect(outcome(call("POST", PATH, { network: "10.1.9.9/16", tunnel_id: other }))).toEqual([409, 1014]);
    add("10.1.0.0/16", { virtual_network_id: blue });
    const wider = add("10.0.0.0/8");
    expect(outcome(call("PATCH", `${PATH}/${wider.id}`, { network: "10.1.0.0/16" }))).toEqual([409, 1014]);
    expect(call("PATCH", `${PATH}/${first.id}`, { network: "10.1.0.0/16" }).status).toBe(200);
    call("DELETE", `${PATH}/${first.id}`);
    add("10.1.0.0/16");
  });

  it("take the default network of the moment", () => {
    const { add, simulator, blue, main } = started();
    const before = add("10.1.0.0/16");
    simulator.edit("virtual_networks", blue, { is_default_network: true });
    expect(add("10.1.0.0/16").virtual_network_id).toBe(blue);
    expect(before.virtual_network_id).toBe(main);
  });

  it.each<[object, number, number]>([
    [{}, 400, 1030],
    [{ network: "10.0.0.0/8" }, 400, 1030],
    [{ network: "home", tunnel_id: "TUNNEL" }, 400, 1030],
    [{ network: "10.0.0.0/33", tunnel_id: "TUNNEL" }, 400, 1030],
    [{ network: "10.0.0.0/8", tunnel_id: "x" }, 400, 1030],
    [{ network: "10.0.0.0/8", tunnel_id: UNKNOWN_ID }, 404, 1003],
    [{ network: "10.0.0.0/8", tunnel_id: "TUNNEL", comment: "x".repeat(101) }, 400, 1030],
    [{ network: "10.0.0.0/8", tunnel_id: "TUNNEL", virtual_network_id: "x" }, 400, 1030],
    [{ network: "10.0.0.0/8", tunnel_id: "TUNNEL", virtual_network_id: UNKNOWN_ID }, 404, 1046],
  ])("are not made of %j", (body, status, error) => {
    const { call, tunnel, listed } = started();
    const sent: unknown = JSON.parse(JSON.stringify(body).replace("TUNNEL", tunnel));
    expect(outcome(call("POST", PATH, sent))).toEqual([status, error]);
    expect(listed()).toEqual([]);
  });

  it("are not edited by nothing", () => {
    const { add, call } = started();
    expect(outcome(call("PATCH", `${PATH}/${add("10.0.0.0/8").id}`, {}))).toEqual([400, 1030]);
  });

  it("are found by the filters that are documented", () => {
    const { add, call, create, tunnel, other, blue, main, listed } = started();
    const branch = create("warp_connector", "branch").id;
    const wide = add("10.0.0.0/8", { comment: "wide" });
    add("10.1.0.0/16", { tunnel_id: other });
    add("10.1.2.0/24", { tunnel_id: branch });
    add("10.1.0.0/16", { virtual_network_id: blue });
    expect(listed("?network_subset=10.1.0.0/16")).toEqual(["10.1.0.0/16", "10.1.2.0/24", "10.1.0.0/16"]);
    expect(listed("?network_superset=10.1.0.0/16")).toEqual(["10.1.0.0/16", "10.1.0.0/16", "10.0.0.0/8"]);
    const exact = "network_subset=10.1.0.0/16&network_superset=10.1.0.0/16";
    expect(listed(`?${exact}&virtual_network_id=${main}`)).toEqual(["10.1.0.0/16"]);
    expect(listed(`?tunnel_id=${other}`)).toEqual(["10.1.0.0/16"]);
    expect(listed(`?route_id=${wide.id}`)).toEqual(["10.0.0.0/8"]);
    expect(listed("?comment=wide")).toEqual(["10.0.0.0/8"]);
    expect(listed("?tun_types=warp_connector")).toEqual(["10.1.2.0/24"]);
    expect(listed("?tun_types=cfd_tunnel,warp_connector&per_page=2&page=2")).toEqual([
      "10.1.0.0/16",
      "10.0.0.0/8",
    ]);
    expect(listed(`?tunnel_id=${tunnel}&is_deleted=true`)).toEqual([]);
    expect(outcome(call("GET", `${PATH}?network_subset=home`))).toEqual([400, 1030]);
  });

  it("are found by an address: the narrowest that holds it, in its network", () => {
    const { add, call, other, blue, tunnel } = started();
    add("10.0.0.0/8");
    add("10.1.0.0/16", { tunnel_id: other });
    add("10.1.2.0/24", { virtual_network_id: blue });
    add("2001:db8::/32");
    const at = (ip: string, query = "") => call("GET", `${PATH}/ip/${ip}${query}`);
    expect(at("10.1.2.3").json.result).toMatchObject({ network: "10.1.0.0/16", tunnel_name: "api" });
    expect(at("10.9.9.9").json.result).toMatchObject({ network: "10.0.0.0/8", tunnel_id: tunnel });
    expect(at("10.1.2.3", `?virtual_network_id=${blue}`).json.result).toMatchObject({
      network: "10.1.2.0/24",
      virtual_network_name: "blue",
    });
    expect(at("10.1.2.3", "?default_virtual_network_fallback=false").json.result).toMatchObject({
      network: "10.1.2.0/24",
    });
    expect(at("2001%3Adb8%3A%3A1").json.result).toMatchObject({ network: "2001:db8::/32" });
    expect(at("192.0.2.1").json.result).toEqual({});
    expect(outcome(at("10.1.2"))).toEqual([400, 1030]);
    expect(outcome(at("10.1.2.3", "?virtual_network_id=x"))).toEqual([400, 1030]);
  });
});

describe("what routes hang on", () => {
  it("a tunnel takes its routes along", () => {
    const { add, call, tunnel, listed } = started();
    const { id } = add("10.0.0.0/8");
    call("DELETE", `/cfd_tunnel/${tunnel}`);
    expect(listed()).toEqual([]);
    expect(outcome(call("DELETE", `${PATH}/${id}`))).toEqual([404, 1015]);
  });

  it("a virtual network with routes stays, unless it is forced", () => {
    const { add, call, blue, listed } = started();
    const { id } = add("10.0.0.0/8", { virtual_network_id: blue });
    const path = `/teamnet/virtual_networks/${blue}`;
    expect(outcome(call("DELETE", path))).toEqual([400, 1047]);
    call("DELETE", `${PATH}/${id}`);
    add("10.0.0.0/8", { virtual_network_id: blue });
    expect(call("DELETE", `${path}?force=true`).status).toBe(200);
    expect(listed()).toEqual([]);
  });

  it("a seed may say that a tunnel has one", () => {
    const { simulator, call } = world();
    simulator.seed([
      { kind: "cfd_tunnel", name: "a", has_routes: true },
      { kind: "cfd_tunnel", name: "b", has_routes: true },
      { kind: "cfd_tunnel", name: "c", has_routes: true, deleted_at: 1 },
    ]);
    const names = (call("GET", PATH).json.result as readonly { tunnel_name: string }[]).map(
      ({ tunnel_name }) => tunnel_name,
    );
    expect(names).toEqual(["b", "a"]);
  });
});
