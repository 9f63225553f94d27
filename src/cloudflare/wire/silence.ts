/** Keeps in mind how long no request of a client has had an answer. Times in milliseconds. */
export interface Silence {
  /** To be told of each attempt as it ends, and when it began; `answered`: whether any answer came. */
  ended(attempt: { readonly answered: boolean; readonly began: number; readonly now: number }): void;
  /** Whether nothing has been answered for so long that the other side is surely out of reach. */
  isLong(): boolean;
}

/** A network that comes back after a moment, or one slow answer, is no silence. */
const FEWEST_ATTEMPTS = 3;
const SHORTEST = 60_000;

export function createSilence(): Silence {
  let unanswered = 0;
  let began = 0;
  let until = 0;
  return {
    ended: (attempt) => {
      if (attempt.answered) {
        unanswered = 0;
        return;
      }
      began = unanswered === 0 ? attempt.began : Math.min(began, attempt.began);
      until = attempt.now;
      unanswered += 1;
    },
    isLong: () => unanswered >= FEWEST_ATTEMPTS && until - began >= SHORTEST,
  };
}
