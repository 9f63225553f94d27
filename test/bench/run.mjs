// `npm run bench`: measures the built program, and peers beside it, and writes results.json. Loopback only, but for the
// installation of the peers. Options: --only start|work|scale|fleet, --node PATH (again for more), --rounds N, --no-peers.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { benchFleet, fleetTable } from "./fleet.mjs";
import { here } from "./measure.mjs";
import { benchScale, scaleTable } from "./scale.mjs";
import { benchStart, startTable } from "./start.mjs";
import { benchWork, RTT_MS, workTable } from "./work.mjs";

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: ["start", "work", "scale", "fleet"] },
    node: { type: "string", multiple: true, default: [process.execPath] },
    rounds: { type: "string" },
    "no-peers": { type: "boolean", default: false },
  },
});
const rounds = (usual) => (values.rounds === undefined ? usual : Number(values.rounds));
const log = (line) => process.stderr.write(`${line}\n`);
const peersFolder = join(here, "peers");

function install() {
  if (values["no-peers"]) {
    return false;
  }
  if (!existsSync(join(peersFolder, "node_modules"))) {
    log("installing the peers");
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: peersFolder,
      stdio: "inherit",
    });
  }
  return true;
}

function versionOf(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
}

const nodes = values.node.map((path) => ({
  path,
  version: execFileSync(path, ["--version"], { encoding: "utf8" }).trim(),
}));
const file = join(here, "results.json");
const results = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
const about = (peers) => ({
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}`,
  node: process.version,
  versions: {
    warren: versionOf(join(here, "../..")),
    ...(peers && {
      cloudflare: versionOf(join(peersFolder, "node_modules/cloudflare")),
      alchemy: versionOf(join(peersFolder, "node_modules/alchemy")),
    }),
  },
});
const show = (title, text) => process.stdout.write(`\n${title}\n\n${text}\n`);

if (values.only.includes("start")) {
  results.start = {
    ...about(false),
    rounds: rounds(31),
    results: await benchStart({ nodes, rounds: rounds(31) }),
  };
  show("Start, medians of paired runs", startTable(results.start.results));
}
if (values.only.includes("work")) {
  const peers = install();
  const work = await benchWork({ sizes: [100, 1_000], rounds: rounds(5), peers, log });
  results.work = { ...about(peers), rounds: rounds(5), rtt_ms: RTT_MS, results: work };
  show(`Work, ${RTT_MS} ms a round trip, medians of runs taken in turn`, workTable(work));
}
if (values.only.includes("scale")) {
  results.scale = {
    ...about(false),
    rounds: rounds(3),
    results: await benchScale({ rounds: rounds(3), log }),
  };
  show("Scale, medians", scaleTable(results.scale.results));
}
if (values.only.includes("fleet")) {
  const fleet = await benchFleet({ rounds: rounds(3), log });
  results.fleet = { ...about(false), rounds: rounds(3), results: fleet };
  show("Fleet, medians", fleetTable(fleet));
}
writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
