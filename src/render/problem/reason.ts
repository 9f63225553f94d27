import type { BadName, SyntaxReason } from "../../config/problem.ts";

/** What is wrong with a name, which is given in quotes. */
export function badNameMessage(why: BadName, name: string): string {
  switch (why) {
    case "empty":
      return "a name is empty; expected 1 to 255 characters";
    case "too_long":
      return `the name ${name} is longer than 255 characters (code points)`;
    case "nul":
      return `the name ${name} holds a NUL character`;
    case "lone_surrogate":
      return `the name ${name} holds half of a UTF-16 surrogate pair, which is no character`;
    case "uuid":
      return `${name} is a UUID, which cannot be a name; an id goes into the attribute \`id\``;
  }
}

/** What is wrong with the YAML, without quoting it: it may hold a secret. */
export function syntaxMessage(reason: SyntaxReason): string {
  switch (reason) {
    case "tab_indent":
      return "a tab is used to indent; YAML takes spaces only";
    case "indent":
      return "the line is not indented as its neighbours are";
    case "unclosed_quote":
      return "a quoted text begins here, and its closing quote is missing";
    case "unclosed_bracket":
      return "a { or [ begins here, and its closing } or ] is missing";
    case "missing_colon":
      return "a key without a colon; expected `key: value` or `key:`";
    case "missing_comma":
      return "a comma or colon is missing between the items in { } or [ ]";
    case "missing_space":
      return "a space is missing here";
    case "nested_on_one_line":
      return "a `key:` stands inside a value; put it on a line of its own, check the indentation, or put the value in quotes";
    case "bad_escape":
      return "an escape that YAML does not know; write \\\\ for a backslash, or use single quotes";
    case "reserved_character":
      return "a value cannot begin with this character; put it in quotes";
    case "key_not_text":
      return "a key must be text; a list, a mapping or an alias cannot be one";
    case "key_too_long":
      return "a key of more than 1,024 characters, or a colon is missing";
    case "key_spans_lines":
      return "a key must stand on one line; a colon is likely to be missing at the end of this one";
    case "unknown_tag":
      return "tags (words that begin with !) are not read; remove it, or put the value in quotes";
    case "anchor":
      return "an anchor (&) or alias (*) is not well formed; put the value in quotes if it is text";
    case "unexpected":
      return "this is not YAML; a quote, a bracket or the indentation is likely to be wrong near here";
  }
}
