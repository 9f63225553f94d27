import { describe, expect, it } from "vitest";
import { code, UNKNOWN_ID, world, type Reading } from "./support/world.ts";

interface Row {
  readonly id: string;
  readonly hostname: string;
}

const PATH = "/zerotrust/routes/hostname";
const outcome = (reading: Reading) => [reading.status, code(reading)];

function started() {
  const made = world();
  const [tunnel = "", other = ""] = ["web", "api"].map((name) => made.create("cfd_tunnel", name).id);
  return {
    ...made,
    tunnel,
    other,
    post: (hostname: unknown, fields: object = {}) =>
      made.call("POST", PATH, { hostname, tunnel_id: tunnel, ...fields }),
    listed: (query = "") =>
      (made.call("GET", `${PATH}${query}`).json.result as readonly Row[]).map(({ hostname }) => hostname),
  };
}

describe("hostname routes", () => {
  it("go through their whole life", () => {
    const { post, call, tunnel, other, listed } = started();
    const made = post("db.corp.internal", { comment: "orders" }).json.result as Row;
    expect(made).toEqual({
      id: expect.any(String),
      hostname: "db.corp.internal",
      tunnel_id: tunnel,
      tunnel_name: "web",
      tun_type: "cfd_tunnel",
      comment: "orders",
      created_at: "2026-11-25T08:00:00.000000Z",
      deleted_at: null,
    });
    expect(call("GET", `${PATH}/${made.id}`).json.result).toEqual(made);
    const edited = call("PATCH", `${PATH}/${made.id}`, { tunnel_id: other, hostname: "Db2.corp.internal." });
    expect(edited.json.result).toMatchObject({
      id: made.id,
      hostname: "db2.corp.internal",
      tunnel_name: "api",
      comment: "orders",
    });
    expect(call("DELETE", `${PATH}/${made.id}`).json.result).toMatchObject({
      deleted_at: expect.any(String),
    });
    for (const method of ["GET", "PATCH", "DELETE"]) {
      expect(outcome(call(method, `${PATH}/${made.id}`, {}))).toEqual([404, 1003]);
    }
    expect(listed()).toEqual([]);
    expect(listed("?is_deleted=true")).toEqual(["db2.corp.internal"]);
  });

  it("are stored without a wildcard in front, dots around, and upper case", () => {
    const { post, listed } = started();
    post("*.Lab.internal");
    post(".printer.branch.internal.");
    expect(listed()).toEqual(["printer.branch.internal", "lab.internal"]);
  });

  it("are unique in the account, whatever the tunnel and the wildcard", () => {
    const { post, call, other } = started();
    post("x.internal");
    const second = post("y.internal").json.result as Row;
    const taken = post("*.x.internal", { tunnel_id: other });
    expect(outcome(taken)).toEqual([409, 1014]);
    expect(taken.json.errors[0]?.message).toContain("already routed to another tunnel");
    expect(call("PATCH", `${PATH}/${second.id}`, { hostname: "x.internal" }).status).toBe(409);
    expect(call("PATCH", `${PATH}/${second.id}`, { hostname: "y.internal" }).status).toBe(200);
  });

  it.each<[unknown, object, number, number]>([
    [undefined, {}, 400, 1030],
    ["", {}, 400, 1030],
    ["a b", {}, 400, 1030],
    ["a.*.b", {}, 400, 1030],
    ["a:80", {}, 400, 1030],
    ["https://a.b/c", {}, 400, 1030],
    ["x".repeat(255), {}, 400, 1030],
    ["a.b", { tunnel_id: undefined }, 400, 1030],
    ["a.b", { tunnel_id: "x" }, 400, 1030],
    ["a.b", { tunnel_id: UNKNOWN_ID }, 404, 1003],
  ])("are not made of %s with %j", (hostname, fields, status, error) => {
    const { post, listed } = started();
    expect(outcome(post(hostname, fields))).toEqual([status, error]);
    expect(listed()).toEqual([]);
  });

  it("are found by the filters that are documented", () => {
    const { post, other, listed } = started();
    const { id } = post("db.corp.internal").json.result as Row;
    post("db.lab.internal", { tunnel_id: other, comment: "lab" });
    expect(listed("?hostname=DB.c")).toEqual(["db.corp.internal"]);
    expect(listed("?hostname=internal&per_page=1&page=2")).toEqual(["db.corp.internal"]);
    expect(listed(`?id=${id}`)).toEqual(["db.corp.internal"]);
    expect(listed(`?tunnel_id=${other}`)).toEqual(["db.lab.internal"]);
    expect(listed("?comment=lab")).toEqual(["db.lab.internal"]);
    expect(listed("?existed_at=2026-11-25T07:00:00Z")).toEqual([]);
  });

  it("go with their tunnel", () => {
    const { post, call, tunnel, listed } = started();
    post("db.corp.internal");
    call("DELETE", `/cfd_tunnel/${tunnel}`);
    expect(listed()).toEqual([]);
  });
});
