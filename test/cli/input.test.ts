import { PassThrough, Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { Io } from "../../src/cli/io.ts";
import { openInput } from "../../src/cli/terminal/input.ts";
import { tellingInput } from "../../src/cli/terminal/telling-input.ts";

function input(stream: Readable) {
  const stop = new AbortController();
  const asked = new PassThrough();
  // As much of one as is used.
  return { stop, asked, ...openInput(() => stream as NodeJS.ReadStream, asked, stop) };
}

describe("reading", () => {
  it("takes all of it", async () => {
    const [first, last] = [Buffer.from("ä").subarray(0, 1), Buffer.from("ä").subarray(1)];
    const stdin = input(Readable.from([first, last]));
    expect(Buffer.from(await stdin.read(100)).toString()).toBe("ä");
  });

  it("leaves off once it has more than is wanted", async () => {
    let taken = 0;
    const endless = new Readable({
      read() {
        taken += 1;
        this.push(Buffer.alloc(10));
      },
    });
    const bytes = await input(endless).read(25);
    expect(bytes).toHaveLength(30);
    expect(endless.destroyed).toBe(true);
    // Node reads ahead, but not for ever.
    expect(taken).toBeLessThan(100_000);
  });

  it("fails as the stream does", async () => {
    const stream = new PassThrough();
    const reading = input(stream).read(10);
    stream.destroy(new Error("EIO"));
    await expect(reading).rejects.toThrow("EIO");
  });
});

describe("asking", () => {
  it("writes the question, and takes a line", async () => {
    const stream = new PassThrough();
    const stdin = input(stream);
    const answer = stdin.ask("Really? ");
    stream.write("yes\nno\n");
    expect(await answer).toBe("yes");
    expect(String(stdin.asked.read())).toBe("Really? ");
  });

  it.each<[string, (stream: PassThrough, stop: AbortController) => void]>([
    ["the input ends", (stream) => stream.end()],
    ["the terminal goes away", (stream) => stream.destroy(new Error("EIO"))],
    ["the run is stopped", (_, stop) => stop.abort()],
  ])("has no answer when %s", async (_, happens) => {
    const stream = new PassThrough();
    const stdin = input(stream);
    const answer = stdin.ask("Really? ");
    // Once the question stands.
    await new Promise((resolve) => setTimeout(resolve, 5));
    happens(stream, stdin.stop);
    expect(await answer).toBeNull();
  });
});

describe.each([
  ["a pipe", false, ["Reading standard input"]],
  ["a terminal, where somebody types", true, []],
])("what is read from %s", (_, isTTY, told) => {
  it("says what is waited for, or not, and all else of the process is as it was", async () => {
    const waits: string[] = [];
    const never = new AbortController().signal;
    const output = { write: () => {}, isTTY: true, columns: 80 };
    const io: Io = {
      stdout: output,
      stderr: output,
      stdin: { isTTY, read: async () => Buffer.from("text"), ask: async (question) => `${question}!` },
      env: { HOME: "/home" },
      get cwd(): string {
        throw new Error("gone");
      },
      clock: systemClock,
      random: () => 0,
      stop: never,
      abort: never,
    };
    const telling = tellingInput(io, {
      reading: (what, work) => {
        waits.push(what);
        return work;
      },
    });
    expect(Buffer.from(await telling.stdin.read(10)).toString()).toBe("text");
    expect(waits).toEqual(told);
    expect([telling.stdin.isTTY, await telling.stdin.ask("?"), telling.env["HOME"]]).toEqual([
      isTTY,
      "?!",
      "/home",
    ]);
    expect(() => telling.cwd).toThrow("gone");
  });
});
