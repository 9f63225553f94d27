import type { Match, Rule, WhyPassed } from "../../ingress/match.ts";
import { maskService } from "../../ingress/service.ts";
import { SETTING_KEYS } from "../../ingress/settings.ts";
import type { Location } from "../../engine/model/resource.ts";
import type { Explanation } from "../json/explain.ts";
import { explanationNotes } from "../problem/explain-notes.ts";
import { rule as ruleNumber } from "../problem/ingress-advice.ts";
import { type LiveAnswer, liveDifferenceWords } from "../problem/explain-live.ts";
import { plural } from "../words/plural.ts";
import { toText } from "../words/sentence.ts";
import { quoted, showName, visible } from "../visible.ts";
import type { Style } from "./style.ts";

/** For people: which rule serves a URL, how, and why those above it do not. Ends with a line feed. */
export function renderExplanation(explanation: Explanation, style: Style): string {
  const { url, tunnel, match, places, ingress, served, live } = explanation;
  const who = style.bold(showName(tunnel));
  const { rule, index } = match;
  const answer = served ? "served by" : "nothing serves it: the catch-all of";
  const { dns } = explanation;
  const lines = [
    visible(url),
    ...(dns === null
      ? []
      : [`  by the name ${showName(dns.name)} (${shownPlace(dns.source)}) to ${showName(dns.tunnel)}`]),
    `  ${answer} ${who}, ${ruleNumber(index)} (${shownPlace(places[index])}): ${style.bold(visible(maskService(rule.written)))}`,
    ...[...filterOf(rule), ...settingsOf(match)].map((line) => `    ${line}`),
  ];
  for (const { index, why } of match.passed) {
    const passed = ingress.rules[index];
    const filter = passed === undefined ? "" : filterOf(passed).join(", ");
    lines.push(`  passed over ${ruleNumber(index)} (${shownPlace(places[index])}): ${filter}: ${WHY[why]}`);
  }
  lines.push(...(live === null ? [] : liveLines(live, style)));
  lines.push(...explanationNotes(explanation).map(({ message }) => `  note: ${message}`));
  return `${lines.join("\n")}\n`;
}

/** What the account does, in a line, and a line for each difference. */
function liveLines({ version, match, connectors, differences }: LiveAnswer, style: Style): readonly string[] {
  const parts = [
    ...(version === null ? [] : [`version ${version}`]),
    ...(match === null
      ? []
      : [`${ruleNumber(match.index)}: ${style.bold(visible(maskService(match.rule.written)))}`]),
    ...(match === null ? [] : filterOf(match.rule)),
    plural(connectors.length, "connector"),
  ];
  return [
    `  in the account: ${parts.join(", ")}`,
    ...differences.map(
      (difference) => `    ${style.failed("differs:")} ${toText(liveDifferenceWords(difference))}`,
    ),
  ];
}

function filterOf({ hostname, path }: Rule): readonly string[] {
  return [
    ...(hostname === "" ? [] : [`hostname ${quoted(hostname)}`]),
    ...(path === "" ? [] : [`path ${quoted(path)}`]),
  ];
}

/** The settings that somebody wrote. */
function settingsOf({ settings }: Match): readonly string[] {
  return SETTING_KEYS.flatMap((key) => {
    const { value, from } = settings[key];
    const whose = from === "rule" ? "of the rule" : "of all rules";
    return from === "default" ? [] : [`${key}: ${visible(JSON.stringify(value))} (${whose})`];
  });
}

function shownPlace(location: Location | undefined): string {
  return location === undefined ? "?" : `${visible(location.file)}:${location.line}`;
}

const WHY: { readonly [why in WhyPassed]: string } = {
  hostname: "another host",
  hostname_case: "another host: it differs in case",
  final_dot: "another host: that of the request ends in a dot",
  apex_of_wildcard: "another host: a wildcard takes the names below, and not the name itself",
  punycode: "another host: one of them is in Punycode",
  path: "the path does not match",
  path_case: "the path does not match: it differs in case",
};
