import { Writable } from "node:stream";
import { expect, it } from "vitest";
import { openOutput } from "../../src/cli/terminal/output.ts";

type Taking = (text: string, done: (error?: Error) => void) => void;

/** A stream as the process has them, whose writes end as `take` says. */
function output(take: Taking) {
  const stream = new Writable({
    decodeStrings: false,
    write: (text: string, _, done) => take(text, done),
  });
  // As much of one as is used.
  return openOutput(stream as unknown as NodeJS.WriteStream);
}

const failure = (code: string) => Object.assign(new Error(code), { code });

it("says when all is written that was given to it", async () => {
  const taken: string[] = [];
  const out = output((text, done) => {
    setImmediate(() => {
      taken.push(text);
      done();
    });
  });
  out.write("a");
  out.write("b");
  expect(await out.flushed()).toBeNull();
  expect(taken.join("")).toBe("ab");
  expect(await out.flushed()).toBeNull();
});

it.each<[string, Taking]>([
  ["later", (_, done) => setImmediate(() => done(failure("ENOSPC")))],
  ["at once", (_, done) => done(failure("ENOSPC"))],
  [
    "by throwing",
    () => {
      throw failure("ENOSPC");
    },
  ],
])("keeps an error that comes %s for the end", async (_, take) => {
  const out = output(take);
  out.write("a");
  out.write("b");
  expect(await out.flushed()).toMatchObject({ code: "ENOSPC" });
  out.write("c");
  expect(await out.flushed()).toMatchObject({ code: "ENOSPC" });
});

it("takes a reader that has gone for no error", async () => {
  const out = output((_, done) => setImmediate(() => done(failure("EPIPE"))));
  out.write("a");
  expect(await out.flushed()).toBeNull();
  out.write("b");
  expect(await out.flushed()).toBeNull();
});

it("keeps the first error, and tries nothing after it", async () => {
  const tried: string[] = [];
  const out = output((text, done) => {
    tried.push(text);
    done(failure(tried.length === 1 ? "EFBIG" : "EPIPE"));
  });
  out.write("a");
  await out.flushed();
  out.write("b");
  expect(await out.flushed()).toMatchObject({ code: "EFBIG" });
  expect(tried).toEqual(["a"]);
});
