// A headless Chromium over a pipe: what DevTools sees of a page, with Node alone.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { accessSync, constants } from "node:fs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The browser that `CHROMIUM` names, else the first on the path; null where there is none. */
export function findChromium({ CHROMIUM, PATH = "" } = process.env) {
  const paths = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return CHROMIUM || (paths.find(isProgram) ?? null);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts it, and gives the work a function that calls DevTools and one that is told of its events. */
export async function withChromium(program, work) {
  const profile = mkdtempSync(join(tmpdir(), "warren-browser-"));
  const flags = [
    "--headless",
    "--remote-debugging-pipe",
    `--user-data-dir=${profile}`,
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--hide-scrollbars",
    // A root in a container has no other way.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  ];
  const browser = spawn(program, flags, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => browser.once("exit", resolve));
  try {
    const connection = connect(browser.stdio[3], browser.stdio[4], ended);
    const result = await work(connection);
    await connection.call("Browser.close");
    return result;
  } finally {
    browser.kill();
    await ended;
    // Its helpers may write for a moment longer. A folder that is left must not hide what went wrong.
    try {
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    } catch {
      console.error(`${profile} is left.`);
    }
  }
}

function connect(input, output, ended) {
  const waiting = new Map();
  const listeners = [];
  let id = 0;
  let rest = "";
  output.setEncoding("utf8").on("data", (text) => {
    const messages = (rest + text).split("\0");
    rest = messages.pop();
    for (const message of messages.map((each) => JSON.parse(each))) {
      const done = waiting.get(message.id);
      waiting.delete(message.id);
      done?.(message);
      if (message.method !== undefined) {
        for (const listen of listeners) {
          listen(message);
        }
      }
    }
  });
  const call = async (method, params, sessionId) => {
    id += 1;
    const answer = new Promise((resolve) => waiting.set(id, resolve));
    input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const message = await Promise.race([answer, ended]);
    if (message?.result === undefined) {
      throw new Error(`${method}: ${message?.error?.message ?? "the browser has ended"}`);
    }
    return message.result;
  };
  return { call, listen: (listener) => listeners.push(listener) };
}

/** Opens a page of its own in a window of that width, and tells what it asked for, what it complained of, and what is in it. */
export async function look({ call, listen }, url, { width, scheme }) {
  const { targetId } = await call("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await call("Target.attachToTarget", { targetId, flatten: true });
  const page = (method, params) => call(method, params, sessionId);
  const requests = [];
  const complaints = [];
  const loaded = new Promise((resolve) => {
    listen(({ method, params, sessionId: of }) => {
      if (of !== sessionId) {
        return;
      }
      if (method === "Network.requestWillBeSent") {
        requests.push(params.request.url);
      }
      if (method === "Log.entryAdded" || method === "Runtime.exceptionThrown") {
        complaints.push(JSON.stringify(params));
      }
      if (method === "Page.loadEventFired") {
        resolve();
      }
    });
  });
  for (const domain of ["Page", "Network", "Log", "Runtime"]) {
    await page(`${domain}.enable`);
  }
  await page("Emulation.setDeviceMetricsOverride", {
    width,
    height: 900,
    deviceScaleFactor: 1,
    mobile: width < 500,
  });
  await page("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
  await page("Page.navigate", { url });
  await loaded;
  const { result } = await page("Runtime.evaluate", {
    returnByValue: true,
    expression: `(${String(survey)})()`,
  });
  const { width: wide, height } = result.value;
  const clip = { x: 0, y: 0, width, height, scale: 1 };
  const { data } = await page("Page.captureScreenshot", { clip, captureBeyondViewport: true });
  await page("Emulation.setEmulatedMedia", {
    media: "print",
    features: [{ name: "prefers-color-scheme", value: scheme }],
  });
  const printed = await page("Runtime.evaluate", {
    returnByValue: true,
    expression: `(${String(survey)})()`,
  });
  const { data: pdf } = await page("Page.printToPDF", { printBackground: true });
  await call("Target.closeTarget", { targetId });
  return {
    requests,
    complaints,
    elements: result.value.elements,
    background: result.value.background,
    paper: printed.result.value.background,
    isWiderThanWindow: wide > width,
    screenshot: Buffer.from(data, "base64"),
    pdf: Buffer.from(pdf, "base64"),
  };
}

/** Runs in the page. */
function survey() {
  const { scrollWidth, scrollHeight } = document.documentElement;
  return {
    // A tooltip is there where a name was cut, which depends on its length.
    elements: [...document.querySelectorAll("*:not(svg title)")].map((element) =>
      [element.localName, ...element.getAttributeNames()].join(" "),
    ),
    background: getComputedStyle(document.body).backgroundColor,
    width: scrollWidth,
    height: scrollHeight,
  };
}
