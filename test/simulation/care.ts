import type { Simulator } from "../../src/simulator/simulator.ts";
import { type Draw, drawFrom } from "./draw.ts";
import type { Faults } from "./faults.ts";
import type { Actors, Call } from "./network.ts";
import { ACCOUNT, type Ended } from "./program.ts";
import type { Care } from "./sender.ts";
import { drawId } from "./world.ts";

/** The variable with the secret that a rotation puts in place. */
export const ROTATED = "SECRET_A";

/** A command for one tunnel of the account, now and then. */
export function drawCare(seed: number, round: number, simulator: Simulator): Care | null {
  const draw = drawFrom(seed, `care after ${round}`);
  const live = simulator.tunnels.filter(({ deleted_at }) => deleted_at === null);
  if (live.length === 0 || !draw.chance(0.15)) {
    return null;
  }
  const { kind, id, name } = draw.pick(live);
  const command = draw.pick(["token", "rotate", "rotate", "disconnect"] as const);
  return {
    command: command === "disconnect" && kind !== "cfd_tunnel" ? "rotate" : command,
    kind,
    id,
    name,
    renamedAt: draw.chance(0.3) ? draw.between(1, 4) : null,
    otherToken: draw.chance(0.3) ? otherToken(draw, id) : null,
  };
}

export function argumentsOf({ command, kind, name }: Care): readonly string[] {
  const secret = command === "rotate" ? ["--secret-env", ROTATED] : [];
  return [command, `${kind}/${name}`, ...secret, ...(command === "token" ? [] : ["--yes"])];
}

/** Whether a write is one that the command is for. Which tunnel it may be written to, the look before it tells. */
export function isMeantBy({ command, kind }: Care, call: Call, secret: string | undefined): boolean {
  const tunnel = `/${kind}/${call.id}`;
  return command === "rotate"
    ? call.method === "PATCH" &&
        call.path === tunnel &&
        JSON.stringify(call.body) === JSON.stringify({ tunnel_secret: secret })
    : command === "disconnect" && call.method === "DELETE" && call.path === `${tunnel}/connections`;
}

/** The faults of the day, and the token that is another's. */
export function faultsWith(faults: Faults, { otherToken }: Care): Faults {
  return (target) => {
    const fate = faults(target);
    if (otherToken === null || !target.path.endsWith("/token")) {
      return fate;
    }
    const body = JSON.stringify({ success: true, errors: [], messages: [], result: otherToken });
    const headers = { "content-type": "application/json" };
    return { ...fate, fault: { type: "answer", acts: true, status: 200, headers, body } };
  };
}

/** The deeds of the others, and the one that moves the tunnel under the command's hands. */
export function actorsWith(actors: Actors, { id, renamedAt }: Care): Actors {
  return (call, simulator) => {
    actors(call, simulator);
    const { care, requests } = call.sender;
    if (
      care?.id === id &&
      requests === renamedAt &&
      !call.late &&
      simulator.tunnel(id)?.deleted_at === null
    ) {
      simulator.rename(id, `moved-${id}`);
    }
  };
}

/** Whether a command handed out the token of a tunnel that has the name, and said so of one that nobody can tell. */
export function isOwnToken(
  { stdout, stderr }: Ended,
  { command, id, name }: Care,
  simulator: Simulator,
  namesOf: (id: string) => ReadonlySet<string>,
): boolean {
  if (command === "disconnect" || stdout === "") {
    return true;
  }
  const holder = holderOf(stdout);
  if (holder === null) {
    return stderr.includes("not in the form that warren knows");
  }
  // Meanwhile another one may have come to bear the name, and where lists lag one that bore it is still shown under it.
  const other = String(holder.t);
  const wasShown = simulator.switches.list_lag > 0 && namesOf(other).has(name);
  const isOfName = other === id || simulator.tunnel(other)?.name === name || wasShown;
  return holder.a === ACCOUNT && isOfName;
}

/** Whose a run token says that it is; null for one in another form. */
function holderOf(token: string): { readonly a: unknown; readonly t: unknown } | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token.trim(), "base64").toString());
    return typeof parsed === "object" && parsed !== null && "a" in parsed && "t" in parsed ? parsed : null;
  } catch {
    return null;
  }
}

function otherToken(draw: Draw, id: string): string {
  const parts = draw.pick([
    { a: ACCOUNT, t: drawId(draw) },
    { a: "f".repeat(32), t: id },
  ]);
  const s = Buffer.alloc(32, "of-somebody-else").toString("base64");
  return Buffer.from(JSON.stringify({ ...parts, s })).toString("base64");
}
