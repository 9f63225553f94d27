import { describe, expect, it } from "vitest";
import { virtualNetwork } from "../../src/kinds/virtual_network/index.ts";
import { createRig } from "../support/rig.ts";
import { describeKind } from "./contract.ts";

const spec = { comment: "staging", is_default_network: false };

describeKind(virtualNetwork, {
  spec,
  reported: spec,
  listing: "GET /teamnet/virtual_networks?is_deleted=false",
  initial: ["default"],
  seed: (simulator, name, isDeleted = false) => {
    const [network] = simulator.add("virtual_networks", [{ name }]);
    if (isDeleted) {
      simulator.drop("virtual_networks", network?.id ?? "");
    }
  },
});

const file = (entries: string) => `version: 1\nvirtual_network:\n${entries}`;

describe("the default network", () => {
  const networks = async (rig: ReturnType<typeof createRig>) =>
    (await virtualNetwork.list(rig.client))
      .map(({ name, spec }) => `${name}${spec["is_default_network"] === true ? " (default)" : ""}`)
      .sort();

  it("is made by a promotion, which demotes the former one", async () => {
    const rig = createRig();
    const { outcomes, verification } = await rig.apply(file("  blue: { is_default_network: true }"));
    expect(outcomes.map(({ status }) => status)).toEqual(["applied"]);
    expect(verification.verified).toBe(true);
    expect(await networks(rig)).toEqual(["blue (default)", "default"]);
    await rig.apply(file("  default: { is_default_network: true }\n  blue:"));
    expect(await networks(rig)).toEqual(["blue", "default (default)"]);
  });

  it("can be renamed and commented, and its unwritten default is left as it is", async () => {
    const rig = createRig();
    await rig.apply(file("  main: { renamed_from: default, comment: everything }"));
    expect(await networks(rig)).toEqual(["main (default)"]);
    expect((await rig.plan(file("  main: { comment: everything }"))).changes).toEqual([]);
  });

  it.each([
    ["is not demoted", "  default: { is_default_network: false }", "update"],
    ["is not deleted", "  default: { state: absent }", "delete"],
  ])("%s", async (_, entries, action) => {
    const rig = createRig();
    expect((await rig.plan(file(entries))).blocked).toMatchObject([
      { action, reason: { code: "default_network", name: "default" } },
    ]);
  });

  it("may be said not to be another one, which changes nothing", async () => {
    const rig = createRig();
    await rig.apply(file("  blue:"));
    const plan = await rig.plan(file("  blue: { is_default_network: false }"));
    expect([plan.changes, plan.blocked]).toEqual([[], []]);
  });

  it("is read by its older spelling, too", async () => {
    const rig = createRig();
    const [network] = await virtualNetwork.list(rig.client);
    const row = { id: network?.id, name: "default", comment: "", is_default: true };
    const body = { success: true, errors: [], messages: [], result: [row] };
    rig.fault = () => ({
      type: "answer",
      acts: false,
      status: 200,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect((await virtualNetwork.list(rig.client)).map((each) => each.spec)).toEqual([
      { comment: "", is_default_network: true },
    ]);
  });
});

it("is made and deleted by the file", async () => {
  const rig = createRig();
  await rig.apply(file("  blue: { comment: staging }"));
  expect((await rig.plan(file("  blue: { comment: staging }"))).unchanged).toBe(1);
  const { plan } = await rig.apply(file("  blue: { comment: production }"));
  expect(plan.changes).toMatchObject([{ action: "update", fields: ["comment"] }]);
  await rig.apply(file("  blue: { state: absent }"));
  expect((await virtualNetwork.list(rig.client)).map(({ name }) => name)).toEqual(["default"]);
});
