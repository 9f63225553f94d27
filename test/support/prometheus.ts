/** A sample of Prometheus' text format. */
export interface Sample {
  readonly name: string;
  readonly labels: { readonly [label: string]: string };
  readonly value: number;
}

/**
 * Reads text for Prometheus as `promtool check metrics` does, and throws where that would complain: each family has one
 * HELP and one TYPE, in that order and before its samples, which stand together; no series twice; no line without its end.
 */
export function readMetrics(text: string): readonly Sample[] {
  if (!text.endsWith("\n")) {
    throw new Error("no line feed at the end");
  }
  const helped = new Set<string>();
  const typed = new Set<string>();
  const series = new Set<string>();
  const samples: Sample[] = [];
  let family = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const [, comment, named = "", rest = ""] = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/.exec(line) ?? [];
    if (comment === "HELP") {
      once(helped, named, "HELP");
      family = named;
    } else if (comment === "TYPE") {
      once(typed, named, "TYPE");
      if (named !== family || !helped.has(named) || !["gauge", "counter"].includes(rest)) {
        throw new Error(`TYPE out of place: ${line}`);
      }
    } else {
      const sample = readSample(line);
      if (sample.name !== family || !typed.has(family)) {
        throw new Error(`a sample out of place: ${line}`);
      }
      once(
        series,
        `${sample.name} ${JSON.stringify(Object.entries(sample.labels).map(String).sort())}`,
        "series",
      );
      samples.push(sample);
    }
  }
  return samples;
}

function readSample(line: string): Sample {
  const [, name = "", pairs = "", value = ""] =
    /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (\d+)$/.exec(line) ?? [];
  if (name === "") {
    throw new Error(`no sample: ${line}`);
  }
  const found = [...pairs.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)];
  const labels = found.map(([, label = "", text = ""]) => [
    label,
    text.replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped)),
  ]);
  return { name, labels: Object.fromEntries(labels) as Sample["labels"], value: Number(value) };
}

function once(seen: Set<string>, text: string, what: string): void {
  if (seen.has(text)) {
    throw new Error(`${what} twice: ${text}`);
  }
  seen.add(text);
}
