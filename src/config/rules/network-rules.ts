import { entriesOf, once } from "./rule.ts";
import type { Reporter } from "../yaml/source.ts";
import type { WrittenFile } from "../written.ts";

/** An account has one default network. */
export function defaultNetworkOnce(files: readonly WrittenFile[], report: Reporter): void {
  const promoted = entriesOf(files).flatMap(({ source, kind, attributes }) => {
    const written = kind === "virtual_network" ? attributes.get("is_default_network") : undefined;
    return written?.value.type === "scalar" && written.value.value === true
      ? [{ source, span: written.value.span, key: "" }]
      : [];
  });
  once(promoted, (_, first) => ({ code: "default_network_twice", first }), report);
}
