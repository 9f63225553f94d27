/** Where in the document: keys and positions from the top, as `["ingress", 2, "originRequest", "connectTimeout"]`. */
export type Path = readonly (string | number)[];

/** What a value is, in the words of YAML. */
export type ValueType = "text" | "number" | "boolean" | "nothing" | "list" | "mapping";

/** Why Go's `net/url` does not parse a text. */
export type UrlProblem =
  | "control_character"
  | "nothing_before_colon"
  | "colon_before_slash"
  | "bad_escape"
  | "bad_user_info"
  | "bad_brackets"
  | "bad_port"
  | "bad_host_character";

/** Why Go's `regexp` does not compile a pattern. */
export type PatternProblem =
  | "nothing_to_repeat"
  | "repeated_twice"
  | "perl_syntax"
  | "bad_escape"
  | "bad_repeat_count"
  | "unclosed_bracket"
  | "unclosed_parenthesis"
  | "unopened_parenthesis"
  | "bad_range"
  | "bad_group_name"
  | "same_group_name"
  | "trailing_backslash"
  | "too_large"
  | "other";

/** What is odd about a hostname that cloudflared accepts. */
export type HostnameOddity =
  | "upper_case"
  | "wildcard_upper_case"
  | "wildcard_not_ascii"
  | "wildcard_without_dot"
  | "final_dot"
  | "empty_label"
  | "label_too_long"
  | "too_long"
  | "white_space"
  | "address"
  | "bad_punycode"
  | "not_a_name";

/** What makes cloudflared refuse the whole configuration. */
export type RejectionDetail =
  // The document
  | {
      readonly code: "ingress_wrong_type";
      readonly expected: "text" | "true_or_false" | "whole_number" | "seconds" | "list" | "mapping";
      readonly found: ValueType;
      /** What was likely meant, as JSON; null where nobody can know. */
      readonly write: string | null;
    }
  | { readonly code: "number_out_of_range"; readonly least: string; readonly most: string }
  | {
      readonly code: "bad_duration";
      readonly why: "no_unit" | "with_unit" | "not_whole_seconds" | "not_a_duration";
      /** What to write instead; null where nobody can know. */
      readonly write: number | null;
    }
  // The service of a rule
  | { readonly code: "service_missing" }
  | { readonly code: "service_bad_url"; readonly why: UrlProblem }
  | { readonly code: "service_without_scheme"; readonly write: string | null }
  | { readonly code: "service_without_host" }
  | { readonly code: "service_with_path"; readonly write: string }
  | { readonly code: "service_bad_status" }
  | { readonly code: "ip_rule_bad_prefix"; readonly why: "missing" | "no_mask" | "not_a_network" }
  | { readonly code: "ip_rule_bad_port"; readonly port: number }
  // Its other keys
  | { readonly code: "access_without_team" }
  | { readonly code: "hostname_with_port"; readonly write: string | null }
  | { readonly code: "hostname_bad_wildcard" }
  | { readonly code: "path_bad_pattern"; readonly why: PatternProblem; readonly at: string | null }
  // Its place
  | { readonly code: "last_rule_not_catch_all" }
  | { readonly code: "catch_all_not_last"; readonly after: number };

/** What cloudflared accepts, and a file may not hold: it cannot be meant. */
export type RefusalDetail =
  | {
      readonly code: "ingress_unknown_key";
      readonly key: string;
      readonly known: readonly string[];
      readonly nearest: string | null;
    }
  | { readonly code: "ingress_empty" }
  | { readonly code: "access_not_enforced" }
  | { readonly code: "service_with_password" }
  // The tests that a file holds
  | { readonly code: "test_bad_url"; readonly why: UrlProblem | "no_scheme" | "no_host" }
  | {
      readonly code: "test_other_service";
      /** What serves the URL, masked; null where there are no rules. */
      readonly service: string | null;
      /** Its rule, from 0. */
      readonly rule: number | null;
    };

/** What is legal and useless, or dangerous. */
export type WarningDetail =
  | { readonly code: "name_not_served"; readonly name: string }
  | { readonly code: "rule_never_reached"; readonly by: number }
  | { readonly code: "hostname_odd"; readonly why: HostnameOddity; readonly write: string | null }
  | { readonly code: "path_like_glob"; readonly write: string | null }
  | { readonly code: "path_control_character" }
  | { readonly code: "service_without_port"; readonly scheme: string }
  | { readonly code: "service_odd_port"; readonly port: string }
  | { readonly code: "service_odd_host" }
  | { readonly code: "service_part_dropped"; readonly part: "query" | "fragment" }
  | { readonly code: "service_with_user" }
  | { readonly code: "service_odd_socket"; readonly why: "empty" | "two_slashes" }
  | { readonly code: "service_odd_status"; readonly write: string }
  | { readonly code: "service_not_read" }
  | { readonly code: "socks_proxy_denies_all" }
  | { readonly code: "ip_rules_not_used"; readonly why: "global" | "other_service" }
  | { readonly code: "access_refuses_all"; readonly missing: "teamName" | "audTag" }
  | { readonly code: "http2_without_https" }
  | { readonly code: "tls_not_verified" }
  | { readonly code: "server_name_wins" }
  | { readonly code: "header_with_line_break" }
  | { readonly code: "odd_timeout"; readonly why: "none" | "negative" | "over_a_day" | "overflows" }
  | { readonly code: "negative_count" }
  | { readonly code: "odd_proxy_port" }
  | { readonly code: "unknown_proxy_type" }
  | { readonly code: "setting_not_in_api"; readonly key: string }
  | { readonly code: "setting_ignored"; readonly key: string };

/** What is only worth knowing. */
export type NoteDetail =
  | { readonly code: "ca_pool_on_connector" }
  | { readonly code: "path_is_no_access_control"; readonly other: number }
  | { readonly code: "many_rules"; readonly count: number };

/** What may be said of a configuration: a code with its arguments. Nothing in here holds a password. */
export type FindingDetail = RejectionDetail | RefusalDetail | WarningDetail | NoteDetail;

/**
 * A detail, and what it is about. The path may lead to what is not written (a service that is missing): its place is
 * then that of the nearest value above it that is.
 */
export type Finding<Detail extends FindingDetail = FindingDetail> = Detail & { readonly path: Path };

/** All that may be said of a configuration, each list in the order in which cloudflared comes upon it. */
export interface Findings {
  /** What neither cloudflared nor a file accepts, or a file alone does not. */
  readonly errors: readonly Finding<RejectionDetail | RefusalDetail>[];
  readonly warnings: readonly Finding<WarningDetail>[];
  readonly notes: readonly Finding<NoteDetail>[];
}

/** Gathers findings. Of what cannot be read, and of what is in it, nothing else is said. */
export class Collector implements Findings {
  readonly errors: Finding<RejectionDetail | RefusalDetail>[] = [];
  readonly warnings: Finding<WarningDetail>[] = [];
  readonly notes: Finding<NoteDetail>[] = [];
  readonly #unreadable = new Set<string>();
  #rejected = false;

  /** Whether cloudflared refuses the configuration. */
  get rejected(): boolean {
    return this.#rejected;
  }

  /** cloudflared refuses the configuration, for it cannot read this value. */
  rejectUnreadable(path: Path, detail: RejectionDetail): void {
    this.reject(path, detail);
    this.#unreadable.add(keyOf(path));
  }

  /** cloudflared refuses the configuration. */
  reject(path: Path, detail: RejectionDetail): void {
    this.#rejected = true;
    if (this.isReadable(path)) {
      this.errors.push({ ...detail, path });
    }
  }

  /** cloudflared accepts it, and a file may not hold it. */
  refuse(path: Path, detail: RefusalDetail): void {
    if (this.isReadable(path)) {
      this.errors.push({ ...detail, path });
    }
  }

  warn(path: Path, detail: WarningDetail): void {
    this.warnings.push({ ...detail, path });
  }

  note(path: Path, detail: NoteDetail): void {
    this.notes.push({ ...detail, path });
  }

  /** Whether this value, and all that it is in, could be read. */
  isReadable(path: Path): boolean {
    const unreadable = this.#unreadable;
    return unreadable.size === 0 || !path.some((_, at) => unreadable.has(keyOf(path.slice(0, at + 1))));
  }
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}
