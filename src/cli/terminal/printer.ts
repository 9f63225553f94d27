import { isAbsolute, relative, resolve, sep } from "node:path";
import { credentialsIn } from "../../base/recognise-secret.ts";
import { createRedactor, type Redactor } from "../../base/redact.ts";
import type { Secret } from "../../base/secret.ts";
import { type Annotation, renderAnnotations } from "../../render/annotations.ts";
import { createStyle, type Style, wantsColour } from "../../render/text/style.ts";
import { wrap } from "../../render/text/wrap.ts";
import { visible } from "../../render/visible.ts";
import type { Io } from "../io.ts";

/**
 * Where everything that the program prints passes through. Every secret that is told to it is taken out of both
 * streams, whoever wrote it there.
 */
export interface Printer {
  /** Colours for standard output, or none. */
  readonly style: Style;
  /** The same for standard error, which may be a file while standard output is a terminal. */
  readonly errorStyle: Style;
  /** The columns of standard output; null where it is no terminal. */
  readonly width: number | null;
  /** Takes a secret out of everything that is printed from now on. */
  hide(secret: Secret): void;
  /** The result, to standard output, as it is: text from outside is made visible by who renders it. */
  result(text: string): void;
  /**
   * A secret that is the command's own result, to standard output: as it is, or inside what `document` makes of it.
   * Nothing else prints a secret. Under GitHub Actions the log is told to mask it first; from then on it is hidden.
   */
  secretResult(secret: Secret, document?: (value: string) => string): void;
  /** What was rendered for a person, to standard error: on a terminal in lines that fit it. */
  rendered(text: string): void;
  /** What a person may want to know, to standard error. Its text may hold anything. */
  note(message: string): void;
  /** Errors for GitHub to show beside the lines of a file. Elsewhere nothing is printed. */
  annotate(annotations: readonly Annotation[]): void;
  /** A text for a file instead of a stream: every secret that is known is taken out. */
  redact(text: string): string;
  /** Whether a status line is shown at all. */
  hasStatus(): boolean;
  /** A line on a terminal that stands until the next one, or null; notes go above it. Elsewhere nothing is shown. */
  status(line: string | null): void;
  /** From now on notes are dropped, and there is no status line. */
  silenceNotes(): void;
}

export function createPrinter(io: Io): Printer {
  let quiet = false;
  let status: string | null = null;
  const hasStatus = () => io.stderr.isTTY && io.env["TERM"] !== "dumb" && !quiet;
  const redactor: Redactor = createRedactor();
  // From the first word on, whatever the command: no message may echo them.
  for (const credential of credentialsIn(io.env)) {
    redactor.add(credential);
  }
  const toError = (text: string) => io.stderr.write(redactor.redact(text));
  const errorWidth = (io.stderr.isTTY && io.stderr.columns) || null;
  return {
    style: createStyle(wantsColour({ env: io.env, isTTY: io.stdout.isTTY })),
    errorStyle: createStyle(wantsColour({ env: io.env, isTTY: io.stderr.isTTY })),
    width: io.stdout.isTTY ? io.stdout.columns : null,
    hide: (secret) => redactor.add(secret.reveal()),
    result: (text) => io.stdout.write(redactor.redact(text)),
    secretResult: (secret, document) => {
      const value = secret.reveal();
      if (io.env["GITHUB_ACTIONS"] === "true") {
        // On standard error, so that `$(…)` still yields the secret alone.
        io.stderr.write(`::add-mask::${value}\n`);
      }
      // A pipe into a secret store must hold nothing but the secret.
      io.stdout.write(document?.(value) ?? (io.stdout.isTTY ? `${value}\n` : value));
      redactor.add(value);
    },
    rendered: (text) => toError(fitting(text, errorWidth)),
    note: (message) => {
      if (!quiet) {
        const text = fitting(lines(message), errorWidth);
        toError(status === null ? `${text}\n` : `${CLEAR}${text}\n${status}`);
      }
    },
    annotate: (annotations) => {
      if (io.env["GITHUB_ACTIONS"] === "true") {
        toError(renderAnnotations(annotations.map((one) => inWorkspace(one, io))));
      }
    },
    redact: (text) => redactor.redact(text),
    hasStatus,
    status: (line) => {
      if (hasStatus()) {
        status = line === null ? null : cut(visible(line), (io.stderr.columns || 80) - 1);
        toError(`${CLEAR}${status ?? ""}`);
      }
    },
    silenceNotes: () => {
      quiet = true;
    },
  };
}

/** GitHub knows files by their path from the top of the repository, wherever the command runs. */
function inWorkspace(annotation: Annotation, { env, cwd }: Io): Annotation {
  const workspace = env["GITHUB_WORKSPACE"] ?? "";
  const { location } = annotation;
  if (workspace === "" || location === null) {
    return annotation;
  }
  const path = relative(workspace, resolve(cwd, location.file));
  const isOutside = isAbsolute(path) || path === ".." || path.startsWith(`..${sep}`);
  const file = isOutside ? location.file : path.split(sep).join("/");
  return { ...annotation, location: { ...location, file } };
}

/** To the beginning of the line, and nothing on it. */
const CLEAR = "\r\u001B[K";

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** A line of a file with its mark below it, and a command to copy: neither may be broken. */
const WHOLE = /^ +(?:[\d ]*\| |warren )/;

function fitting(text: string, width: number | null): string {
  return text
    .split("\n")
    .flatMap((line) => (WHOLE.test(line) ? [line] : wrap(line, width)))
    .join("\n");
}

/** Line by line, so that only the breaks that were meant are left. */
function lines(message: string): string {
  return message.split("\n").map(visible).join("\n");
}
