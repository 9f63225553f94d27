// A sandbox in a process of its own, so that its work is nobody's CPU time but its own. It is told by messages what
// to be, and then asked.
import { serveSandbox } from "../../dist/sandbox.js";

process.once("message", (options) => void serve(options));
process.once("disconnect", () => process.exit());

async function serve({ rtt, live, routes }) {
  const { url, accountId, token, simulator } = await serveSandbox({
    switches: { quota: null },
    ...(rtt > 0 && { intercept: () => ({ type: "delay", ms: rtt, acts: "last" }) }),
  });
  const tunnels = simulator.seed(
    live.map((name) => ({ kind: "cfd_tunnel", name, config_src: "cloudflare" })),
  );
  simulator.add(
    "routes",
    routes.map(({ network, tunnel }) => ({ network, tunnel_id: tunnels[tunnel].id })),
  );
  process.on("message", (what) => {
    switch (what) {
      case "counts":
        process.send(simulator.traffic.counts());
        simulator.traffic.reset();
        break;
      case "names":
        process.send(
          simulator.tunnels.flatMap(({ deleted_at, name }) => (deleted_at === null ? [name] : [])),
        );
        break;
    }
  });
  process.send({ url, accountId, token });
}
