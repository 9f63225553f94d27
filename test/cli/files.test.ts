import { expect, it } from "vitest";
import { readFiles } from "../../src/cli/files/files.ts";
import { Interrupted } from "../../src/cli/user-error.ts";

const NEVER = new AbortController().signal;

function reading(read: () => Promise<Uint8Array>, stop: AbortSignal = NEVER) {
  const stdin = { isTTY: false, read, ask: async () => null };
  return readFiles(["-"], { stdin, cwd: "/", stop });
}

it("stops waiting for standard input when the run is stopped", async () => {
  const stop = new AbortController();
  const files = reading(() => new Promise(() => {}), stop.signal);
  stop.abort();
  await expect(files).rejects.toThrow(Interrupted);
});

it("says that standard input cannot be read", async () => {
  const files = reading(() => Promise.reject(Object.assign(new Error("no"), { code: "EIO" })));
  await expect(files).rejects.toMatchObject({
    code: "file_unreadable",
    message: "Standard input cannot be read: error EIO.",
  });
});
