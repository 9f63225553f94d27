import type { HostnameOddity, NoteDetail, WarningDetail } from "../../ingress/finding.ts";
import { quoted, visible } from "../visible.ts";

type AdviceDetail = WarningDetail | NoteDetail;

/** A rule by its number, as people and cloudflared count. */
export function rule(index: number): string {
  return `rule #${index + 1}`;
}

/** What is said of a file that is not wrong: a sentence for each code. */
export const ADVICE: {
  readonly [Code in AdviceDetail["code"]]: (detail: Extract<AdviceDetail, { code: Code }>) => string;
} = {
  name_not_served: ({ name }) =>
    `no rule serves ${quoted(name)}, so that requests for it get the catch-all's status; add a rule, or remove the name`,
  rule_never_reached: ({ by }) =>
    `no request reaches this rule: ${rule(by)} takes them all before; move it up, or remove it`,
  hostname_odd: ({ why, write }) => `${HOSTNAMES[why]}${write === null ? "" : `; write ${visible(write)}`}`,
  path_like_glob: ({ write }) =>
    `a path is a regular expression and no glob, and it is found anywhere in the path${write === null ? "; begin it with ^" : `; write ${visible(write)}`}`,
  path_control_character: () => "the path holds a control character, which no request does; remove it",
  service_without_port: ({ scheme }) =>
    `cloudflared knows no port for ${visible(scheme)}, so that nothing can be reached; write one behind the host`,
  service_odd_port: ({ port }) => `${visible(port || "an empty text")} is no port; write 1 to 65535`,
  service_odd_host: () => "the host of the service is no name and no address; check it",
  service_part_dropped: ({ part }) => `cloudflared drops the ${part} of a service; remove it`,
  service_with_user: () => "the service holds a user name in the open; it may be a token; remove it",
  service_odd_socket: ({ why }) =>
    why === "empty"
      ? "the path of the socket is empty, so that nothing can be reached; write one, as in unix:/run/app.sock"
      : "the path of the socket begins with two slashes; write one, as in unix:/run/app.sock",
  service_odd_status: ({ write }) => `the status is written oddly; write ${visible(write)}`,
  service_not_read: () => "with `bastionMode` the service is not read; write `bastion`",
  socks_proxy_denies_all: () =>
    "without `ipRules` in its own `originRequest`, a socks-proxy denies everything; write what it lets through",
  ip_rules_not_used: ({ why }) =>
    why === "global"
      ? "`ipRules` for all rules reach no socks-proxy; write them on the rule"
      : "`ipRules` are read for socks-proxy only, and mean nothing here; remove them",
  access_refuses_all: ({ missing }) =>
    `\`access\` is required and \`${missing}\` is missing, so that every request is refused; write it`,
  http2_without_https: () => "`http2Origin` needs a service that is https, and means nothing here",
  tls_not_verified: () =>
    "the certificate of the service is not checked, so that anybody in between may read and change the traffic; name its issuer with `caPool`, or its name with `originServerName`",
  server_name_wins: () => "`originServerName` counts before `matchSNItoHost`; remove one of them",
  header_with_line_break: () => "the header holds a line break, so that requests fail; remove it",
  odd_timeout: ({ why }) => `${TIMEOUTS[why]}; check it`,
  negative_count: () => "a negative count means nothing; check it",
  odd_proxy_port: () => "this is no port; write 1 to 65535",
  unknown_proxy_type: () => "`proxyType` knows `socks` alone; anything else means nothing",
  setting_not_in_api: ({ key }) =>
    `cloudflared reads \`${visible(key)}\`, and the API's own description does not have it: it may be dropped`,
  setting_ignored: ({ key }) => `cloudflared no longer reads \`${visible(key)}\`; remove it`,
  ca_pool_on_connector: () =>
    "the file must be there on every connector: one that lacks it refuses the whole configuration",
  path_is_no_access_control: ({ other }) =>
    `this rule and ${rule(other)} differ by path alone, which is no access control: \`..\` in a path is compared as it is sent; let the service itself decide who may do what`,
  many_rules: ({ count }) => `${count} rules are many; the API may refuse them`,
};

const HOSTNAMES: { readonly [why in HostnameOddity]: string } = {
  upper_case: "cloudflared compares case, and browsers send small letters",
  wildcard_upper_case: "a wildcard with capitals never matches what browsers send",
  wildcard_not_ascii: "a wildcard that is not in Punycode never matches what browsers send",
  wildcard_without_dot: "a `*` without a dot behind it stands for itself, and matches no name",
  final_dot: "a hostname that ends in a dot matches only requests that do, and browsers send none",
  empty_label: "a part of the hostname between two dots is empty, so that it matches no name",
  label_too_long: "a part of the hostname is longer than 63 characters, so that it matches no name",
  too_long: "the hostname is longer than 253 characters, so that it matches no name",
  white_space: "the hostname holds white space, so that it matches no name",
  address: "a hostname is a name, and this is an address: no request that Cloudflare passes on has it",
  bad_punycode: "the hostname is no good Punycode, so that it matches no name",
  not_a_name: "the hostname is no name that DNS could hold, so that it matches nothing",
};

const TIMEOUTS = {
  none: "0 is no time limit at all",
  negative: "a negative time means nothing",
  over_a_day: "this is more than a day, in seconds",
  overflows: "this is more than cloudflared can count",
} as const;
