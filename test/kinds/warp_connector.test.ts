import { expect, it } from "vitest";
import { warpConnector } from "../../src/kinds/warp_connector/index.ts";
import { createRig } from "../support/rig.ts";
import { describeConnections, describeKind, describeSecrets, tunnelSamples } from "./contract.ts";

describeKind(warpConnector, tunnelSamples("warp_connector", { ha: true }, {}));
describeConnections(warpConnector);
describeSecrets(warpConnector);

it("sends ha at creation", async () => {
  const rig = createRig();
  const { id } = await warpConnector.create(rig.client, { name: "branch", spec: { ha: true }, secrets: {} });
  expect(rig.simulator.tunnel(id)?.attributes).toEqual({ ha: true });
});
