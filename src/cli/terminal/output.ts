import type { Output } from "../io.ts";

/** A stream of the process. */
export interface ProcessOutput extends Output {
  /**
   * Resolves once all that was written has been taken, or cannot be: with the error that lost some of it, or null. A
   * reader that closes the pipe early (`head`, `grep -q`) loses nothing that it wants.
   */
  flushed(): Promise<NodeJS.ErrnoException | null>;
}

/**
 * A stream as `Io` has it, whose errors end no work: they are kept for the end. What is written after one is dropped.
 */
export function openOutput(stream: NodeJS.WriteStream): ProcessOutput {
  let failed: NodeJS.ErrnoException | null = null;
  const fail = (error: NodeJS.ErrnoException) => {
    failed ??= error;
  };
  stream.on("error", fail);
  return {
    write: (text) => {
      if (failed !== null) {
        return;
      }
      try {
        stream.write(text);
      } catch (error) {
        // To a file, Node writes at once, and some versions throw; such a stream never calls back any more.
        fail(error instanceof Error ? error : new Error(String(error)));
      }
    },
    // Node leaves it undefined, whatever the types say, where there is no terminal.
    isTTY: stream.isTTY ?? false,
    // 0 where the terminal does not know its size.
    columns: stream.columns || null,
    flushed: async () => {
      if (failed === null) {
        // Errors come a turn after the callbacks of what they lost.
        await new Promise<void>((resolve) => stream.write("", () => setImmediate(resolve)));
      }
      return failed?.code === "EPIPE" ? null : failed;
    },
  };
}
