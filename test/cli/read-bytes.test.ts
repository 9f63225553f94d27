import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, writeFileSync, writeSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readBytes } from "../../src/cli/files/read-bytes.ts";
import { Interrupted } from "../../src/cli/user-error.ts";
import { temporaryFolder } from "../support/cli.ts";

const running = { stop: new AbortController().signal };

function file(text: string): string {
  const path = join(temporaryFolder(), "file");
  writeFileSync(path, text);
  return path;
}

function pipe(): string {
  const path = join(temporaryFolder(), "pipe");
  execFileSync("mkfifo", [path]);
  return path;
}

/** Opens a pipe to write as soon as somebody opens it to read. */
async function writer(path: string): Promise<number> {
  for (;;) {
    const opened = tryWriter(path);
    if (opened !== null) {
      return opened;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function tryWriter(path: string): number | null {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
}

describe("a file", () => {
  it.each([0, 1, 65_535, 65_536, 200_000])("of %i bytes is read whole", async (size) => {
    const text = "ab".repeat(size / 2) + "c".repeat(size % 2);
    expect(Buffer.from(await readBytes(file(text), size, running)).toString()).toBe(text);
  });

  it("that is larger is read no further than shows it", async () => {
    const { length } = await readBytes(file("a".repeat(1_000_000)), 100, running);
    expect(length).toBeGreaterThan(100);
    expect(length).toBeLessThan(100_000);
  });

  it.each([
    ["is not there", (folder: string) => join(folder, "none"), "ENOENT"],
    ["is a folder", (folder: string) => folder, "EISDIR"],
  ])("that %s is an error of the system's", async (_, path, code) => {
    await expect(readBytes(path(temporaryFolder()), 10, running)).rejects.toMatchObject({ code });
  });
});

describe("a named pipe", () => {
  it("is read to the end of what is written into it", async () => {
    const path = pipe();
    const reading = readBytes(path, 100, running);
    const writing = await writer(path);
    writeSync(writing, "text");
    closeSync(writing);
    expect(Buffer.from(await reading).toString()).toBe("text");
  });

  it("says what is waited for", async () => {
    const path = pipe();
    const stop = new AbortController();
    const waits: string[] = [];
    const bytes = readBytes(path, 100, {
      stop: stop.signal,
      reading: (what, work) => {
        waits.push(what);
        return work;
      },
    });
    expect(waits).toEqual([`Reading ${basename(path)}`]);
    stop.abort();
    await expect(bytes).rejects.toThrow(Interrupted);
  });

  it("that nobody writes into is left alone when the run is stopped", async () => {
    const path = pipe();
    const stop = new AbortController();
    const reading = readBytes(path, 100, { stop: stop.signal });
    stop.abort();
    await expect(reading).rejects.toThrow(Interrupted);
    expect(tryWriter(path)).toBeNull();
  });

  it("whose writer is silent is left alone when the run is stopped", async () => {
    const path = pipe();
    const stop = new AbortController();
    const reading = readBytes(path, 100, { stop: stop.signal });
    const writing = await writer(path);
    writeSync(writing, "text");
    stop.abort();
    await expect(reading).rejects.toThrow(Interrupted);
    closeSync(writing);
    expect(tryWriter(path)).toBeNull();
  });

  it("is not opened at all once the run is stopped", async () => {
    await expect(readBytes(pipe(), 100, { stop: AbortSignal.abort() })).rejects.toThrow(Interrupted);
  });
});
