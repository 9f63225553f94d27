import type { Location } from "../engine/model/resource.ts";
import type { FindingDetail } from "../ingress/finding.ts";

/** What is said of files whether or not something is wrong with them. */
export interface Advice {
  /** What is legal and useless, or dangerous. */
  readonly warnings: readonly Problem[];
  /** What is only worth knowing. */
  readonly notes: readonly Problem[];
}

/** A value, or everything that is wrong. */
export type Result<T> = Advice &
  ({ readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] });

/** How much weight a finding has: an error alone makes a file useless. */
export type Grade = "error" | "warning" | "note";

/** What stands in the file where something else was expected. */
export interface Found {
  readonly type: "text" | "number" | "boolean" | "nothing" | "list" | "mapping";
  /** As the user wrote it; null for what has no short text, and for what may be a secret. */
  readonly text: string | null;
}

/** What a YAML parser can dislike, told apart by what the user has to do. */
export type SyntaxReason =
  | "tab_indent"
  | "indent"
  | "unclosed_quote"
  | "unclosed_bracket"
  | "missing_colon"
  | "missing_comma"
  | "missing_space"
  | "nested_on_one_line"
  | "bad_escape"
  | "reserved_character"
  | "key_not_text"
  | "key_too_long"
  | "key_spans_lines"
  | "unknown_tag"
  | "anchor"
  | "unexpected";

/** Why a text cannot be the name of a tunnel. */
export type BadName = "empty" | "too_long" | "nul" | "lone_surrogate" | "uuid";

/** The code of a problem and its arguments. Nothing in here holds a secret. */
export type ProblemDetail =
  // The run as a whole
  | { readonly code: "too_many_problems"; readonly limit: number }
  | { readonly code: "too_many_entries"; readonly limit: number }
  // The file as a whole
  | { readonly code: "file_missing" }
  | { readonly code: "file_unreadable"; readonly why: string }
  | { readonly code: "file_too_large"; readonly limit: number }
  | { readonly code: "file_empty" }
  | { readonly code: "file_given_twice" }
  | { readonly code: "not_text"; readonly why: "nul" | "utf16" | "bad_utf8" }
  // YAML
  | { readonly code: "yaml_syntax"; readonly reason: SyntaxReason }
  | { readonly code: "yaml_directive" }
  | { readonly code: "several_documents" }
  | { readonly code: "too_deep"; readonly limit: number }
  | { readonly code: "too_many_values"; readonly limit: number }
  | { readonly code: "duplicate_key"; readonly key: string; readonly first: Location }
  | { readonly code: "merge_key" }
  | { readonly code: "unknown_anchor"; readonly anchor: string; readonly nearest: string | null }
  | { readonly code: "alias_cycle"; readonly anchor: string }
  | { readonly code: "alias_explosion"; readonly limit: number }
  | { readonly code: "inexact_number" }
  // The schema
  | {
      readonly code: "wrong_type";
      /** The key whose value it is; null for the file itself and for an item of a list. */
      readonly key: string | null;
      readonly expected: readonly string[];
      readonly found: Found;
      /** What is likely to have been meant. */
      readonly hint:
        | "begin_with_version"
        | "quote_it"
        | "unquote_it"
        | "names_are_keys"
        | "name_missing"
        | "write_braces"
        | "write_list"
        | "space_behind_colon"
        | null;
    }
  | {
      readonly code: "unknown_key";
      readonly key: string;
      /** The mapping's own key; null for the file itself. */
      readonly where: string | null;
      readonly known: readonly string[];
      readonly nearest: string | null;
      /** Other kinds that do take this key. */
      readonly belongs_to: readonly string[];
    }
  | { readonly code: "missing_key"; readonly key: string; readonly where: string | null }
  | {
      readonly code: "wrong_value";
      readonly key: string | null;
      readonly found: Found;
      readonly allowed: readonly string[];
      readonly nearest: string | null;
    }
  | {
      readonly code: "wrong_format";
      readonly key: string | null;
      readonly found: Found;
      /** The schema's title for what belongs there. */
      readonly expected: string;
    }
  | { readonly code: "bad_name"; readonly name: string; readonly why: BadName }
  | {
      readonly code: "literal_secret";
      readonly attribute: string;
      /** The reference to write instead. */
      readonly write: string;
    }
  | {
      readonly code: "bad_secret_reference";
      readonly attribute: string;
      readonly why:
        | "empty"
        | "both"
        | "unknown_key"
        | "env_name"
        | "file_path"
        | "file_literal"
        | "credential";
      readonly write: string;
    }
  // The account
  | { readonly code: "variable_unset"; readonly variable: string; readonly empty: boolean }
  | { readonly code: "variable_not_an_account_id"; readonly variable: string }
  | { readonly code: "account_id_conflict"; readonly first: Location }
  // Entries beside each other
  | {
      readonly code: "declared_twice";
      readonly kind: string;
      readonly name: string;
      readonly first: Location;
    }
  | { readonly code: "id_twice"; readonly id: string; readonly first: Location }
  | { readonly code: "default_network_twice"; readonly first: Location }
  | { readonly code: "renamed_from_twice"; readonly from: string; readonly first: Location }
  | { readonly code: "renamed_from_itself"; readonly name: string }
  | { readonly code: "renamed_from_declared"; readonly from: string; readonly declared: Location }
  | { readonly code: "rename_cycle_without_id"; readonly name: string; readonly names: readonly string[] }
  | { readonly code: "absent_with_attribute"; readonly attribute: string; readonly name: string }
  | { readonly code: "limit_conflict"; readonly limit: string; readonly first: Location }
  | { readonly code: "zone_id_conflict"; readonly zone: string; readonly first: Location }
  | { readonly code: "name_outside_prefix"; readonly name: string; readonly prefix: string }
  | {
      readonly code: "name_under_foreign_prefix";
      readonly name: string;
      readonly prefix: string;
      readonly prune: Location;
    }
  | {
      readonly code: "prefixes_overlap";
      readonly prefix: string;
      readonly other: string;
      readonly first: Location;
    }
  // A fleet
  | { readonly code: "fleet_empty" }
  | { readonly code: "account_without_files"; readonly account: string; readonly nearest: string | null }
  | { readonly code: "path_finds_nothing"; readonly path: string }
  | { readonly code: "account_folder_misnamed"; readonly folder: string }
  | { readonly code: "account_found_twice"; readonly account: string; readonly folders: readonly string[] }
  | { readonly code: "path_not_portable"; readonly path: string }
  | { readonly code: "account_id_missing"; readonly account: string }
  | { readonly code: "account_id_not_literal"; readonly account: string }
  | {
      readonly code: "account_id_twice";
      readonly account: string;
      readonly other: string;
      readonly first: Location;
    }
  // What hangs on a tunnel
  | { readonly code: "configuration_is_local"; readonly name: string; readonly key: string }
  | {
      readonly code: "bad_network";
      readonly network: string;
      readonly why: "no_network" | "no_length" | "host_bits";
      /** What was likely meant. */
      readonly write: string | null;
    }
  | {
      readonly code: "reserved_network";
      readonly network: string;
      readonly range: string;
      /** What Cloudflare uses it for. */
      readonly use: string;
    }
  | {
      readonly code: "bad_hostname_route";
      readonly hostname: string;
      readonly why: "empty" | "wildcard" | "too_long" | "no_name";
    }
  /** A word stands for what the entry does not write. */
  | { readonly code: "stands_for_nothing"; readonly word: string }
  | {
      readonly code: "bad_dns_name";
      readonly name: string;
      readonly why: "empty" | "wildcard" | "too_long" | "one_label" | "no_name";
    }
  /** The name lies in none of the zones that the files name. */
  | { readonly code: "dns_outside_zones"; readonly name: string; readonly zones: readonly string[] }
  | FindingDetail;

/** A piece of the user's line, short enough to print, what may be a secret already replaced. */
export interface Excerpt {
  readonly text: string;
  /** Where in `text` the problem begins, in UTF-16 units. */
  readonly caret: number;
  /** How much the caret should underline, at least 1. */
  readonly length: number;
  readonly cut_before: boolean;
  readonly cut_after: boolean;
}

/**
 * Something in the user's files that the user must mend: a code with its arguments, and the place it concerns.
 * `render/problem.ts` makes the sentence.
 */
export type Problem = ProblemDetail & {
  readonly location: Location;
  /** Null where no line would help: for a file that is missing, empty or no text. */
  readonly excerpt: Excerpt | null;
};

/** What is wrong with a file as a whole, such as one that could not be read. */
export function fileProblem(path: string, detail: ProblemDetail): Problem {
  return { ...detail, location: { file: shownPath(path), line: 1, column: 1 }, excerpt: null };
}

/** A file's path as messages show it. */
export function shownPath(path: string): string {
  return path === "-" ? "<stdin>" : path;
}
