import { describe, expect, it } from "vitest";
import { code, UNKNOWN_ID, world, type Reading, type World } from "./support/world.ts";

interface Row {
  readonly id: string;
  readonly name: string;
  readonly comment: string;
  readonly is_default_network: boolean;
  readonly deleted_at: string | null;
}

const PATH = "/teamnet/virtual_networks";
const outcome = (reading: Reading) => [reading.status, code(reading)];
const rows = (made: World, query = "") => made.call("GET", `${PATH}${query}`).json.result as readonly Row[];
const names = (made: World, query = "") => rows(made, query).map(({ name }) => name);
const create = (made: World, name: string, fields: object = {}) =>
  made.call("POST", PATH, { name, ...fields }).json.result as Row;
const theDefault = (made: World) => rows(made, "?is_default_network=true").map(({ name }) => name);

describe("virtual networks", () => {
  it("are one from the start, the same in every run", () => {
    const [first] = rows(world());
    expect(rows(world({ seed: 9 }))).toEqual([first]);
    expect(first).toMatchObject({ name: "default", comment: "", is_default_network: true, deleted_at: null });
  });

  it("go through their whole life", () => {
    const made = world();
    const { id, ...row } = create(made, "blue", { comment: "staging" });
    expect(row).toEqual({
      name: "blue",
      comment: "staging",
      is_default_network: false,
      created_at: "2026-11-25T08:00:00.000000Z",
      deleted_at: null,
    });
    expect(made.call("GET", `${PATH}/${id.toUpperCase()}`).json.result).toEqual({ id, ...row });
    const edited = made.call("PATCH", `${PATH}/${id}`, { name: "green", comment: "" });
    expect(edited.json.result).toMatchObject({ id, name: "green", comment: "" });
    expect(made.call("DELETE", `${PATH}/${id}`).json.result).toMatchObject({
      deleted_at: expect.any(String),
    });
    expect(outcome(made.call("GET", `${PATH}/${id}`))).toEqual([404, 1046]);
    expect(outcome(made.call("DELETE", `${PATH}/${id}`))).toEqual([404, 1046]);
    expect(outcome(made.call("PATCH", `${PATH}/${id}`, {}))).toEqual([404, 1046]);
    expect(names(made)).toEqual(["default"]);
    expect(names(made, "?is_deleted=true")).toEqual(["green"]);
  });

  it("come whole, without pages", () => {
    const made = world({ switches: { per_page_default: 1, order: "oldest_first" } });
    create(made, "blue");
    const listed = made.call("GET", `${PATH}?page=2&per_page=1`);
    expect((listed.json.result as readonly Row[]).map(({ name }) => name)).toEqual(["default", "blue"]);
    expect(listed.json).not.toHaveProperty("result_info");
  });

  it("are found by the filters that are documented", () => {
    const made = world();
    const { id } = create(made, "blue");
    expect(names(made, "?name=blue&is_deleted=false")).toEqual(["blue"]);
    expect(names(made, "?name=blu")).toEqual([]);
    expect(names(made, `?id=${id}`)).toEqual(["blue"]);
    for (const parameter of ["is_default", "is_default_network"]) {
      expect(names(made, `?${parameter}=true`)).toEqual(["default"]);
      expect(names(made, `?${parameter}=false`)).toEqual(["blue"]);
    }
    expect(outcome(made.call("GET", `${PATH}?is_default=maybe`))).toEqual([400, 1030]);
  });

  it("have names of their own while they live", () => {
    const made = world();
    const { id } = create(made, "blue");
    create(made, "green");
    expect(outcome(made.call("POST", PATH, { name: "blue" }))).toEqual([409, 1014]);
    expect(outcome(made.call("PATCH", `${PATH}/${id}`, { name: "green" }))).toEqual([409, 1014]);
    expect(made.call("PATCH", `${PATH}/${id}`, { name: "blue" }).status).toBe(200);
    made.call("DELETE", `${PATH}/${id}`);
    expect(create(made, "blue").id).not.toBe(id);
  });

  it.each<[object, string]>([
    [{}, "name"],
    [{ name: "" }, "name"],
    [{ name: "x".repeat(257) }, "256"],
    [{ name: "x", comment: "y".repeat(257) }, "256"],
    [{ name: "x", is_default_network: "yes" }, "boolean"],
  ])("are not made of %j", (body, message) => {
    const made = world();
    const answer = made.call("POST", PATH, body);
    expect(outcome(answer)).toEqual([400, 1030]);
    expect(answer.json.errors[0]?.message).toContain(message);
    expect(names(made)).toEqual(["default"]);
  });

  it("need a permission of their own", () => {
    const credentials = [
      { token: "reader", permissions: { networks: "read" } },
      { token: "tunnels", permissions: { cfd_tunnel: "write" } },
    ] as const;
    const made = world({ credentials });
    const as = (token: string, method: string) =>
      made.call(method, PATH, { name: "x" }, { authorization: `Bearer ${token}` }).status;
    expect([as("reader", "GET"), as("reader", "POST"), as("tunnels", "GET")]).toEqual([200, 403, 403]);
  });
});

describe("the default network", () => {
  it.each(["is_default_network", "is_default"])("is another one that is created with %s", (field) => {
    const made = world();
    create(made, "blue", { [field]: true });
    expect(theDefault(made)).toEqual(["blue"]);
  });

  it("is another one that is promoted, and then the former one is like any other", () => {
    const made = world();
    const [former] = rows(made);
    const { id } = create(made, "blue");
    made.call("PATCH", `${PATH}/${id}`, { is_default_network: true });
    expect(theDefault(made)).toEqual(["blue"]);
    expect(made.call("DELETE", `${PATH}/${former?.id}`).status).toBe(200);
  });

  it("can be renamed, and neither demoted nor deleted", () => {
    const made = world();
    const [{ id } = { id: "" }] = rows(made);
    expect(made.call("PATCH", `${PATH}/${id}`, { name: "main" }).status).toBe(200);
    expect(outcome(made.call("PATCH", `${PATH}/${id}`, { is_default_network: false }))).toEqual([400, 1047]);
    expect(outcome(made.call("DELETE", `${PATH}/${id}`))).toEqual([400, 1047]);
    expect(outcome(made.call("DELETE", `${PATH}/${id}?force=true`))).toEqual([400, 1047]);
    expect(theDefault(made)).toEqual(["main"]);
  });
});

describe("networks from outside the API", () => {
  it("are added, edited and dropped", () => {
    const made = world();
    const { simulator } = made;
    const [blue] = simulator.add("virtual_networks", [{ name: "blue", id: UNKNOWN_ID, comment: "theirs" }]);
    expect(blue).toMatchObject({ id: UNKNOWN_ID, name: "blue", is_default_network: false });
    simulator.edit("virtual_networks", UNKNOWN_ID, { is_default_network: true });
    expect(theDefault(made)).toEqual(["blue"]);
    simulator.drop("virtual_networks", UNKNOWN_ID);
    expect(simulator.rows("virtual_networks").map((row) => row.deleted_at === null)).toEqual([true, false]);
    expect(() => simulator.drop("virtual_networks", "none")).toThrow(
      "has no none among its virtual_networks",
    );
  });
});
