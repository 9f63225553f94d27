import { showName } from "../../src/render/visible.ts";
import type { Answer } from "../../src/simulator/wire/envelope.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { CONFIGURATION, isNetwork, liveOf, NETWORK, type Resource, resourceOf } from "./account.ts";
import { ConfigurationChecker } from "./configuration-checker.ts";
import { configurationOf } from "./configurations.ts";
import { isMeantBy, ROTATED } from "./care.ts";
import {
  checkMade,
  checkMoved,
  checkNames,
  checkRulesKept,
  checkTaken,
  type Looked,
  type Sight,
} from "./hanging/checker.ts";
import { listOf } from "./hanging/items.ts";
import { type HangingKind, isHanging, keyAsked, liveRows, type Row as HungRow } from "./hanging/rows.ts";
import type { Entry, File } from "./file.ts";
import type { Call, Observer } from "./network.ts";
import { isProtected, mayDelete, renamer } from "./scope.ts";
import type { Consent, SavedChange, Sender } from "./sender.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** What must never happen, and did. */
export interface Violation {
  readonly rule: string;
  readonly what: string;
}

export interface CheckerOptions {
  readonly file: File;
  readonly clock: VirtualClock;
  /** Called late, since the simulator is made after the checker. */
  readonly simulator: () => Simulator;
  /** What the file's variables hold. */
  readonly secrets: { readonly [variable: string]: string };
  /** Whether nobody else has done anything to the account. */
  readonly alone: () => boolean;
  /** Ids that lists show from the start, however they lag. */
  readonly seeded: ReadonlySet<string>;
  /** The virtual network that was the default one at first: lists that lag may show it so. */
  readonly firstDefault: string | undefined;
  readonly violated: (violation: Violation) => void;
}

/** A write that was sent, for the checks at the end. */
export type Write = Call;

/** Longer than this after a read was answered, the read is no longer "right before" a write. Milliseconds. */
const JUST_NOW = 1_000;
/** What began in time may have its first request sent so much later: behind one that goes ahead after a wait. */
const BEGUN = 35_000;
/** No run of a drawn file needs more. */
const MOST_REQUESTS = 20_000;

/** What an entry may say of what it speaks of, and a body likewise. */
const ATTRIBUTES = ["config_src", "ha", "comment", "is_default_network"] as const;

/** What one program has been told so far. */
interface Knowledge {
  /** Ids that the answers to each list held. */
  readonly listed: Map<string, Set<string>>;
  /** Live ids of each list when it started. */
  readonly liveAtStart: ReadonlyMap<string, readonly string[]>;
  readonly wholeLists: Set<string>;
  /** The last look at a resource by its id, while nothing was written to it since. */
  readonly looks: Map<string, { readonly row: Row; readonly at: number }>;
  /** Creates without a clear end whose name was not looked up since. */
  readonly unclear: Set<string>;
  /** Creates that were refused since the name is taken. */
  readonly taken: Set<string>;
  /**
   * Names that are worth another try, of whatever kind, since kinds may share them: a resource bore them when it started,
   * so that the plan is to take them from it; it took them from one itself; or an answer to their create was lost.
   */
  readonly worthATry: Set<string>;
  waitUntil: number;
  /** When it has to have begun everything. Milliseconds since the epoch. */
  readonly deadline: number;
  /** Ids that it asked for in time, and names. */
  readonly begun: Set<string>;
  /** A change of its saved plan that could not be made any more when it started; null when there was none. */
  readonly stale: SavedChange | null;
  readonly startedAt: { readonly revision: number };
}

interface Row extends Looked {
  readonly name: string;
  readonly deleted_at: string | null;
  /** Of a tunnel. */
  readonly status?: string;
  readonly conns_active_at?: string | null;
  readonly conns_inactive_at?: string | null;
  readonly connections?: readonly unknown[];
  /** Of a virtual network. */
  readonly is_default_network?: boolean;
}

/** Holds every request against what must always hold, from Cloudflare's side. */
export class Checker implements Observer {
  /** Of all programs, in the order in which they were sent. */
  readonly writes: Write[] = [];
  /** What our programs made. */
  readonly ours = new Set<string>();
  readonly configurations: ConfigurationChecker;
  /** Every name that a program was shown of a tunnel, or gave it, by id. */
  readonly #names = new Map<string, Set<string>>();
  /** The virtual networks that have been the default. */
  readonly #defaults: Set<string>;
  /** What hung on the tunnels right before a request was carried out. */
  #hung: readonly HungRow[] = [];
  readonly #options: CheckerOptions;
  readonly #known = new Map<Sender, Knowledge>();

  constructor(options: CheckerOptions) {
    this.#options = options;
    this.#defaults = new Set(options.firstDefault === undefined ? [] : [options.firstDefault]);
    this.configurations = new ConfigurationChecker(
      options.file,
      options.simulator,
      (holds, rule, call, more) => this.#require(holds, rule, call, more),
    );
  }

  /** The names that somebody was shown of a tunnel, or gave it. */
  namesOf(id: string | null): ReadonlySet<string> {
    return this.#names.get(id ?? "") ?? new Set();
  }

  started(sender: Sender): void {
    const simulator = this.#options.simulator();
    const names = liveOf(simulator).map(({ name }) => name);
    const keys = liveRows(simulator).map(({ key }) => key);
    this.#known.set(sender, {
      listed: new Map(),
      liveAtStart: this.#lists(),
      wholeLists: new Set(),
      looks: new Map(),
      unclear: new Set(),
      taken: new Set(),
      worthATry: new Set([...names, ...keys]),
      waitUntil: 0,
      deadline: sender.deadline === null ? Infinity : this.#options.clock.now() + sender.deadline * 1_000,
      begun: new Set(),
      stale: staleChange(sender.consent, simulator),
      startedAt: { revision: simulator.revision },
    });
  }

  /** The ids of all that a program must have been shown before it wrote anything. */
  shownAtStart(sender: Sender): ReadonlySet<string> {
    const { simulator, seeded } = this.#options;
    const live = [...this.#knownTo(sender).liveAtStart.values()].flat();
    return new Set(simulator().switches.list_lag > 0 ? live.filter((id) => seeded.has(id)) : live);
  }

  sent(call: Call): void {
    const { sender } = call;
    const known = this.#knownTo(sender);
    const now = this.#options.clock.now();
    this.#require(sender.inFlight < sender.concurrency, "more in flight than asked", call);
    this.#require(now >= known.waitUntil, "a request into a known rate-limit wait", call);
    this.#require(sender.requests < MOST_REQUESTS, "a run without end", call);
    if (now <= known.deadline + BEGUN) {
      known.begun.add(subjectOf(call));
    }
    if (call.method === "GET") {
      return;
    }
    this.writes.push(call);
    this.#require(known.begun.has(subjectOf(call)), "a change begun after the deadline", call);
    if (sender.care !== undefined) {
      this.#checkCare(call, known, now);
      known.looks.delete(call.id ?? "");
      return;
    }
    this.#checkConsent(call, known);
    this.#require(call.query.size === 0, "a write with a query", call);
    this.#requireWholeReading(call, known);
    switch (call.method) {
      case "POST":
        this.#checkCreate(call, known, now);
        break;
      case "PATCH":
        this.#checkUpdate(call, known, now);
        break;
      case "PUT":
        this.#checkPut(call, now);
        return;
      case "DELETE":
        this.#checkDelete(call, known, now);
        break;
      default:
        this.#violate("an unknown method", call);
    }
    if (call.id !== null) {
      const look = known.looks.get(call.id);
      if (look !== undefined && (call.method === "DELETE" || call.body?.["name"] !== undefined)) {
        known.worthATry.add(look.row.name);
      }
      known.looks.delete(call.id);
    }
  }

  acting(call: Call): void {
    for (const network of liveOf(this.#options.simulator())) {
      if (isNetwork(network) && network.is_default_network) {
        this.#defaults.add(network.id);
      }
    }
    this.#hung = call.method === "GET" ? [] : liveRows(this.#options.simulator());
  }

  acted(call: Call): void {
    this.configurations.acted(call);
    if (call.effect !== null && isHanging(call.kind)) {
      checkNames(this.#hung, this.#sight(call));
    }
    if (call.effect === null || call.method === "DELETE") {
      return;
    }
    this.#learn(call.effect, this.#resource(call.effect)?.name);
    const made = this.#resource(call.effect);
    if (call.method === "POST") {
      this.ours.add(call.effect);
    }
    for (const id of this.ours) {
      const other = this.#resource(id);
      const isDouble =
        made !== undefined &&
        // Others give names as well.
        call.body?.["name"] !== undefined &&
        other !== undefined &&
        other.id !== made.id &&
        other.deleted_at === null &&
        this.ours.has(made.id) &&
        other.kind === made.kind &&
        other.name === made.name;
      this.#require(!isDouble, "two live ones of one kind and name, both ours", call);
    }
  }

  answered(call: Call, arrived: Answer | null, refused: boolean): void {
    const known = this.#knownTo(call.sender);
    const now = this.#options.clock.now();
    if (arrived?.status === 429) {
      known.waitUntil = Math.max(known.waitUntil, waitOf(arrived, now));
    }
    const name = nameAsked(call);
    if (call.method === "POST" && isUnclear(arrived, refused)) {
      known.unclear.add(`${call.kind}/${name}`);
      known.worthATry.add(name);
    }
    if (call.method === "POST" && arrived?.status === 409) {
      known.taken.add(`${call.kind}/${name}`);
    }
    const result = arrived === null ? undefined : resultOf(arrived);
    this.configurations.answered(call, arrived, result, now);
    if (call.method !== "GET" || arrived === null || arrived.status !== 200) {
      return;
    }
    if (call.id !== null && isRow(result)) {
      known.looks.set(call.id, { row: result, at: now });
      this.#learn(call.id, result.name);
    }
    if (call.id !== null || !Array.isArray(result)) {
      return;
    }
    const listed = known.listed.get(listIn(call)) ?? new Set();
    for (const row of result) {
      if (isRow(row)) {
        listed.add(row.id);
        this.#learn(row.id, row.name);
      }
    }
    known.listed.set(listIn(call), listed);
    known.unclear.delete(`${call.kind}/${nameAsked(call)}`);
  }

  /** What a program may be told only in ways that tell nobody else. */
  checkOutput(sender: Sender, output: string, token: string): void {
    const { secrets, simulator } = this.#options;
    const made = [...this.ours].flatMap((id) => simulator().tunnel(id)?.secret ?? []);
    for (const secret of [token, ...Object.values(secrets), ...made]) {
      for (const form of [secret, Buffer.from(secret).toString("base64").replace(/=+$/, "")]) {
        if (output.includes(form)) {
          this.#options.violated({ rule: "a secret in the output", what: `${sender.name}: ${form}` });
        }
      }
    }
  }

  #checkConsent(call: Call, { stale, startedAt }: Knowledge): void {
    const { consent, shown } = call.sender;
    switch (consent.by) {
      case "option":
        return;
      case "answer":
        this.#require(shown !== null, "a write without consent", call);
        return;
      case "plan": {
        const isPlanned = consent.changes.some((change) =>
          holds(change, call, this.#resource(call.id ?? "")?.name),
        );
        this.#require(isPlanned, "a write that the saved plan does not hold", call);
        // While nothing is written to the account, what was stale at the start is stale.
        const { revision, switches } = this.#options.simulator();
        const isStale =
          stale !== null && revision === startedAt.revision && switches.list_lag + switches.read_lag === 0;
        this.#require(!isStale, "a write of a stale plan", call, JSON.stringify(stale));
      }
    }
  }

  /** A command for one tunnel writes to that one, and only while it is the one that was named. */
  #checkCare(call: Call, known: Knowledge, now: number): void {
    const { care } = call.sender;
    const isMeant = care !== undefined && isMeantBy(care, call, this.#options.secrets[ROTATED]);
    this.#require(isMeant, "a write that the command is not for", call);
    const row = this.#requireLook(call, known, now);
    this.#require(row === null || row.name === care?.name, "a write to what bears another name", call);
  }

  #checkCreate(call: Call, known: Knowledge, now: number): void {
    const asked = nameAsked(call);
    const key = `${call.kind}/${asked}`;
    if (isHanging(call.kind)) {
      // A batch is sent again after a look at what it deletes, and no create is.
      const isBatch = call.path.endsWith("/batch");
      this.#require(
        isBatch || !known.unclear.has(key),
        "a create sent again without a look at the name",
        call,
      );
      const [replaced] = (call.body?.["deletes"] ?? []) as readonly { readonly id: string }[];
      if (replaced !== undefined) {
        this.#requireLook({ ...call, id: replaced.id }, known, now);
      }
      checkMade({ ...call, kind: call.kind }, asked, this.#sight(call));
      return;
    }
    const { name, tunnel_secret, ...attributes } = call.body ?? {};
    const { file, secrets } = this.#options;
    const entry = file.entries.find((entry) => entry.kind === call.kind && entry.name === name);
    const isMeant =
      entry !== undefined &&
      entry.state !== "absent" &&
      ATTRIBUTES.every(
        (attribute) =>
          attributes[attribute] === entry[attribute] || this.#isPutOff(entry, attribute, attributes),
      ) &&
      (entry.secret === undefined ? undefined : secrets[entry.secret]) === tunnel_secret;
    this.#require(isMeant, "a create that no entry asks for", call);
    this.#require(!known.unclear.has(key), "a create sent again without a look at the name", call);
    // The old one of a replacement may have been gone already.
    const isFreed = known.worthATry.has(String(name)) || entry?.replace !== undefined;
    const waitsInVain = known.taken.has(key) && !isFreed;
    this.#require(!waitsInVain, "a create sent again for a name that nothing frees", call);
    const headline = showName(`${call.kind}/${String(name)}`);
    this.#requireShown(call, [`+ ${headline} `, `-/+ ${headline} (`]);
  }

  /** What is made the default gets so last, once the routes lie in it that are to. */
  #isPutOff(entry: Entry, attribute: string, attributes: { readonly [attribute: string]: unknown }): boolean {
    return (
      attribute === "is_default_network" &&
      entry.is_default_network === true &&
      !(attribute in attributes) &&
      this.#options.file.entries.some(({ routes = [] }) => routes.length > 0)
    );
  }

  #checkUpdate(call: Call, known: Knowledge, now: number): void {
    const row = this.#requireLook(call, known, now);
    if (row === null) {
      return;
    }
    if (isHanging(call.kind)) {
      checkMoved({ ...call, kind: call.kind }, row, this.#sight(call));
      return;
    }
    const { file } = this.#options;
    const resource = { kind: call.kind, id: call.id ?? "", name: row.name };
    const to = call.body?.["name"];
    const entry = renamer(file, resource, typeof to === "string" ? to : undefined);
    this.#require(entry !== undefined, "an update of what no entry mentions", call);
    this.#require(to === undefined || !isProtected(file, row.name), "a rename of what is protected", call);
    const secret = call.body?.["tunnel_secret"];
    const isMeant = secret === undefined || secret === this.#options.secrets[entry?.secret ?? ""];
    this.#require(isMeant, "an update that sends another secret", call);
    const asked = ATTRIBUTES.filter((attribute) => call.body?.[attribute] !== undefined);
    const isAsked = asked.every((attribute) => call.body?.[attribute] === entry?.[attribute]);
    this.#require(isAsked, "an update that no entry asks for", call);
    const demotes = call.body?.["is_default_network"] === false;
    this.#require(!demotes, "a demotion of the default network", call);
    const address = showName(`${call.kind}/${entry?.name ?? ""}`);
    // One that is made first becomes the default last.
    const made = call.body?.["is_default_network"] === true ? [`+ ${address} `] : [];
    this.#requireShown(call, [`~ ${address} (${call.id}) `, ...made]);
  }

  #checkPut(call: Call, now: number): void {
    this.#require(call.kind === CONFIGURATION, "a PUT in place of a PATCH", call);
    checkRulesKept(call, this.#sight(call));
    const entries = this.configurations.sent(call, this.namesOf(call.id), now - JUST_NOW);
    const lines = entries.flatMap(({ name }) => {
      const address = showName(`${CONFIGURATION}/${name}`);
      return [`+ ${address} `, `~ ${address} (${call.id}) `];
    });
    this.#requireShown(call, lines);
  }

  #checkDelete(call: Call, known: Knowledge, now: number): void {
    const row = this.#requireLook(call, known, now);
    if (row === null) {
      return;
    }
    if (isHanging(call.kind)) {
      checkTaken({ ...call, kind: call.kind }, row, this.#sight(call));
      return;
    }
    const { file } = this.#options;
    const resource = { kind: call.kind, id: call.id ?? "", name: row.name };
    this.#require(mayDelete(file, resource), "a delete of what no entry and no prune covers", call);
    this.#require(!isProtected(file, row.name), "a delete of what is protected", call);
    this.#require(call.kind === NETWORK || isIdle(row), "a delete of what is live", call);
    this.#require(row.is_default_network !== true, "a delete of the default network", call);
    const headline = `${showName(`${call.kind}/${row.name}`)} (${call.id}) `;
    this.#requireShown(call, [`- ${headline}`, `-/+ ${headline}`]);
  }

  /** What the checks of a write to what hangs on a tunnel may rest on. */
  #sight(call: Call): Sight {
    const { file, simulator, alone } = this.#options;
    return {
      file,
      simulator: simulator(),
      alone: alone(),
      namesOf: (id) => this.namesOf(id),
      wasDefault: (id) => this.#defaults.has(id),
      hasConfigured: (tunnel) =>
        this.writes.some(
          ({ sender, kind, id }) => sender === call.sender && kind === CONFIGURATION && id === tunnel,
        ),
      require: (holds, rule, more) => this.#require(holds, rule, call, more),
      requireShown: (lines) => this.#requireShown(call, lines),
      requireLeaving: (tunnel) => this.#requireLeaving(call, tunnel),
    };
  }

  /** What goes with a tunnel goes only right after a look at that one, unless it is gone: it has no row then. */
  #requireLeaving(call: Call, tunnel: string): void {
    const look = this.#knownTo(call.sender).looks.get(tunnel);
    const isGone = this.#resource(tunnel)?.deleted_at !== null;
    const now = this.#options.clock.now();
    const isSeen = isGone || (look !== undefined && now - look.at <= JUST_NOW && isIdle(look.row));
    this.#require(isSeen, "a delete without a look at the idle tunnel that it goes with", call);
  }

  /** The live ids that a program must be shown before it writes to what a list holds, by list. */
  #lists(): ReadonlyMap<string, readonly string[]> {
    const { file } = this.#options;
    const simulator = this.#options.simulator();
    const lists = new Map<string, string[]>();
    const add = (list: string, id: string) => {
      const ids = lists.get(list) ?? [];
      lists.set(list, ids);
      ids.push(id);
    };
    for (const { kind, id } of liveOf(simulator)) {
      add(kind, id);
    }
    // What no entry writes is read only for what goes with a tunnel.
    const isWritten = (kind: HangingKind) => file.entries.some((entry) => listOf(entry, kind) !== undefined);
    for (const row of liveRows(simulator)) {
      if (isWritten(row.kind) && row.owner !== null) {
        add(listWith(row), row.id);
      }
    }
    return lists;
  }

  /** The look at the resource that has to stand right before each write to it. */
  #requireLook(call: Call, { looks }: Knowledge, now: number): Row | null {
    const look = looks.get(call.id ?? "");
    this.#require(look !== undefined, "a write without a look right before it", call);
    if (look === undefined) {
      return null;
    }
    // Of what is deleted a record shows nothing.
    this.#require((look.row.deleted_at ?? null) === null, "a write to what is deleted", call);
    this.#require(now - look.at <= JUST_NOW, "a write on an old look", call);
    return look.row;
  }

  /** All that lived since the program started must have been shown to it before it plans any write. */
  #requireWholeReading(call: Call, known: Knowledge): void {
    const list = call.kind === CONFIGURATION ? "cfd_tunnel" : listIn(call);
    if (known.wholeLists.has(list)) {
      return;
    }
    known.wholeLists.add(list);
    if (call.kind !== NETWORK && this.#hasShifted(list, known)) {
      return;
    }
    const shown = this.shownAtStart(call.sender);
    const live = new Set(this.#lists().get(list));
    const missed = known.liveAtStart
      .get(list)
      ?.find((id) => live.has(id) && shown.has(id) && !known.listed.get(list)?.has(id));
    this.#require(missed === undefined, "a write planned without the whole account", call, missed);
  }

  /**
   * Whether one went and another one came since the program started. When that happens while a list is read page by
   * page, a row can slip through, and neither the pages nor their totals show it.
   */
  #hasShifted(list: string, { liveAtStart }: Knowledge): boolean {
    const before = new Set(liveAtStart.get(list));
    const now = this.#lists().get(list) ?? [];
    return now.some((id) => !before.has(id)) && now.filter((id) => before.has(id)).length < before.size;
  }

  /** In text, the plan stands in the output before anything is written; where it asks, before the answer. */
  #requireShown(call: Call, lines: readonly string[]): void {
    const { sender } = call;
    if (!sender.showsPlan && sender.shown === null) {
      return;
    }
    // A line of progress is wiped, and what follows begins where it began.
    const output = `\n${sender.shown ?? sender.output}`.replaceAll(/[^\n]*\r\u001B\[K/g, "");
    this.#require(
      lines.some((line) => output.includes(`\n${line}`)),
      "a write that the plan did not show",
      call,
    );
  }

  #learn(id: string, name: string | undefined): void {
    const names = this.#names.get(id) ?? new Set();
    this.#names.set(id, names.add(name ?? ""));
  }

  #resource(id: string): Resource | undefined {
    return resourceOf(this.#options.simulator(), id);
  }

  #knownTo(sender: Sender): Knowledge {
    const known = this.#known.get(sender);
    if (known === undefined) {
      throw new Error("This program was not started");
    }
    return known;
  }

  #require(holds: boolean, rule: string, call: Call, more = ""): void {
    if (!holds) {
      this.#violate(rule, call, more);
    }
  }

  #violate(rule: string, { number, sender, method, path, body }: Call, more = ""): void {
    const what = `${sender.name} #${number} ${method} ${path} ${JSON.stringify(body)} ${more}`;
    this.#options.violated({ rule, what: what.trim() });
  }
}

/** The list that holds what hangs on tunnels: of the records each zone has one. */
function listWith({ kind, zone_id }: HungRow): string {
  return zone_id === undefined ? kind : `${kind} of ${zone_id}`;
}

/** The list that a request is about, or whose rows it writes. */
function listIn({ kind, path }: Call): string {
  const zone = /^\/zones\/([0-9a-f]{32})\//.exec(path)?.[1];
  return zone === undefined ? kind : `${kind} of ${zone}`;
}

/** What a request is about: a resource itself, or something below it; a name to look up or to create; a whole list. */
function subjectOf(call: Call): string {
  return call.id === null ? `${call.kind} ${nameAsked(call)}` : call.path;
}

/** The name that a request looks up or creates; of what hangs on a tunnel, what that goes by. */
function nameAsked({ kind, query, body }: Call): string {
  return isHanging(kind) ? keyAsked(kind, query, body) : (query.get("name") ?? String(body?.["name"]));
}

/** Whether a write is one that a change takes. */
/** `bears`: the name of what a write is to. */
function holds({ action, kind, name, id }: SavedChange, call: Call, bears: string | undefined): boolean {
  if (kind !== call.kind) {
    return false;
  }
  if (isHanging(kind)) {
    const isOfName = name.replace(/@.*$/, "") === nameAsked(call);
    switch (call.method) {
      case "POST":
        return isOfName && action === (call.path.endsWith("/batch") ? "replace" : "create");
      case "PATCH":
        return action === "update" && id === call.id;
      default:
        return action === "delete" && id === call.id;
    }
  }
  const to = call.body?.["name"];
  switch (call.method) {
    case "POST":
      return (action === "create" || action === "replace") && name === to;
    case "PATCH":
      // What is made is promoted by a write of its own.
      if (action === "create" && name === bears) {
        return Object.keys(call.body ?? {}).join() === "is_default_network";
      }
      return (
        action === "update" &&
        id === call.id &&
        (to === undefined || to === name || (typeof to === "string" && to.startsWith(`warren-rename-${id}`)))
      );
    case "PUT":
      return (action === "create" || action === "update") && (id === null || id === call.id);
    default:
      return (action === "delete" || action === "replace") && id === call.id;
  }
}

/** A change of a saved plan of which the account shows that it cannot be made as it was planned; null for none. */
function staleChange(consent: Consent, simulator: Simulator): SavedChange | null {
  if (consent.by !== "plan") {
    return null;
  }
  const moved = new Set(consent.changes.map(({ id }) => id));
  const isStale = ({ action, kind, name, id, before }: SavedChange): boolean => {
    if (kind === CONFIGURATION) {
      const version = id === null ? undefined : configurationOf(simulator, id)?.version;
      return id !== null && String(version) !== before?.facts.version;
    }
    if (isHanging(kind)) {
      return action !== "create" && liveRows(simulator).every((row) => row.id !== id);
    }
    if (action === "create") {
      return liveOf(simulator).some(
        (each) => each.kind === kind && each.name === name && !moved.has(each.id),
      );
    }
    const resource = resourceOf(simulator, id);
    return resource?.deleted_at !== null || resource.name !== before?.name;
  };
  return consent.changes.find(isStale) ?? null;
}

/** Whether the API may have acted on a write, as far as this answer tells. */
function isUnclear(arrived: Answer | null, refused: boolean): boolean {
  if (arrived === null) {
    return !refused;
  }
  const isNo = arrived.status >= 400 && arrived.status < 500 && arrived.status !== 408;
  return !isNo && !(arrived.status === 200 && isRow(resultOf(arrived)));
}

/** When the wait ends that a 429 asks for. */
function waitOf({ headers }: Answer, now: number): number {
  const asked = headers["retry-after"];
  if (asked === undefined) {
    return 0;
  }
  return /^\d+$/.test(asked) ? now + Number(asked) * 1_000 : Date.parse(asked);
}

/** Whether all that a row says is that nobody is connected. */
function isIdle({
  status,
  conns_active_at = null,
  conns_inactive_at = null,
  connections = [],
}: Row): boolean {
  const isOver = conns_active_at === null || conns_inactive_at !== null;
  return (status === "inactive" || status === "down") && connections.length === 0 && isOver;
}

function resultOf({ body }: Answer): unknown {
  try {
    const parsed = JSON.parse(body) as { readonly success?: unknown; readonly result?: unknown } | null;
    return parsed?.success === true ? parsed.result : undefined;
  } catch {
    return undefined;
  }
}

function isRow(value: unknown): value is Row & { readonly id: string } {
  return (
    typeof value === "object" &&
    value !== null &&
    "id" in value &&
    ("name" in value || "network" in value || "hostname" in value)
  );
}
