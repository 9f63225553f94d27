/** A private name as the API keeps it: lower case, without a leading `*.` and outer dots. */
export function trimHostname(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\.+|\.+$/g, "")
    .replace(/^\*\./, "");
}
