import type { Action } from "../../engine/model/change.ts";
import { keyOf } from "../../engine/model/account-index.ts";
import { stateWords } from "../health/words.ts";
import { SIGN } from "../headline.ts";
import { fitTo } from "../text/width.ts";
import { plural } from "../words/plural.ts";
import { colosOf, timeWords } from "./health.ts";
import { html, type Html } from "./html.ts";
import { hostnameKey, type Marks } from "./planned.ts";
import type { ConnectorPage, TunnelPage } from "./read.ts";

const WIDTH = 360;
/** Of a character of the names' font, and of the small print. */
const WIDE = 7.3;
const SMALL = 6.2;
/** Rows of what leads to a tunnel, and boxes beside each other. */
const MOST_ROWS = 6;
const MOST_BOXES = 4;
const GAP = 8;

/** What a plan would do to a tunnel, else to its configuration. */
export function markOf({ kind, name, id }: TunnelPage, marks: Marks): Action | undefined {
  const names = id === null ? [name] : [id, name];
  const kinds = [kind, `${kind}_configuration`];
  return kinds.flatMap((each) => names.map((text) => marks.get(keyOf(each, text)))).find((mark) => mark);
}

interface Layer {
  readonly markup: Html;
  /** Where the next one begins. */
  readonly end: number;
}

/** A node in a layer, by the middle of its box. */
interface Spot<T> {
  readonly of: T;
  readonly x: number;
  readonly left: number;
  readonly width: number;
}

/** How many nodes a tunnel's picture has. */
export function nodesOf(tunnel: TunnelPage): number {
  const rows = tunnel.hostnames.length + tunnel.routes.length;
  const boxes = (tunnel.connectors ?? []).length;
  return (
    1 + Math.min(rows, MOST_ROWS) + Math.min(boxes, MOST_BOXES) + Math.min(colosOf(tunnel).length, MOST_BOXES)
  );
}

/**
 * One tunnel from top to bottom, in layers whose places are fixed: what leads to it, the tunnel, its connectors, the data
 * centres. What does not fit in a layer is counted in its last place.
 */
export function drawTunnel(tunnel: TunnelPage, marks: Marks): Html {
  const serves = drawServes(tunnel, marks);
  const box = drawBox(tunnel, serves.end, marks);
  const connectors = drawConnectors(tunnel, box.end);
  const { kind, name, state } = tunnel;
  const label = `${kind}/${name}: ${stateWords(state)}, ${plural((tunnel.connectors ?? []).length, "connector")}`;
  return html`<svg viewBox="0 0 ${WIDTH} ${connectors.end}" role="img" aria-label="${label}">
${serves.markup}${connectors.markup}${box.markup}</svg>`;
}

function drawServes(tunnel: TunnelPage, marks: Marks): Layer {
  const { hostnames, routes } = tunnel;
  const all = [
    ...hostnames.map((name) => ({ isRoute: false, name, mark: marks.get(hostnameKey(tunnel, name)) })),
    ...routes.map(({ kind, name }) => ({ isRoute: true, name, mark: marks.get(keyOf(kind, name)) })),
  ];
  const shown = all.length > MOST_ROWS ? changedFirst(all).slice(0, MOST_ROWS - 1) : all;
  const more = all.length - shown.length;
  const rows = shown.map(({ isRoute, name, mark }, at) => {
    const y = 14 + at * 24;
    const icon = isRoute
      ? html`<rect x="12" y="${y - 4}" width="8" height="8" rx="2" class="route"/>`
      : html`<circle cx="16" cy="${y}" r="4" class="host"/>`;
    return html`${icon}${label(name, { x: 30, y: y + 4, width: WIDTH - (mark === undefined ? 34 : 60), look: "name" })}${
      mark === undefined ? null : markAt(mark, WIDTH - 10, y + 4)
    }
`;
  });
  const last = 14 + shown.length * 24;
  const rest = more === 0 ? null : html`<text x="30" y="${last + 4}" class="small">and ${more} more</text>\n`;
  const count = rows.length + Number(more > 0);
  const end = count === 0 ? 4 : 14 + count * 24;
  const rail = count === 0 ? null : html`<path d="M16 14V${end}" class="edge"/>\n`;
  return { markup: html`${rail}${rows}${rest}`, end };
}

/** Where not all have a place, what changes has one. */
function changedFirst<T extends { readonly mark: Action | undefined }>(rows: readonly T[]): readonly T[] {
  return [...rows.filter(({ mark }) => mark !== undefined), ...rows.filter(({ mark }) => mark === undefined)];
}

const BOX = 52;

function drawBox(tunnel: TunnelPage, top: number, marks: Marks): Layer {
  const { name, state, since, config_version, config_src } = tunnel;
  const config = config_version === null ? (config_src === "local" ? "local" : "") : `v${config_version}`;
  const mark = markOf(tunnel, marks);
  const when = since === null ? "" : ` since ${timeWords(since)}`;
  const small =
    state === "never_connected"
      ? `${stateWords(state)}, made ${timeWords(since)}`
      : `${stateWords(state)}${when}`;
  const markup = html`<rect x="1" y="${top}" width="${WIDTH - 2}" height="${BOX}" rx="8" class="tunnel ${state}"/>
<circle cx="16" cy="${top + 20}" r="5" class="dot ${state}"/>
${label(name, { x: 30, y: top + 24, width: WIDTH - 42 - (config.length + 1) * WIDE - (mark === undefined ? 0 : 24), look: "title" })}<text x="30" y="${top + 42}" class="small">${small}</text>
<text x="${WIDTH - 12}" y="${top + 24}" class="small end">${config}</text>
${mark === undefined ? null : markAt(mark, WIDTH - 12, top + 43)}`;
  return { markup, end: top + BOX };
}

function drawConnectors(tunnel: TunnelPage, top: number): Layer {
  const { connectors } = tunnel;
  const y = top + 30;
  if (connectors === null || connectors.length === 0) {
    const words =
      tunnel.state === "absent"
        ? "not created yet"
        : connectors === null
          ? "connectors not known"
          : "no connector is connected";
    return {
      markup: html`<path d="M180 ${top}V${y}" class="edge none"/>
<rect x="70" y="${y}" width="220" height="30" rx="6" class="box none"/>
<text x="180" y="${y + 19}" class="small middle">${words}</text>
`,
      end: y + 34,
    };
  }
  const boxes = spread<ConnectorPage>(connectors, 170);
  const below = y + 42;
  const centres = drawCentres(tunnel, boxes, below);
  const markup = html`${boxes.spots.map(({ x }) => html`<path d="${curve(180, top, x, y)}" class="edge"/>\n`)}${centres.markup}${boxes.spots.map(
    ({
      of,
      x,
      left,
      width,
    }) => html`<rect x="${left}" y="${y}" width="${width}" height="42" rx="6" class="box${of?.isBehind === true ? " late" : ""}"/>
${
  of === null
    ? html`<text x="${x}" y="${y + 25}" class="small middle">+${boxes.more} more</text>\n`
    : html`${label(of.version ?? "unknown", { x, y: y + 18, width: width - 8, look: "name middle" })}${label(of.id.slice(0, 8), { x, y: y + 33, width: width - 8, look: "small middle" })}`
}`,
  )}`;
  return { markup, end: centres.end };
}

function drawCentres(tunnel: TunnelPage, boxes: Spread<ConnectorPage>, top: number): Layer {
  const { spots, more } = spread(colosOf(tunnel), 110);
  const y = top + 28;
  const shown = new Set(spots.map(({ of }) => of?.[0]));
  const edges = boxes.spots.flatMap(({ of, x }) => {
    const colos = new Set(of?.colos);
    const isElsewhere = [...colos].some((colo) => !shown.has(colo));
    const ends = spots.filter((spot) => (spot.of === null ? isElsewhere : colos.has(spot.of[0])));
    return ends.map((spot) => html`<path d="${curve(x, top, spot.x, y)}" class="edge"/>\n`);
  });
  const pills = spots.map(({ of, x, left, width }) => {
    const words = of === null ? `+${more} more` : of[1] === 1 ? of[0] : `${of[0]} ×${of[1]}`;
    return html`<rect x="${left}" y="${y}" width="${width}" height="24" rx="12" class="centre"/>
${label(words, { x, y: y + 16, width: width - 12, look: "small middle" })}`;
  });
  return { markup: html`${edges}${pills}`, end: spots.length === 0 ? top + 4 : y + 28 };
}

interface Spread<T> {
  /** The last one stands for all that have no place of their own: its `of` is null. */
  readonly spots: readonly Spot<T | null>[];
  readonly more: number;
}

/** Boxes beside each other, in the middle of the width, none wider than `widest`. */
function spread<T>(all: readonly T[], widest: number): Spread<T> {
  const places: readonly (T | null)[] =
    all.length > MOST_BOXES ? [...all.slice(0, MOST_BOXES - 1), null] : all;
  const width = Math.min(
    widest,
    Math.floor((WIDTH - 2 - GAP * (places.length - 1)) / Math.max(1, places.length)),
  );
  const first = Math.round((WIDTH - width * places.length - GAP * (places.length - 1)) / 2);
  return {
    spots: places.map((of, at) => {
      const left = first + at * (width + GAP);
      return { of, left, width, x: left + width / 2 };
    }),
    more: all.length - places.length + 1,
  };
}

function curve(x1: number, y1: number, x2: number, y2: number): string {
  const middle = (y1 + y2) / 2;
  return `M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}`;
}

/** Text in one line, cut to its place; whole in a tooltip where it was cut. */
function label(
  text: string,
  {
    x,
    y,
    width,
    look,
  }: { readonly x: number; readonly y: number; readonly width: number; readonly look: string },
): Html {
  const size = look.startsWith("small") ? SMALL : look.startsWith("title") ? WIDE * 1.1 : WIDE;
  const fitted = fitTo(text, Math.max(3, Math.floor(width / size)));
  const title = fitted === text ? null : html`<title>${text}</title>`;
  return html`<text x="${x}" y="${y}" class="${look}">${title}${fitted}</text>\n`;
}

function markAt(action: Action, x: number, y: number): Html {
  return html`<text x="${x}" y="${y}" class="mark end ${action}">${SIGN[action]} ${action}</text>\n`;
}
