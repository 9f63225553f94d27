import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { Io, Output } from "../../src/cli/io.ts";
import { createPrinter } from "../../src/cli/terminal/printer.ts";

interface Streams {
  readonly stdout?: Partial<Output>;
  readonly stderr?: Partial<Output>;
  readonly env?: Io["env"];
}

function printerOf({ stdout = {}, stderr = {}, env = {} }: Streams) {
  let text = "";
  const output = (part: Partial<Output>): Output => ({
    write: (written) => {
      text += written;
    },
    isTTY: false,
    columns: null,
    ...part,
  });
  const never = new AbortController().signal;
  const printer = createPrinter({
    stdout: output(stdout),
    stderr: output(stderr),
    stdin: { isTTY: false, read: async () => new Uint8Array(), ask: async () => null },
    env,
    cwd: "/",
    clock: systemClock,
    random: () => 0,
    stop: never,
    abort: never,
  });
  return { printer, text: () => text };
}

test("a terminal that does not know its size shows a status line of 80 characters", () => {
  const { printer, text } = printerOf({ stderr: { isTTY: true, columns: 0 } });
  printer.status("1/2  create cfd_tunnel/web");
  expect(text()).toContain("1/2  create cfd_tunnel/web");
});

test("on a terminal what is said fits it, but for a line of a file and a command to copy", () => {
  const long = "four words in a ".repeat(5).trim();
  const frame = `  12 | ${"x: ".repeat(30)}`;
  const command = `    warren apply ${"--target a/b ".repeat(10).trim()}`;
  const said = [long, frame, command].join("\n");
  const terminal = printerOf({ stderr: { isTTY: true, columns: 40 } });
  terminal.printer.note(said);
  terminal.printer.rendered(`${said}\n`);
  const lines = terminal.text().trimEnd().split("\n");
  expect(lines.filter((line) => line.length > 40)).toEqual([frame, command, frame, command]);
  expect(lines.length).toBeGreaterThan(6);

  const pipe = printerOf({});
  pipe.printer.note(said);
  expect(pipe.text()).toBe(`${said}\n`);
});

describe("each stream has the colours that it can show", () => {
  const coloured = (style: { readonly create: (text: string) => string }) => style.create("x") !== "x";

  test.each([
    [true, false, {}, true, false],
    [false, true, {}, false, true],
    [true, true, { NO_COLOR: "1" }, false, false],
    [true, true, { TERM: "dumb" }, false, false],
    [false, false, { FORCE_COLOR: "1" }, true, true],
  ])("stdout a terminal: %j, stderr: %j, %j", (out, err, env, outColours, errColours) => {
    const { printer } = printerOf({ stdout: { isTTY: out }, stderr: { isTTY: err }, env });
    expect([coloured(printer.style), coloured(printer.errorStyle)]).toEqual([outColours, errColours]);
  });
});

test.each(["CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY"])("%s is hidden from the first word on", (name) => {
  const { printer, text } = printerOf({ env: { [name]: " canary-0123456789 " } });
  printer.note("xcanary-0123456789.yaml cannot be read");
  printer.result("canary-0123456789\n");
  expect(text()).toBe("x(secret).yaml cannot be read\n(secret)\n");
});
