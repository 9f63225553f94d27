import { HIDDEN } from "../base/secret.ts";

/** As long as a secret of 24 bytes is in base64. */
const MIN_RUN = 32;
const RUN = /[A-Za-z0-9+/_-]{32,}={0,2}/g;
const ID =
  /(?<![A-Za-z0-9+_-])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})(?![A-Za-z0-9+_-])/gi;

/**
 * Hides what may be a secret in text that the API wrote: every one of `known`, and, as a best effort, each long run
 * of base64 or base64url. Ids (a UUID, 32 hexadecimal digits) stay readable.
 */
export function mask(text: string, known: readonly string[]): string {
  let masked = text;
  for (const secret of known) {
    if (secret !== "") {
      masked = masked.replaceAll(secret, HIDDEN);
    }
  }
  return masked.replaceAll(RUN, maskRun);
}

/** An id in a path makes a long run of letters, digits and slashes: what lies between the ids is judged apart. */
function maskRun(run: string): string {
  let masked = "";
  let end = 0;
  for (const id of run.matchAll(ID)) {
    masked += maskPiece(run.slice(end, id.index)) + id[0];
    end = id.index + id[0].length;
  }
  return masked + maskPiece(run.slice(end));
}

function maskPiece(piece: string): string {
  return piece.length >= MIN_RUN ? HIDDEN : piece;
}
