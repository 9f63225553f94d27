import { closeSync, constants, openSync, statSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { visible } from "../../render/visible.ts";
import type { Io } from "../io.ts";
import { Interrupted } from "../user-error.ts";

const CHUNK = 65_536;
/** Milliseconds. */
const RELEASE_INTERVAL = 20;

/**
 * The bytes of a file, or of one with more than `most` its first `most` and at least one more. Throws `Interrupted` as
 * soon as the run is stopped, also where it waits for somebody to write into a named pipe.
 */
export async function readBytes(
  path: string,
  most: number,
  { stop, reading = (_, work) => work }: Pick<Io, "stop" | "reading">,
): Promise<Uint8Array> {
  if (stop.aborted) {
    throw new Interrupted();
  }
  let releasing: NodeJS.Timeout | undefined;
  const release = () => {
    releasePipe(path);
    // Until it has helped: it comes to nothing where the pipe is about to be opened.
    releasing = setInterval(() => releasePipe(path), RELEASE_INTERVAL);
  };
  stop.addEventListener("abort", release);
  const read = async () => {
    try {
      const bytes = await readStart(path, most, stop);
      if (stop.aborted) {
        throw new Interrupted();
      }
      return bytes;
    } finally {
      stop.removeEventListener("abort", release);
      clearInterval(releasing);
    }
  };
  return reading(`Reading ${visible(basename(path))}`, read());
}

async function readStart(path: string, most: number, stop: AbortSignal): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    while (size <= most && !stop.aborted) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, null);
      if (bytesRead === 0) {
        break;
      }
      chunks.push(buffer.subarray(0, bytesRead));
      size += bytesRead;
    }
    return Buffer.concat(chunks, size);
  } finally {
    await file.close();
  }
}

/**
 * To open a named pipe, or to read from it, takes a writer, and until one comes the process cannot even exit. So one
 * comes, writes a byte that nobody looks at any more, and goes.
 */
function releasePipe(path: string): void {
  try {
    if (statSync(path).isFIFO()) {
      const pipe = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      try {
        writeSync(pipe, "\n");
      } finally {
        closeSync(pipe);
      }
    }
  } catch {
    // Nobody waits for this pipe, or it is none.
  }
}
