import type { Simulator } from "../../src/simulator/simulator.ts";
import { defaultSwitches, type Switches } from "../../src/simulator/switches.ts";
import { seededBytes } from "../../src/simulator/random.ts";
import { drawStrangers, noStrangers, send, sendTo, STRANGER, type Strangers } from "./actors.ts";
import { CONFIGURATION, isLive, NETWORK, pathOf, resourcesOf } from "./account.ts";
import type { BlockedItem } from "./hanging/goal.ts";
import { seedHandover } from "./hanging/handover.ts";
import { seedHanging } from "./hanging/items.ts";
import { HOSTNAME_ROUTE, liveRows, ROUTE } from "./hanging/rows.ts";
import { actorsWith, argumentsOf, drawCare, faultsWith, isOwnToken } from "./care.ts";
import { Checker, type Violation } from "./checker.ts";
import { laggardsOf, seedConfigurations } from "./configurations.ts";
import { type Draw, drawFrom, hashOf } from "./draw.ts";
import { drawCalm, drawFaults } from "./faults.ts";
import { drawFile, type Part, toParts } from "./file.ts";
import { isTrueReason, unmet } from "./goal.ts";
import { forgetFiles, putFile, textOf } from "./memory-files.ts";
import { createNetwork, type Network, type Observer } from "./network.ts";
import { ACCOUNT, type Ended, FOLDER, runProgram, TOKEN } from "./program.ts";
import { checkEnd } from "./report-check.ts";
import { type Care, type Death, type SavedChange, Sender, type SenderOptions } from "./sender.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { BEGINNING, drawWorld, type World } from "./world.ts";

/** How one seed went. */
export interface Result {
  readonly seed: number;
  /** Over every request with its time, what became of it, and every exit code. */
  readonly hash: number;
  readonly violations: readonly Violation[];
  readonly requests: number;
  /** Of the first run of the program alone. */
  readonly firstRequests: number;
  readonly writes: number;
  /** How each run of the program ended, in order. */
  readonly exits: readonly Ended["exit"][];
}

export interface ScenarioOptions {
  /** Told of everything that happens, as lines. */
  readonly trace?: (line: string) => void;
  /** In place of what the seed draws: one run that dies so, in a world without any other fault. */
  readonly death?: Death;
}

/** What a refused `apply --json` prints, as far as it is checked. */
interface Refused {
  readonly blocked: readonly BlockedItem[];
  readonly errors: readonly { readonly targets: readonly string[] }[];
}

/** What the variables of a drawn file hold. */
const SECRETS = {
  SECRET_A: Buffer.alloc(32, "secret-of-the-first").toString("base64"),
  SECRET_B: Buffer.alloc(48, "another-secret").toString("base64"),
};

const TEN_MINUTES = 600_000;

/** Plays one seed: an account, a file, and runs of the program while things go wrong, and then while nothing does. */
export async function simulate(seed: number, options: ScenarioOptions = {}): Promise<Result> {
  const scenario = new Scenario(seed, options);
  try {
    await scenario.play();
  } finally {
    scenario.clock.stop();
  }
  return scenario.result();
}

class Scenario {
  readonly clock: VirtualClock;
  readonly #seed: number;
  readonly #options: ScenarioOptions;
  readonly #world: World;
  readonly #file: ReturnType<typeof drawFile>;
  readonly #parts: readonly Part[];
  readonly #network: Network;
  readonly #checker: Checker;
  readonly #stuck: Promise<void>;
  readonly #violations: Violation[] = [];
  #strangers: Strangers = noStrangers;
  readonly #exits: Ended["exit"][] = [];
  #hash = 0;
  #requests = 0;
  #firstRequests = 0;

  constructor(seed: number, options: ScenarioOptions) {
    this.#seed = seed;
    this.#options = options;
    this.#world = drawWorld(seed);
    this.#file = drawFile(seed, this.#world);
    this.#parts = toParts(seed, this.#file);
    forgetFiles();
    for (const { path, text } of this.#parts) {
      putFile(`${FOLDER}/${path}`, text);
    }
    let tellStuck = () => {};
    this.#stuck = new Promise((resolve) => {
      tellStuck = resolve;
    });
    this.clock = new VirtualClock(BEGINNING, () => tellStuck());
    this.#checker = new Checker({
      file: this.#file,
      clock: this.clock,
      simulator: () => this.#network.simulator,
      secrets: SECRETS,
      seeded: seededIds(this.#world),
      firstDefault: this.#world.networks.find(({ is_default_network }) => is_default_network)?.id,
      alone: () => this.#strangers.deeds() === 0,
      violated: (violation) => this.#violated(violation),
    });
    this.#network = createNetwork({
      account_id: ACCOUNT,
      credentials: [{ token: TOKEN }, { token: STRANGER }],
      random: seededBytes(seed),
      switches: this.#world.switches,
      ...(this.#world.hanging && { zones: this.#world.hanging.zones }),
      clock: this.clock,
      observer: this.#observer(),
    });
    const { simulator } = this.#network;
    simulator.restore({ ...simulator.contents, virtual_networks: this.#world.networks });
    simulator.seed(this.#world.tunnels);
    seedConfigurations(seed, simulator);
    if (this.#world.hanging !== null) {
      seedHanging(simulator, this.#world.hanging);
    }
    if (this.#file.giver !== undefined) {
      seedHandover(simulator, this.#file.giver);
    }
  }

  result(): Result {
    return {
      seed: this.#seed,
      hash: this.#hash,
      violations: this.#violations,
      requests: this.#requests,
      firstRequests: this.#firstRequests,
      writes: this.#checker.writes.length,
      exits: this.#exits,
    };
  }

  async play(): Promise<void> {
    this.#note(`seed ${this.#seed}`);
    for (const { path, text } of this.#parts) {
      this.#note(`${path}:\n${text}`);
    }
    const { death } = this.#options;
    const understood = death === undefined ? await this.#storm() : await this.#dieOnce(death);
    if (understood) {
      await this.#settle();
    }
  }

  /** Runs while things go wrong. Returns whether the program understood the file at all. */
  async #storm(): Promise<boolean> {
    const network = this.#network;
    const { simulator } = network;
    const draw = drawFrom(this.#seed, "course");
    const strangers = drawStrangers(this.#seed, this.#file);
    this.#strangers = strangers;
    network.faults = drawFaults(this.#seed);
    network.actors = strangers.actors;
    simulator.setSwitches(this.#world.passing);
    if (draw.chance(0.06)) {
      simulator.setCredentials([drawNarrow(draw), { token: STRANGER }]);
    }
    const rounds = draw.pick([1, 1, 1, 2]);
    for (let round = 1; round <= rounds; round += 1) {
      const names = draw.chance(0.15) ? [`${round}a`, `${round}b`] : [`${round}`];
      const ended = await Promise.all(names.map((name) => this.#apply(name, drawSender(draw))));
      if (this.#requests === 0 && ended.every(({ exit }) => exit === 1)) {
        this.#require(
          !ended.some(({ stdout, stderr }) => /\d:\d/.test(stdout + stderr)),
          "a file refused",
          "",
        );
        return false;
      }
      const [only] = ended;
      if (ended.length === 1 && only?.exit === 0 && strangers.deeds() === 0 && !this.#lateWrites()) {
        const left = unmet(this.#file, simulator);
        this.#require(left.length === 0, "success, and the account is not so", left);
      }
      const care = drawCare(this.#seed, round, simulator);
      if (care !== null) {
        await this.#careFor(care, `care ${round}`, drawSender(draw));
      }
    }
    return true;
  }

  /** A command for one tunnel. */
  async #careFor(care: Care, name: string, options: SenderOptions): Promise<void> {
    const network = this.#network;
    const { faults, actors } = network;
    network.faults = faultsWith(faults, care);
    network.actors = actorsWith(actors, care);
    const argv = [...argumentsOf(care), "--concurrency", String(options.concurrency)];
    const ended = await this.#runProgram(name, { ...options, care }, argv);
    Object.assign(network, { faults, actors });
    this.#require(ended.exit !== "hangs", "a run that hangs", ended.stderr);
    const isTold = `${ended.stdout}${ended.stderr}`.includes("mistake in warren");
    this.#require(!isTold, "an internal error", ended.stderr);
    // What it hands out on stdout is a secret, and is meant to be.
    this.#checker.checkOutput(ended.sender, ended.stderr, TOKEN);
    const isOwn = isOwnToken(ended, care, network.simulator, (id) => this.#checker.namesOf(id));
    this.#require(isOwn, "a token of another handed out", ended.stdout);
  }

  /** One apply, with the consent that is drawn: given beforehand, asked for, or in the form of a saved plan. */
  async #apply(name: string, given: SenderOptions): Promise<Ended> {
    const draw = drawFrom(this.#seed, `consent of ${name}`);
    const way = draw.fraction();
    // Where standard input is the file, nobody can be asked.
    const asks = way > 0.65 && this.#parts[0]?.path !== "-";
    const isShort = draw.chance(asks ? 0.5 : 0.15);
    const options = { ...given, deadline: isShort ? draw.pick([1, 5, 20, 60, 240]) : null };
    if (asks) {
      const answer = draw.pick(["yes", "yes", "yes", "yes", " yes\n", "no", "y", "YES", "", null]);
      const consent = {
        by: "answer",
        answer,
        after: draw.pick([0, 5_000, 600_000]),
        meanwhile: () => {
          if (draw.chance(0.85)) {
            this.#strangers.meanwhile(this.#network.simulator);
          }
        },
      } as const;
      return this.#run(name, "apply", { ...options, consent });
    }
    if (way < 0.45 || way > 0.65) {
      return this.#run(name, "apply", options);
    }
    const path = `plan-${name}.json`;
    const planning = { ...drawSender(draw), verifiesSecrets: options.verifiesSecrets };
    const planned = await this.#run(`${name} plans`, "plan", planning, ["--out", path]);
    const saved = textOf(`${FOLDER}/${path}`);
    this.#require(
      saved === null ? planned.exit !== 0 && planned.exit !== 3 : planned.exit !== "died",
      "a plan that is not saved, or saved by one that died",
      planned.exit,
    );
    if (saved === null) {
      return planned;
    }
    this.#checker.checkOutput(planned.sender, saved, TOKEN);
    const { plan } = JSON.parse(saved) as { readonly plan: { readonly changes: readonly SavedChange[] } };
    const consent = { by: "plan", path, changes: plan.changes } as const;
    const files = draw.chance(0.5) ? this.#fileOptions() : [];
    for (let times = draw.pick([1, 1, 2]); ; times -= 1) {
      if (draw.chance(0.7)) {
        await this.clock.sleep(draw.pick([1_000, 60_000, 7_200_000]));
      }
      if (draw.chance(0.5)) {
        this.#strangers.meanwhile(this.#network.simulator);
      }
      const ended = await this.#run(
        times === 1 ? name : `${name} before`,
        "apply",
        { ...options, consent },
        files,
      );
      if (times === 1) {
        return ended;
      }
    }
  }

  async #dieOnce(death: Death): Promise<boolean> {
    this.#network.faults = drawCalm(this.#seed);
    const sender = { ...undisturbed, death, concurrency: 4, showsPlan: true };
    const { exit } = await this.#run("1", "apply", sender);
    return exit !== 1;
  }

  /** Nothing goes wrong any more: one more apply gets there, or is refused for a reason that is so. */
  async #settle(): Promise<void> {
    const { simulator } = this.#network;
    await this.#network.quiet();
    this.#network.faults = drawCalm(this.#seed);
    this.#network.actors = () => {};
    this.#forgetLag();
    simulator.setSwitches({ ...restored(this.#world), quota: null });
    simulator.setCredentials([{ token: TOKEN }, { token: STRANGER }]);
    await this.clock.sleep(TEN_MINUTES);
    const sender = undisturbed;
    const { exit, stdout } = await this.#run("last", "apply", sender);
    if (exit === 3) {
      const refused = JSON.parse(stdout) as Refused;
      this.#require(refused.blocked.length > 0, "refused without a reason", stdout);
      for (const item of refused.blocked) {
        const isSo = isTrueReason(item, this.#file, simulator, this.clock.now());
        this.#require(isSo, "refused for a reason that is not so", item);
      }
      const targets = refused.errors.flatMap((error) => error.targets);
      if (targets.length === 0) {
        return;
      }
      const only = targets.flatMap((target) => ["--target", target]);
      const { exit: rest, stdout: report } = await this.#run("rest", "apply", sender, only);
      this.#require(
        rest === 0 || this.#isNameOfOtherKind(report),
        "what is not blocked cannot be applied",
        report,
      );
      return;
    }
    if (this.#isNameOfOtherKind(stdout)) {
      return;
    }
    this.#require(exit === 0, "no success although nothing goes wrong", { exit, stdout });
    const left = unmet(this.#file, simulator);
    this.#require(left.length === 0, "success, and the account is not so", left);
    // An apply that found nothing to do has shown what the plan after it is.
    if (stdout.includes('"outcomes": []')) {
      return;
    }
    const after = await this.#run("plan", "plan", sender, ["--detailed-exitcode"]);
    this.#require(after.exit === 0, "a plan that is not empty after success", after.stdout);
  }

  /** Where both kinds share their names, which nobody can know beforehand, a create may fail for good. */
  #isNameOfOtherKind(report: string): boolean {
    return (
      this.#network.simulator.switches.names === "shared" &&
      /"name_taken"|"replaced_half"|HTTP 409/.test(report)
    );
  }

  async #run(
    name: string,
    command: "apply" | "plan",
    options: SenderOptions,
    more: readonly string[] = [],
  ): Promise<Ended> {
    const { consent, deadline } = options;
    const argv = [
      command,
      ...(consent.by === "plan" ? [consent.path] : this.#fileOptions()),
      ...(command === "apply" && consent.by === "option" ? ["--yes"] : []),
      ...(options.showsPlan ? ["--verbose"] : ["--json"]),
      ...(options.verifiesSecrets ? ["--verify-secrets"] : []),
      "--concurrency",
      String(options.concurrency),
      ...(deadline === null ? [] : ["--deadline", String(deadline)]),
      ...more,
    ];
    const ended = await this.#runProgram(name, options, argv);
    const { sender } = ended;
    this.#checker.checkOutput(sender, ended.stdout + ended.stderr, TOKEN);
    if (command === "plan") {
      const wrote = this.#checker.writes.some((write) => write.sender === sender);
      this.#require(!wrote && ended.exit !== "hangs", "a plan that writes, or hangs", ended.stderr);
    } else {
      const seen = {
        checker: this.#checker,
        simulator: this.#network.simulator,
        alone: this.#strangers.deeds() === 0,
      };
      for (const violation of checkEnd(ended, seen)) {
        this.#violated(violation);
      }
      if (ended.exit === 0 && this.#strangers.deeds() === 0) {
        this.#requireRollout(sender);
      }
    }
    return ended;
  }

  /** What a program has written with success, all connectors have. */
  #requireRollout(sender: Sender): void {
    const { simulator } = this.#network;
    const own = this.#checker.writes.filter(
      (write) => write.sender === sender && write.kind === CONFIGURATION,
    );
    for (const id of new Set(own.map(({ effect }) => effect))) {
      if (id !== null && isLive(simulator, id)) {
        const late = laggardsOf(simulator, id, send(simulator, "GET", `/cfd_tunnel/${id}/connections`, null));
        this.#require(late.length === 0, "a success while a connector lags behind", late);
      }
    }
  }

  async #runProgram(name: string, options: SenderOptions, argv: readonly string[]): Promise<Ended> {
    const sender = new Sender(name, drawFrom(this.#seed, `death of ${name}`), options);
    this.#checker.started(sender);
    const ended = await runProgram(sender, {
      argv,
      input: this.#parts[0]?.text ?? "",
      env: SECRETS,
      network: this.#network,
      clock: this.clock,
      seed: this.#seed,
      stuck: this.#stuck,
    });
    this.#exits.push(ended.exit);
    if (this.#exits.length === 1) {
      this.#firstRequests = sender.requests;
    }
    this.#note(`${name} ends: ${ended.exit}`);
    this.#options.trace?.(ended.stdout + ended.stderr);
    return ended;
  }

  #fileOptions(): readonly string[] {
    return this.#parts.flatMap(({ path }) => ["--file", path]);
  }

  /** Reads everything until nothing is old any more. */
  #forgetLag(): void {
    const { simulator } = this.#network;
    const { list_lag, read_lag, name_lag } = simulator.switches;
    simulator.setSwitches({ rate_limit: null });
    // With no quota left a create looks at the name, and makes nothing.
    simulator.setSwitches({ quota: 0 });
    for (let count = 0; count < name_lag; count += 1) {
      for (const { kind, name } of this.#file.entries.filter((entry) => entry.kind !== NETWORK)) {
        send(simulator, "POST", pathOf(kind), { name });
      }
    }
    for (let count = 0; count < list_lag; count += 1) {
      send(simulator, "GET", "/tunnels", null);
      send(simulator, "GET", pathOf(NETWORK), null);
      listHanging(simulator);
    }
    for (let count = 0; count < read_lag; count += 1) {
      for (const { kind, id } of resourcesOf(simulator)) {
        send(simulator, "GET", `${pathOf(kind)}/${id}`, null);
        if (kind === "cfd_tunnel") {
          send(simulator, "GET", `${pathOf(kind)}/${id}/configurations`, null);
        }
      }
      readHanging(simulator);
    }
  }

  #lateWrites(): boolean {
    return this.#checker.writes.some(({ late }) => late);
  }

  #observer(): Observer {
    const checker = () => this.#checker;
    return {
      sent: (call) => {
        this.#requests += 1;
        const query = call.query.size === 0 ? "" : `?${call.query.toString()}`;
        const body = call.body === null ? "" : ` ${JSON.stringify(call.body)}`;
        this.#note(
          `${this.#time()} ${call.sender.name} #${call.number} ${call.method} ${call.path}${query}${body}`,
        );
        checker().sent(call);
      },
      acting: (call) => checker().acting(call),
      acted: (call) => {
        this.#note(
          `${this.#time()} ${call.sender.name} #${call.number} acted${call.effect === null ? "" : ` on ${call.effect}`}`,
        );
        checker().acted(call);
      },
      answered: (call, arrived, refused) => {
        const what =
          arrived === null ? (refused ? "refused" : "lost") : `${arrived.status} ${arrived.body.length}`;
        this.#note(`${this.#time()} ${call.sender.name} #${call.number} answered: ${what}`);
        checker().answered(call, arrived, refused);
      },
    };
  }

  #time(): string {
    return `${this.clock.now() - BEGINNING}`.padStart(9);
  }

  #note(line: string): void {
    this.#hash = hashOf(line, this.#hash);
    this.#options.trace?.(line);
  }

  #require(holds: boolean, rule: string, what: unknown): void {
    if (!holds) {
      this.#violated({ rule, what: JSON.stringify(what) });
    }
  }

  #violated(violation: Violation): void {
    this.#violations.push(violation);
    this.#options.trace?.(`VIOLATION ${violation.rule}: ${violation.what}`);
  }
}

/** A run to which nothing happens, and whose output can be read. */
const undisturbed: SenderOptions = {
  consent: { by: "option" },
  deadline: null,
  death: null,
  interruptedAt: null,
  cutAt: null,
  concurrency: 8,
  showsPlan: false,
  verifiesSecrets: false,
};

function drawSender(draw: Draw): SenderOptions {
  const interruptedAt = draw.chance(0.08) ? draw.between(1, 20) : null;
  return {
    consent: { by: "option" },
    deadline: null,
    death: draw.chance(0.25)
      ? { request: draw.between(1, 20), moment: draw.pick(["before", "after"]) }
      : null,
    interruptedAt,
    cutAt: interruptedAt !== null && draw.chance(0.4) ? interruptedAt + draw.between(0, 6) : null,
    verifiesSecrets: draw.chance(0.2),
    concurrency: draw.pick([1, 2, 4, 8, 8]),
    showsPlan: draw.chance(0.5),
  };
}

/** A token that may do less. */
function drawNarrow(draw: Draw) {
  const access = () => draw.pick(["none", "read", "write"] as const);
  return {
    token: TOKEN,
    permissions: {
      cfd_tunnel: access(),
      warp_connector: access(),
      networks: access(),
      zone: draw.pick(["none", "read"] as const),
      dns: access(),
    },
  };
}

/** What passes is over. */
function restored({ switches, passing }: World): Partial<Switches> {
  const names = Object.keys(passing) as (keyof Switches)[];
  return Object.fromEntries(
    names.map((name) => [name, name in switches ? switches[name] : defaultSwitches[name]]),
  );
}

/** Ids that lists show from the start. */
function seededIds({ tunnels, networks, hanging }: World): ReadonlySet<string> {
  const hung =
    hanging === null ? [] : [...hanging.routes, ...hanging.hostname_routes, ...hanging.dns_records];
  return new Set([...tunnels, ...networks, ...hung].flatMap(({ id }) => id ?? []));
}

function listHanging(simulator: Simulator): void {
  send(simulator, "GET", pathOf(ROUTE), null);
  send(simulator, "GET", pathOf(HOSTNAME_ROUTE), null);
  for (const { id } of simulator.rows("zones")) {
    sendTo(simulator, "GET", `/zones/${id}/dns_records`, null);
  }
}

function readHanging(simulator: Simulator): void {
  for (const { kind, id, zone_id } of liveRows(simulator)) {
    if (zone_id === undefined) {
      send(simulator, "GET", `${pathOf(kind)}/${id}`, null);
    } else {
      sendTo(simulator, "GET", `/zones/${zone_id}/dns_records/${id}`, null);
    }
  }
}
