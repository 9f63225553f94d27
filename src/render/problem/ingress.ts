import type { FindingDetail, PatternProblem, RejectionDetail, UrlProblem } from "../../ingress/finding.ts";
import { ADVICE, rule } from "./ingress-advice.ts";
import type { ProblemDetail } from "../../config/problem.ts";
import { quoted, visible } from "../visible.ts";

/** Whether it is about a configuration. */
export function isFinding(detail: ProblemDetail): detail is FindingDetail {
  return Object.hasOwn(MESSAGES, detail.code);
}

/** What there is to say of a configuration, in a sentence that says what to write. */
export function ingressMessage(detail: FindingDetail): string {
  const message: (detail: never) => string = MESSAGES[detail.code];
  // The table holds for each code a function of that code's own detail.
  return message(detail as never);
}

/** Why a URL cannot be asked for, to stand after a colon. */
export function requestProblem(why: keyof typeof REQUEST_PROBLEMS): string {
  return REQUEST_PROBLEMS[why];
}

function write(what: string | number | null): string {
  return what === null ? "" : `; write ${visible(String(what))}`;
}

function piece({ at }: Extract<RejectionDetail, { code: "path_bad_pattern" }>): string {
  return at === null || at === "" ? "" : ` (at ${quoted(at)})`;
}

const FOUND = {
  text: "text",
  number: "a number",
  boolean: "true or false",
  nothing: "empty",
  list: "a list",
  mapping: "a mapping",
} as const;

const EXPECTED = {
  text: "text",
  true_or_false: "true or false",
  whole_number: "a whole number",
  seconds: "whole seconds, such as 30 or 30s",
  list: "a list",
  mapping: "a mapping",
} as const;

const BAD_DURATION = {
  no_unit: "a text without a unit is no time",
  with_unit: "the API takes a number here",
  not_whole_seconds: "the API knows no parts of a second",
  not_a_duration: "this is no time",
} as const;

const BAD_PREFIX = {
  missing: "the item has no `prefix`",
  no_mask: "the prefix has no mask",
  not_a_network: "the prefix is no network",
} as const;

const URL_PROBLEMS: { readonly [why in UrlProblem]: string } = {
  control_character: "it holds a control character",
  nothing_before_colon: "nothing stands before its colon",
  colon_before_slash: "it begins as no scheme may; write one before it, as in http://127.0.0.1:80",
  bad_escape: "a % in it begins no escape",
  bad_user_info: "what stands before the @ holds a character that it may not",
  bad_brackets: "only an IPv6 address stands in [ ]",
  bad_port: "its port is no number",
  bad_host_character: "its host holds a character that it may not",
};

const REQUEST_PROBLEMS = {
  ...URL_PROBLEMS,
  no_scheme: "it has no scheme; expected one such as https://app.example.com/",
  no_host: "it has no host; expected one such as https://app.example.com/",
} as const;

const PATTERN_PROBLEMS: { readonly [why in PatternProblem]: string } = {
  nothing_to_repeat: "nothing stands before a repetition (`*`, `+`, `?`); for any text write `.*`",
  repeated_twice: "a repetition is repeated; for any text write `.*`",
  perl_syntax: "it uses syntax that RE2 has not, such as look-around",
  bad_escape: "it holds an escape that RE2 does not know",
  bad_repeat_count: "a count of repetitions is over 1,000, or the wrong way round",
  unclosed_bracket: "a [ is not closed",
  unclosed_parenthesis: "a ( is not closed",
  unopened_parenthesis: "a ) was not opened",
  bad_range: "a range of characters is the wrong way round, or of no class",
  bad_group_name: "the name of a group is none",
  same_group_name: "two groups have the same name",
  trailing_backslash: "it ends in a backslash",
  too_large: "it is too large",
  other: "it cannot be compiled",
};

/** One function for each code. */
const MESSAGES: {
  readonly [Code in FindingDetail["code"]]: (detail: Extract<FindingDetail, { code: Code }>) => string;
} = {
  ...ADVICE,
  ingress_wrong_type: (detail) =>
    `this is ${FOUND[detail.found]}; expected ${EXPECTED[detail.expected]}${write(detail.write)}`,
  number_out_of_range: (detail) => `the number is out of range; expected ${detail.least} to ${detail.most}`,
  bad_duration: (detail) =>
    `${BAD_DURATION[detail.why]}; expected whole seconds, such as 30, 30s or 1m30s${write(detail.write)}`,
  service_missing: () =>
    "the rule has no `service`; expected a URL such as http://localhost:8080, http_status:404, or another service",
  service_bad_url: (detail) => `the service is no URL: ${URL_PROBLEMS[detail.why]}`,
  service_without_scheme: (detail) =>
    `the service has no scheme; expected one such as http://localhost:8080${write(detail.write)}`,
  service_without_host: () => "the service has no host; expected one such as http://localhost:8080",
  service_with_path: (detail) =>
    `a service has no path, not even /: cloudflared keeps the path of the request${write(detail.write)}`,
  service_bad_status: () =>
    "the status is none; expected a whole number from 100 to 999, such as http_status:404",
  ip_rule_bad_prefix: (detail) => `${BAD_PREFIX[detail.why]}; expected CIDR such as 10.0.0.0/8`,
  ip_rule_bad_port: (detail) => `${detail.port} is no port; expected 1 to 65535`,
  access_without_team: () =>
    "`audTag` is written without `teamName`; write the name of the Access team (NAME.cloudflareaccess.com)",
  hostname_with_port: (detail) => `a hostname has no scheme and no port${write(detail.write)}`,
  hostname_bad_wildcard: () =>
    "a `*` may stand at the beginning alone, as in *.example.com, which takes every name below it",
  path_bad_pattern: (detail) =>
    `the path is no regular expression (RE2): ${PATTERN_PROBLEMS[detail.why]}${piece(detail)}`,
  last_rule_not_catch_all: () =>
    "the last rule must take every request, without hostname and path; add one such as `- service: http_status:404` behind it",
  catch_all_not_last: (detail) =>
    `this rule takes every request, so that ${detail.after === 1 ? "the one" : `the ${detail.after}`} below it would never be reached; give it a hostname or path, or move it to the end`,
  ingress_unknown_key: (detail) =>
    detail.nearest === null
      ? `unknown key ${quoted(detail.key)}, which cloudflared would ignore in silence; expected one of ${detail.known.join(", ")}`
      : `unknown key ${quoted(detail.key)}, which cloudflared would ignore in silence; did you mean ${quoted(detail.nearest)}?`,
  ingress_empty: () =>
    "`ingress` has no rules, so that every request would get 503; write at least `- service: http_status:404`, or remove the key to leave the rules alone",
  access_not_enforced: () =>
    "`access` is not enforced when it is written for all rules: requests without a token would pass; write it on each rule",
  service_with_password: () =>
    "the service holds a user name and a password in the open, for everybody who may read the file; let the service ask for none, or put them into a proxy beside it",
  test_bad_url: (detail) => `the URL of the test cannot be asked for: ${REQUEST_PROBLEMS[detail.why]}`,
  test_other_service: (detail) =>
    detail.service === null || detail.rule === null
      ? "the test fails: the tunnel has no rules, so that it answers 503"
      : `the test fails: ${rule(detail.rule)} serves the URL, with ${quoted(detail.service)}`,
};
