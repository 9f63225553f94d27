import { collectionOf } from "./collections.ts";
import { isObject, parseJson } from "./json.ts";
import type { Tunnel } from "./tunnel.ts";

/** What the state file holds. */
export interface SandboxState {
  readonly account_id: string;
  readonly token: string;
  /** Oldest first. */
  readonly tunnels: readonly Tunnel[];
}

/** The state file cannot be read, is none, or is written by someone else at the same time. */
export class StateFileError extends Error {
  override readonly name = "StateFileError" as const;
}

const FORMAT = "warren-sandbox";
const VERSION = 1;

/**
 * The state as text, one line a tunnel. `texts` keeps each tunnel's line while its record is the same, so that a write
 * costs little more than copying.
 */
export function stateText(state: SandboxState, texts: WeakMap<Tunnel, string>): string {
  const { tunnels, ...rest } = state;
  const head = JSON.stringify({ format: FORMAT, version: VERSION, ...rest });
  const lines = tunnels.map((tunnel) => {
    const known = texts.get(tunnel);
    if (known !== undefined) {
      return known;
    }
    const text = JSON.stringify(tunnel);
    texts.set(tunnel, text);
    return text;
  });
  return `${head.slice(0, -1)},"tunnels":[\n${lines.join(",\n")}\n]}\n`;
}

/** Reads what `stateText` wrote. Throws a `StateFileError` that names the file for anything else. */
export function parseState(text: string, path: string): SandboxState {
  const state = parseJson(text);
  if (!isObject(state) || state["format"] !== FORMAT) {
    throw new StateFileError(
      `${path} is not a sandbox's state file, or is damaged. Move it away to start with an empty account.`,
    );
  }
  if (state["version"] !== VERSION) {
    throw new StateFileError(
      `${path} has version ${JSON.stringify(state["version"])} of the state format; this sandbox reads ${VERSION}.`,
    );
  }
  const { account_id, token, tunnels } = state;
  if (typeof account_id !== "string" || typeof token !== "string" || !Array.isArray(tunnels)) {
    throw new StateFileError(`${path} lacks account_id, token or tunnels.`);
  }
  const damaged = tunnels.findIndex((tunnel: unknown) => !isTunnel(tunnel));
  if (damaged >= 0) {
    throw new StateFileError(`${path} is damaged: tunnel ${damaged} is none.`);
  }
  return { account_id, token, tunnels: tunnels as readonly Tunnel[] }; // Each has just been checked.
}

function isTunnel(value: unknown): value is Tunnel {
  if (!isObject(value)) {
    return false;
  }
  const texts = ["id", "kind", "name", "secret"];
  return (
    texts.every((field) => typeof value[field] === "string") &&
    collectionOf(String(value["kind"])) !== undefined &&
    typeof value["created_at"] === "number" &&
    (value["deleted_at"] === null || typeof value["deleted_at"] === "number") &&
    isObject(value["metadata"]) &&
    isObject(value["attributes"]) &&
    typeof value["has_routes"] === "boolean" &&
    isListOf(value["activity"], isActivity) &&
    isListOf(value["connectors"], isConnector)
  );
}

function isActivity(value: unknown): boolean {
  return isObject(value) && typeof value["from"] === "number" && isTimeOrNull(value["to"]);
}

function isConnector(value: unknown): boolean {
  if (!isObject(value)) {
    return false;
  }
  return (
    ["id", "version", "arch", "origin_ip", "secret"].every((field) => typeof value[field] === "string") &&
    ["config_version", "run_at", "expected"].every((field) => typeof value[field] === "number") &&
    typeof value["reconnects"] === "boolean" &&
    isTimeOrNull(value["returns_at"]) &&
    isListOf(value["connections"], isConnection)
  );
}

function isConnection(value: unknown): boolean {
  if (!isObject(value)) {
    return false;
  }
  return (
    typeof value["id"] === "string" &&
    typeof value["colo_name"] === "string" &&
    typeof value["opened_at"] === "number"
  );
}

function isTimeOrNull(value: unknown): boolean {
  return value === null || typeof value === "number";
}

function isListOf(value: unknown, accepts: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(accepts);
}
