import { API_PATH, type Simulator } from "../../src/simulator/simulator.ts";
import { CONFIGURATION, isLive, liveOf, NETWORK, pathOf, resourceOf } from "./account.ts";
import { configurationOf, asDocument, drawDocument, writesConfiguration } from "./configurations.ts";
import { type Draw, drawFrom } from "./draw.ts";
import type { File } from "./file.ts";
import { actOnHanging } from "./hanging/deeds.ts";
import { itemsOf } from "./hanging/items.ts";
import { isHanging } from "./hanging/rows.ts";
import type { Actors } from "./network.ts";
import { ACCOUNT } from "./program.ts";
import { mentions } from "./scope.ts";
import { COMMENTS, drawName } from "./world.ts";

/** What the others in the account send their requests with: a dashboard, a colleague, another program. */
export const STRANGER = "stranger-token-00000000000000000000000000";

/** Others who act on the account while the program runs, and whether they have done anything. */
export interface Strangers {
  readonly actors: Actors;
  readonly deeds: () => number;
  /** A few deeds at once, most of them on what the file speaks of: for a while in which no program runs. */
  readonly meanwhile: (simulator: Simulator) => void;
}

/**
 * Deeds of others, most of them on what the program is just about to look at or to change. Some seeds have somebody who
 * saves configurations between the look at one and the write.
 */
export function drawStrangers(seed: number, file: File): Strangers {
  const draw = drawFrom(seed, "strangers");
  const odds = draw.chance(0.6) ? 0 : draw.pick([0.02, 0.1, 0.3]);
  const most = draw.between(1, 6);
  const onTarget = draw.fraction();
  const overtaking = drawFrom(seed, "overtaking");
  const overtakes = overtaking.chance(0.3);
  let deeds = 0;
  return {
    deeds: () => deeds,
    meanwhile: (simulator) => {
      for (let left = draw.pick([1, 1, 2, 2, 4]); left > 0; left -= 1) {
        deeds += 1;
        const meant = liveOf(simulator).filter((resource) => mentions(file, resource));
        const id =
          meant.length > 0 && draw.chance(0.8) ? draw.pick(meant).id : anyLive(draw, simulator, file);
        act({ draw, simulator, id, file });
      }
    },
    actors: (call, simulator) => {
      const isBetween = overtakes && call.kind === CONFIGURATION && deeds < most;
      if (isBetween && overtaking.chance(call.method === "PUT" ? 0.7 : 0.1)) {
        deeds += 1;
        configure({ draw: overtaking, simulator, id: call.id, file });
      }
      if (odds === 0 || deeds >= most || !draw.chance(odds)) {
        return;
      }
      deeds += 1;
      const id = draw.chance(onTarget) ? call.id : null;
      act({ draw, simulator, id: id ?? anyLive(draw, simulator, file), file }, call.kind);
    },
  };
}

/** Nobody else is there. */
export const noStrangers: Strangers = { actors: () => {}, deeds: () => 0, meanwhile: () => {} };

interface Occasion {
  readonly draw: Draw;
  readonly simulator: Simulator;
  /** The resource that it is done to, if one lives. */
  readonly id: string | null;
  readonly file: File;
}

type Deed = (occasion: Occasion) => void;

function act(occasion: Occasion, of?: string): void {
  const { draw, simulator, id, file } = occasion;
  if (itemsOf(file).length > 0 && draw.chance(isHanging(of ?? "") ? 0.8 : 0.3)) {
    actOnHanging(draw, simulator, file, id);
    return;
  }
  const isFollowed = simulator.tunnel(id ?? "")?.attributes["config_src"] === "cloudflare";
  if (
    isFollowed &&
    file.entries.some(writesConfiguration) &&
    draw.chance(of === CONFIGURATION ? 0.8 : 0.25)
  ) {
    configure(occasion);
    return;
  }
  const isNetwork = resourceOf(simulator, id)?.kind === NETWORK;
  draw.pick(isNetwork ? NETWORK_DEEDS : DEEDS)(occasion);
}

const rename: Deed = (occasion) => {
  const { simulator, id } = occasion;
  if (isLive(simulator, id)) {
    const name = nameOf(occasion);
    if (resourceOf(simulator, id)?.kind === NETWORK) {
      simulator.edit("virtual_networks", id, { name });
    } else {
      simulator.rename(id, name);
    }
  }
};
const remove: Deed = ({ simulator, id }) => {
  if (isLive(simulator, id)) {
    simulator.remove(id);
  }
};
const create: Deed = ({ draw, simulator, file }) => {
  const wanted = file.entries.length > 0 && draw.chance(0.7) ? draw.pick(file.entries) : null;
  const kind = wanted?.kind ?? "cfd_tunnel";
  const config_src = kind === "cfd_tunnel" ? { config_src: draw.pick(["local", "cloudflare"]) } : {};
  send(simulator, "POST", pathOf(kind), { name: wanted?.name ?? drawName(draw), ...config_src });
};
const connect: Deed = ({ draw, simulator, id }) => {
  if (isLive(simulator, id)) {
    simulator.connect(id, { connections: draw.between(1, 4) });
  }
};
const disconnect: Deed = ({ simulator, id }) => {
  if (isLive(simulator, id)) {
    simulator.disconnect(id);
  }
};
const blink: Deed = (occasion) => {
  connect(occasion);
  disconnect(occasion);
};

/** As the dashboard saves it: all anew, or with one thing more. */
const configure: Deed = ({ draw, simulator, id }) => {
  const before = configurationOf(simulator, id ?? "")?.config;
  const more = { "of-another": draw.between(1, 1_000_000) };
  const config =
    before !== undefined && draw.chance(0.5)
      ? { ...asDocument(before), ...more }
      : { ...drawDocument(draw), ...more };
  send(simulator, "PUT", `/cfd_tunnel/${id}/configurations`, { config });
};

/** By the rules of the API, which refuses to delete the default network. */
const removeNetwork: Deed = ({ simulator, id }) => {
  send(simulator, "DELETE", `${pathOf(NETWORK)}/${id}`, null);
};
const promote: Deed = ({ simulator, id }) => {
  send(simulator, "PATCH", `${pathOf(NETWORK)}/${id}`, { is_default_network: true });
};
const comment: Deed = ({ draw, simulator, id }) => {
  send(simulator, "PATCH", `${pathOf(NETWORK)}/${id}`, { comment: draw.pick(COMMENTS) });
};

const NETWORK_DEEDS: readonly Deed[] = [rename, removeNetwork, create, promote, promote, comment];

const DEEDS: readonly Deed[] = [
  rename,
  rename,
  remove,
  remove,
  create,
  create,
  connect,
  connect,
  disconnect,
  blink,
];

/** A request of somebody else, below the account. Returns the body of its answer. */
export function send(simulator: Simulator, method: string, path: string, body: object | null): string {
  return sendTo(simulator, method, `/accounts/${ACCOUNT}${path}`, body);
}

export function sendTo(simulator: Simulator, method: string, path: string, body: object | null): string {
  return simulator.handle({
    method,
    path: `${API_PATH}${path}`,
    headers: { authorization: `Bearer ${STRANGER}`, "content-type": "application/json" },
    body: body === null ? null : JSON.stringify(body),
  }).body;
}

function nameOf({ draw, file }: Occasion): string {
  return file.entries.length > 0 && draw.chance(0.4) ? draw.pick(file.entries).name : drawName(draw);
}

function anyLive(draw: Draw, simulator: Simulator, { kinds }: File): string | null {
  const live = liveOf(simulator).filter(({ kind }) => kind !== NETWORK || kinds.includes(kind));
  return live.length === 0 ? null : draw.pick(live).id;
}
