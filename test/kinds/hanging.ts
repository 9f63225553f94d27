import type { Simulator } from "../../src/simulator/simulator.ts";

const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** Tunnels of the account that what hangs on tunnels is tested in; `byHand` is one that no file declares. */
export const ID = { web: id(1), api: id(2), byHand: id(3) };

/** Puts those tunnels into an account, once. */
export function withTunnels(simulator: Simulator): Simulator {
  if (simulator.tunnel(ID.web) === undefined) {
    simulator.seed([
      { kind: "cfd_tunnel", name: "web", id: ID.web },
      { kind: "cfd_tunnel", name: "api", id: ID.api },
      { kind: "cfd_tunnel", name: "by-hand", id: ID.byHand },
    ]);
  }
  return simulator;
}

/** The id of the account's default network. */
export function defaultNetwork(simulator: Simulator): string {
  const row = simulator.rows("virtual_networks").find((each) => each.is_default_network);
  if (row === undefined) {
    throw new Error("the account has no default network");
  }
  return row.id;
}
