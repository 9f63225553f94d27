// Processes and numbers.
import { execFile, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const here = fileURLToPath(new URL(".", import.meta.url));
export const warren = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** Nothing of the caller's environment that could change a run: no credentials, no proxy, no colour. */
const { PATH, HOME } = process.env;
const ENVIRONMENT = { PATH, HOME, NO_COLOR: "1" };

/** No run takes longer; one that would is a failure. */
const LIMIT_MS = 600_000;

/** Starts a sandbox in another process, gives it to the work, and ends it. */
export async function withServer({ rtt = 0, live = [], routes = [] }, work) {
  const server = fork(join(here, "server.mjs"), [], { env: ENVIRONMENT, serialization: "advanced" });
  const died = once(server, "exit").then(([code]) => {
    throw new Error(`the sandbox ended with ${code}`);
  });
  died.catch(() => {});
  const ask = async (what) => {
    server.send(what);
    return (await Promise.race([once(server, "message"), died]))[0];
  };
  try {
    const { url, accountId, token } = await ask({ rtt, live, routes });
    const env = { CLOUDFLARE_BASE_URL: url, CLOUDFLARE_ACCOUNT_ID: accountId, CLOUDFLARE_API_TOKEN: token };
    return await work({ url, env, ask });
  } finally {
    server.kill();
    await died.catch(() => {});
  }
}

/** Gives the work an empty folder, and takes it away. */
export async function withFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), "warren-bench-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds from the start of a process to its end. Throws where it fails. */
export async function time(node, argv, { cwd, env = {} }) {
  const begin = performance.now();
  const child = spawn(node, argv, {
    cwd,
    env: { ...ENVIRONMENT, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
  const [code] = await once(child, "close");
  clearTimeout(timer);
  const ms = performance.now() - begin;
  if (code !== 0) {
    throw new Error(`${argv.join(" ")} ended with ${code}: ${said.slice(-2_000)}`);
  }
  return ms;
}

/** What a process printed. */
export async function capture(argv, { cwd, env = {} }) {
  const options = { cwd, env: { ...ENVIRONMENT, ...env }, maxBuffer: 1e9 };
  return (await promisify(execFile)(process.execPath, argv, options)).stdout;
}

/** As `time`, with CPU milliseconds and the largest resident memory in megabytes. */
export async function measure(argv, { cwd, env = {} }) {
  const usageFile = join(cwd, "usage.json");
  const node = ["--import", join(here, "usage.mjs"), ...argv];
  const wall = await time(process.execPath, node, { cwd, env: { ...env, BENCH_USAGE: usageFile } });
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(readFileSync(usageFile, "utf8"));
  return { wall, cpu: (userCPUTime + systemCPUTime) / 1_000, memory: maxRSS / 1_024 };
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function rounded(number, digits = 2) {
  return Number(number.toFixed(digits));
}

/** Rows of cells as a Markdown table. */
export function table(head, rows) {
  const lines = [head, head.map((_, index) => (index === 0 ? "---" : "---:")), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
