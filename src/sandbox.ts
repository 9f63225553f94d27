/** The sandbox as a library: a Cloudflare Tunnel API to test against, in process or on a port of this machine. */
export type { Fault, SimulatorRequest } from "./simulator/exchange.ts";
export { simulatorFetch } from "./simulator/fetch.ts";
export type { RowOf, SeedOf, TableName } from "./simulator/kinds/index.ts";
export { seededBytes } from "./simulator/random.ts";
export type { SeedTunnel } from "./simulator/seed.ts";
export { type Sandbox, type SandboxOptions, serveSandbox } from "./simulator/serve.ts";
export { createSimulator, type Simulator, type SimulatorOptions } from "./simulator/simulator.ts";
export { defaultSwitches, type Switches } from "./simulator/switches.ts";
