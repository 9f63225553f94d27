import { expect } from "vitest";
import type { Switches } from "../../../src/simulator/switches.ts";
import type { configurationSwitches } from "../../../src/simulator/switches/configuration.ts";
import type { ClientRow } from "../../../src/simulator/tunnel/rows.ts";
import { code, row, world, type Reading } from "./world.ts";

const CATCH_ALL = { service: "http_status:404" };
const outcome = (reading: Reading) => [reading.status, code(reading)];

function started(switches: Partial<Switches>, config_src = "cloudflare") {
  const made = world({ switches });
  const { id } = made.create("cfd_tunnel", "web", { config_src });
  const path = `/cfd_tunnel/${id}/configurations`;
  return {
    ...made,
    id,
    get: () => made.call("GET", path),
    put: (config: unknown) => made.call("PUT", path, { config }),
    versions: () =>
      (made.call("GET", `/cfd_tunnel/${id}/connections`).json.result as readonly ClientRow[]).map(
        ({ config_version }) => config_version,
      ),
  };
}

/** One test a switch: the compiler asks for the missing ones. */
export const configurationCases: { readonly [name in keyof typeof configurationSwitches]: () => void } = {
  no_configuration: () => {
    expect(outcome(started({}).get())).toEqual([404, 1055]);
    const empty = started({ no_configuration: "empty" }).get();
    expect(empty.json.result).toMatchObject({ version: 0, config: null, source: "cloudflare" });
  },
  first_configuration_version: () => {
    const { put } = started({ first_configuration_version: 1 });
    expect(put({ ingress: [CATCH_ALL] }).json.result).toMatchObject({ version: 1 });
  },
  configuration_check: () => {
    const config = { ingress: [{ hostname: "a.example.com", service: "no url" }] };
    expect(outcome(started({}).put(config))).toEqual([400, 1056]);
    expect(started({ configuration_check: "none" }).put(config).status).toBe(200);
  },
  empty_configuration: () => {
    const { put } = started({ empty_configuration: "accepted" });
    expect(put({ originRequest: { connectTimeout: 1 } }).status).toBe(200);
    expect(put(undefined).status).toBe(200);
    expect(outcome(put("text"))).toEqual([400, 1056]);
  },
  configuration_unknown_keys: () => {
    const config = {
      ingress: [{ ...CATCH_ALL, other: 1, originRequest: { bastionMode: false, caPool: "x" } }],
      originRequest: { other: 1 },
      other: 1,
    };
    const dropped = started({ configuration_unknown_keys: "dropped", configuration_nulls: "absent" });
    expect(dropped.put(config).json.result).toMatchObject({
      config: { ingress: [{ ...CATCH_ALL, originRequest: { caPool: "x" } }], originRequest: {} },
    });
    expect(dropped.get().text).not.toMatch(/other|bastionMode/);
    expect(started({}).put(config).text.match(/other/g)).toHaveLength(3);
  },
  configuration_nulls: () => {
    const config = { ingress: [CATCH_ALL] };
    const { put, get } = started({ configuration_nulls: "absent" });
    put(config);
    expect((get().json.result as { config: unknown }).config).toEqual(config);
  },
  config_src_on_put: () => {
    const source = (config_src_on_put: Switches["config_src_on_put"]) => {
      const { put, call, id } = started({ config_src_on_put }, "local");
      put({ ingress: [CATCH_ALL] });
      return row(call("GET", `/cfd_tunnel/${id}`)).config_src;
    };
    expect([source("kept"), source("cloudflare")]).toEqual(["local", "cloudflare"]);
  },
  config_version_unset: () => {
    const unset = (config_version_unset: Switches["config_version_unset"]) => {
      const { simulator, id, versions } = started({ config_version_unset });
      simulator.connect(id);
      return versions()[0];
    };
    expect([unset("minus_one"), unset("zero"), unset("absent")]).toEqual([-1, 0, undefined]);
  },
  config_lag_ms: () => {
    const { simulator, id, put, versions, advance } = started({ config_lag_ms: 1000 });
    simulator.connect(id);
    simulator.connect(id, { config_lag_ms: 0 });
    advance(5000);
    put({ ingress: [CATCH_ALL] });
    expect(versions()).toEqual([-1, 0]);
    simulator.setSwitches({ config_lag_ms: null });
    advance(1000);
    expect(versions()).toEqual([-1, 0]);
    simulator.setSwitches({ config_lag_ms: 1000 });
    expect(versions()).toEqual([0, 0]);
  },
};
