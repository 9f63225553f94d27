import type { Found, ProblemDetail } from "../../config/problem.ts";
import type { Location } from "../../engine/model/resource.ts";
import type { FindingDetail } from "../../ingress/finding.ts";
import { ingressMessage, isFinding } from "./ingress.ts";
import { badNameMessage, syntaxMessage } from "./reason.ts";
import { quoted as quotedWhole, visible } from "../visible.ts";

/** One sentence: what was found, what was expected, and what to do. */
export function messageOf(problem: ProblemDetail): string {
  return isFinding(problem) ? ingressMessage(problem) : fileMessage(problem);
}

function fileMessage(problem: Exclude<ProblemDetail, FindingDetail>): string {
  switch (problem.code) {
    case "too_many_problems":
      return `more than ${problem.limit} problems; those from here on are not listed`;
    case "too_many_entries":
      return `more than ${problem.limit} entries, the most that one run takes; give fewer files, or split the file`;
    case "file_missing":
      return "there is no such file";
    case "file_unreadable":
      return `the file cannot be read: ${visible(problem.why)}`;
    case "file_too_large":
      return `the file is over ${problem.limit / 1_000_000} MB, the most that is read; split it into several files`;
    case "file_empty":
      return "the file is empty; a file begins with `version: 1`";
    case "file_given_twice":
      return "the file is given twice; leave one out";
    case "not_text":
      return NOT_TEXT[problem.why];
    case "yaml_syntax":
      return syntaxMessage(problem.reason);
    case "yaml_directive":
      return "a line that begins with % is a YAML directive, and none is accepted; remove it";
    case "several_documents":
      return "a second YAML document begins here; put it into a file of its own";
    case "too_deep":
      return `nested more than ${problem.limit} levels deep; a file needs no more than five`;
    case "too_many_values":
      return `more than ${problem.limit} values, the most that one file may hold; split it into several files`;
    case "duplicate_key":
      return `${quoted(problem.key)} is written twice; the first is at ${shownPlace(problem.first)}`;
    case "merge_key":
      return "merge keys (<<) are not read; write the keys out, or use an alias for the whole value (web: *base)";
    case "unknown_anchor":
      return `no anchor &${visible(problem.anchor)} stands before this alias${instead(problem.nearest)}`;
    case "alias_cycle":
      return `the alias *${visible(problem.anchor)} stands inside what it refers to, so it has no end`;
    case "alias_explosion":
      return `aliases of aliases stand for more than ${problem.limit} values; write them out`;
    case "inexact_number":
      return "this number cannot be kept exactly; if it is text, put it in quotes";
    case "wrong_type":
      return `${at(problem.key, "this")} is ${foundText(problem.found)}; expected ${problem.expected.join(" or ")}${hintText(problem)}`;
    case "unknown_key":
      return unknownKeyMessage(problem);
    case "missing_key":
      return problem.key === "version"
        ? "`version` is missing; a file begins with `version: 1`"
        : `${quoted(problem.key)} is missing in ${at(problem.where, "the file")}`;
    case "wrong_value":
      return `${at(problem.key, "this")} is ${foundText(problem.found)}; expected ${problem.allowed.join(" or ")}${unquote(problem)}${instead(problem.nearest)}`;
    case "wrong_format":
      return `${at(problem.key, "this")} is ${foundText(problem.found)}; expected ${problem.expected}`;
    case "bad_name":
      return badNameMessage(problem.why, quoted(problem.name));
    case "literal_secret":
      return `a secret may not stand in the file; write where to read it: ${visible(problem.write)} (or { file: path })`;
    case "bad_secret_reference":
      return `${BAD_REFERENCE[problem.why]}; write ${visible(problem.write)} (or { file: path })`;
    case "variable_unset":
      return `the environment variable in \${${problem.variable}} is ${problem.empty ? "empty" : "not set"}`;
    case "variable_not_an_account_id":
      return `the value of \${${problem.variable}} is no account id; expected 32 hexadecimal digits`;
    case "account_id_conflict":
      return `this is another account than at ${shownPlace(problem.first)}; the files of one run belong to one account`;
    case "declared_twice":
      return `${problem.kind} ${quoted(problem.name)} is declared twice; the first is at ${shownPlace(problem.first)}`;
    case "id_twice":
      return `the id ${problem.id} is used twice; the first is at ${shownPlace(problem.first)}`;
    case "default_network_twice":
      return `two virtual networks are to be the default; the first is at ${shownPlace(problem.first)}, and an account has one`;
    case "renamed_from_twice":
      return `two entries are renamed from ${quoted(problem.from)}; the first is at ${shownPlace(problem.first)}`;
    case "renamed_from_itself":
      return `${quoted(problem.name)} is renamed from itself; write the old name, or remove renamed_from`;
    case "renamed_from_declared":
      return `${quoted(problem.from)} is declared as well, at ${shownPlace(problem.declared)}, without a renamed_from of its own; remove that entry, or give it one`;
    case "rename_cycle_without_id":
      return `${listed(problem.names)} take each other's names, and ${quoted(problem.name)} has no id; give each of them its \`id\``;
    case "absent_with_attribute":
      return `${quoted(problem.name)} is to be absent, so ${quoted(problem.attribute)} means nothing; an absent entry takes only \`id\` beside \`state\``;
    case "limit_conflict":
      return `${quoted(problem.limit)} differs from the one at ${shownPlace(problem.first)}; write it in one file, or the same in both`;
    case "zone_id_conflict":
      return `the id of ${quoted(problem.zone)} differs from the one at ${shownPlace(problem.first)}; a zone has one id`;
    case "name_outside_prefix":
      return `${quoted(problem.name)} does not begin with ${quoted(problem.prefix)}, the prefix that this file prunes; move it to another file, or rename it`;
    case "name_under_foreign_prefix":
      return `${quoted(problem.name)} begins with ${quoted(problem.prefix)}, which is pruned by ${shownPlace(problem.prune)}; move it to that file, or rename it`;
    case "prefixes_overlap":
      return `the prefix ${quoted(problem.prefix)} overlaps ${quoted(problem.other)} at ${shownPlace(problem.first)}; no name may be under two`;
    case "fleet_empty":
      return "the fleet has no account; write `discover: accounts/*/tunnels.yaml`, or accounts with their files";
    case "account_without_files":
      return `${quoted(problem.account)} has no files, and is not among those that are discovered; write its \`files\`${instead(problem.nearest)}`;
    case "path_finds_nothing":
      return `${quoted(problem.path)} leads to no .yaml or .yml file; a path begins at the folder of this file`;
    case "account_folder_misnamed":
      return `${quoted(problem.folder)} is found, and a folder's name is its account's: 1 to 63 of a-z, 0-9 and -; rename it`;
    case "account_found_twice":
      return `two folders are found for ${quoted(problem.account)}: ${listed(problem.folders)}; rename one`;
    case "path_not_portable":
      return `${quoted(problem.path)} is found, and a CI would take a part of it for its own ($, {{, a control character); rename it`;
    case "account_id_missing":
      return `no file of the account ${quoted(problem.account)} has an \`account_id\`; in a fleet one of them says it, written out`;
    case "account_id_not_literal":
      return `the account ${quoted(problem.account)} is in a fleet, so \`account_id\` is written out: 32 hexadecimal digits, in quotes where they could be a number`;
    case "account_id_twice":
      return `this is the account of ${quoted(problem.other)} as well, at ${shownPlace(problem.first)}; two of a fleet would overwrite each other`;
    case "configuration_is_local":
      return `${quoted(problem.key)} is written, and \`config_src\` is local: then connectors read a file beside cloudflared and no rules of the API's; write \`config_src: cloudflare\`, or remove ${quoted(problem.key)}`;
    case "bad_network":
      return `${quoted(problem.network)} ${BAD_NETWORK[problem.why]}${problem.write === null ? "; write an address, a slash and a length, such as 10.1.0.0/16 or fd00:1::/64" : `; write ${visible(problem.write)}`}`;
    case "reserved_network":
      return `${quoted(problem.network)} lies in ${problem.range}, which Cloudflare uses for ${problem.use}; a route there takes that traffic away, while a wider one does no harm`;
    case "bad_hostname_route":
      return `${quoted(problem.hostname)} ${BAD_HOSTNAME[problem.why]}`;
    case "stands_for_nothing":
      return `${quoted(problem.word)} stands for every hostname of this entry's rules, and it writes no \`${problem.word}\`; write the rules here, or the names themselves`;
    case "bad_dns_name":
      return `${quoted(problem.name)} ${BAD_DNS_NAME[problem.why]}`;
    case "dns_outside_zones":
      return `${quoted(problem.name)} lies in none of the zones that \`zones\` names: ${problem.zones.map(quoted).join(", ")}`;
  }
}

const BAD_DNS_NAME = {
  empty: "names nothing",
  wildcard: "has a star inside: only the whole first label may be one, as in *.example.com",
  too_long: "is too long: a name in DNS has at most 253 characters",
  one_label: "is not whole: write it with its zone, as in app.example.com",
  no_name: "is no name in DNS; write the name alone, without a scheme, port or path",
} as const;

const BAD_NETWORK = {
  no_network: "is no network",
  no_length: "has no length",
  host_bits: "has bits set beyond its length",
} as const;

const BAD_HOSTNAME = {
  empty: "names no host",
  wildcard: "has a star inside: only the whole first label may be one, as in *.lab.internal",
  too_long: "is too long: a hostname has fewer than 255 characters",
  no_name: "is no hostname; write the name alone, without a scheme, port or path",
} as const;

const NOT_TEXT = {
  nul: "the file holds a NUL character, so it is no text; expected YAML in UTF-8",
  utf16: "the file is UTF-16; save it as UTF-8",
  bad_utf8: "the file is not UTF-8 from here on; save it as UTF-8",
} as const;

const BAD_REFERENCE = {
  empty: "the reference to the secret is empty",
  both: "a secret comes from one place, `env` or `file`, not both",
  unknown_key: "a reference to a secret has one key, `env` or `file`",
  env_name: "`env` takes the name of an environment variable, not the secret itself",
  file_path: "`file` takes the path of a file",
  file_literal:
    "`file` takes the path of a file, and this looks like the secret itself (a path that looks so begins with ./)",
  credential: "`env` names a credential of the account's or the CI's own, which is never sent as a secret",
} as const;

const LONGEST = 80;

/** A text of the user's in quotes, cut to what a sentence can hold. */
function quoted(text: string): string {
  const characters = Array.from(text.slice(0, 2 * LONGEST + 2));
  return quotedWhole(characters.length <= LONGEST ? text : `${characters.slice(0, LONGEST).join("")}…`);
}

function shownPlace({ file, line, column }: Location): string {
  return `${visible(file)}:${line}:${column}`;
}

function at(key: string | null, otherwise: string): string {
  return key === null ? otherwise : quoted(key);
}

function instead(nearest: string | null): string {
  return nearest === null ? "" : `; did you mean ${quoted(nearest)}?`;
}

const LISTED = 5;

function listed(names: readonly string[]): string {
  const more = names.length - LISTED;
  // A cycle may hold any number of names, and each of its problems lists them.
  const shown = names.slice(0, LISTED).map(quoted);
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(" and ");
}

function foundText({ type, text }: Found): string {
  switch (type) {
    case "text":
      return text === null ? "text" : `the text ${quoted(text)}`;
    case "number":
      return text === null ? "a number" : `the number ${text}`;
    case "boolean":
      return text === null ? "true or false" : `the value ${text}`;
    case "nothing":
      return "empty";
    case "list":
      return "a list";
    case "mapping":
      return "a mapping";
  }
}

function unquote({ found, allowed }: Extract<ProblemDetail, { code: "wrong_value" }>): string {
  return found.type === "text" && allowed.includes(found.text ?? "") ? "; remove the quotes" : "";
}

function hintText({ hint, key, found }: Extract<ProblemDetail, { code: "wrong_type" }>): string {
  switch (hint) {
    case "begin_with_version":
      return "; a file begins with `version: 1`";
    case "quote_it":
      return found.text === null ? "; put it in quotes" : `; put it in quotes: ${quoted(found.text)}`;
    case "unquote_it":
      return "; remove the quotes";
    case "names_are_keys":
      return "; names are keys: `web:` instead of `- name: web`";
    case "name_missing":
      return "; attributes stand below the name of a tunnel, and here that name is missing";
    case "write_braces":
      return `; for none, write \`${key ?? ""}: {}\``;
    case "write_list":
      return found.text === null ? "; write it in [ ]" : `; write [${quoted(found.text)}]`;
    case "space_behind_colon":
      return "; a space is missing behind the colon";
    case null:
      return "";
  }
}

function unknownKeyMessage(problem: Extract<ProblemDetail, { code: "unknown_key" }>): string {
  const { key, where, known, nearest, belongs_to: kinds } = problem;
  const place = where === null ? "" : ` in ${quoted(where)}`;
  if (kinds.length > 0) {
    return `unexpected key ${quoted(key)}${place}; only ${kinds.join(" and ")} takes it`;
  }
  if (nearest !== null) {
    return `unknown key ${quoted(key)}${place}${instead(nearest)}`;
  }
  return `unknown key ${quoted(key)}${place}; expected one of ${known.join(", ")}`;
}
