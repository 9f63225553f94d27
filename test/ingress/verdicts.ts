import { readFileSync } from "node:fs";

/** What cloudflared itself said of configurations, requests and patterns. */
interface Verdicts {
  readonly configurations: readonly ConfigurationVerdict[];
  readonly sets: readonly RequestVerdicts[];
  readonly patterns: readonly PatternVerdict[];
}

interface ConfigurationVerdict {
  readonly name: string;
  /** The document; where its spelling matters, its text. */
  readonly config?: unknown;
  readonly json?: string;
  /** The same as config.yml writes it. */
  readonly yaml?: string;
  readonly valid: boolean;
  readonly error?: string;
  /** What somebody should be told of it: `ok`, `error`, or a warning. */
  readonly advice: string;
}

interface RequestVerdicts {
  readonly set: string;
  readonly rules: readonly object[];
  readonly requests: readonly {
    readonly url?: string;
    readonly hostname: string;
    readonly path: string;
    /** The rule that serves it, from 0. */
    readonly rule: number;
  }[];
}

interface PatternVerdict {
  readonly pattern: string;
  readonly subject: string;
  readonly go: boolean | "error";
  readonly go_error?: string;
}

/** A table of verdicts, by its name. */
export function verdicts<Table extends keyof Verdicts>(file: string, table: Table): Verdicts[Table] {
  const text = readFileSync(new URL(`verdicts/${file}.json`, import.meta.url), "utf8");
  return (JSON.parse(text) as Verdicts)[table];
}
