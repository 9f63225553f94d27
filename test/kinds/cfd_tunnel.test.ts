import { expect, it } from "vitest";
import { Secret } from "../../src/base/secret.ts";
import { cfdTunnel } from "../../src/kinds/cfd_tunnel/index.ts";
import { createRig, secretOf } from "../support/rig.ts";
import { describeConnections, describeKind, describeSecrets, tunnelSamples } from "./contract.ts";

const remote = { config_src: "cloudflare" };

describeKind(cfdTunnel, tunnelSamples("cfd_tunnel", remote, remote));
describeConnections(cfdTunnel);
describeSecrets(cfdTunnel);

it("leaves to the API what is not written", async () => {
  const { client } = createRig();
  await cfdTunnel.create(client, { name: "web", spec: {}, secrets: {} });
  const [made] = await cfdTunnel.list(client);
  expect(made?.spec).toEqual({ config_src: "local" });
});

it("sends a secret at creation and in place", async () => {
  const rig = createRig();
  const secrets = (byte: number) => ({ tunnel_secret: new Secret(secretOf(byte)) });
  const { id } = await cfdTunnel.create(rig.client, { name: "web", spec: {}, secrets: secrets(1) });
  expect(rig.simulator.tunnel(id)?.secret).toBe(secretOf(1));
  await cfdTunnel.update(rig.client, id, { spec: {}, secrets: secrets(2) });
  expect(rig.simulator.tunnel(id)?.secret).toBe(secretOf(2));
});

it.each([
  ["config_src", { config_src: "cloudflare", remote_config: false }, { config_src: "cloudflare" }],
  ["remote_config, where config_src is left out", { remote_config: true }, { config_src: "cloudflare" }],
  ["remote_config false likewise", { remote_config: false }, { config_src: "local" }],
  ["nothing, where neither is there", {}, {}],
  ["nothing, for a value it does not know", { config_src: "elsewhere" }, {}],
])("reads %s", async (_, fields, spec) => {
  const rig = createRig();
  const row = { id: "0192c0de-0000-4000-8000-000000000001", name: "web", tun_type: "cfd_tunnel", ...fields };
  rig.fault = () => ({
    type: "answer",
    acts: false,
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ success: true, errors: [], messages: [], result: row }),
  });
  expect((await cfdTunnel.read(rig.client, row.id))?.spec).toEqual(spec);
});
