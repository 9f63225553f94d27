// Answers held against Cloudflare's own description of them (`described.json`, which names its source).
import { Ajv } from "ajv";
import described from "./described.json" with { type: "json" };

const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addFormat("uuid", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
ajv.addFormat("ipv4", /^\d{1,3}(\.\d{1,3}){3}$/);
ajv.addFormat("ipv6", /^[0-9a-f:]+$/);
ajv.addFormat("hostname", /^[\w.-]+$/);
ajv.addSchema(described, "described");

const places = Object.entries(described.answers).map(([path, methods]) => ({
  path,
  pattern: new RegExp(`^${path.replaceAll("/", "\\/").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
  methods: Object.keys(methods),
}));
// A path without parameters is meant before one with.
places.sort((a, b) => a.path.split("{").length - b.path.split("{").length);

/**
 * Throws where a successful answer differs from its description; an answer that none describes passes. Where
 * the description calls nothing nullable and answers were seen with nulls, they count as left out.
 */
export function expectDescribed(method: string, path: string, body: object): void {
  const place = places.find(({ pattern }) => pattern.test(path.split("?")[0] ?? ""));
  const verb = method.toLowerCase();
  if (!place?.methods.includes(verb)) {
    return;
  }
  const pointer = `${place.path.replaceAll("/", "~1")}/${verb}`;
  const validate = ajv.getSchema(`described#/answers/${encodeURI(pointer)}`);
  if (!validate) {
    throw new Error(`No description of ${method} ${place.path}`);
  }
  if (validate(withoutNulls(body)) === true) {
    return;
  }
  const what = (validate.errors ?? [])
    .map(({ instancePath, message }) => `${instancePath} ${message}`)
    .filter((each) => !CATCH_ALL.test(each) && !DATA.test(each));
  if (what.length > 0) {
    throw new Error(`${method} ${path}: ${what.join("; ")} in ${JSON.stringify(body)}`);
  }
}

/** The description demands a hostname of every rule, and the last one of a tunnel has none. */
const CATCH_ALL = /ingress\/\d+ must have required property 'hostname'$/;

/** The description demands `data` of every record, and has none for those of one content. */
const DATA = /must have required property 'data'$/;

function withoutNulls(value: unknown, isInside = false): unknown {
  if (Array.isArray(value)) {
    return value.map((each) => withoutNulls(each, isInside));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) =>
      each === null && (isInside || NULLED.includes(key))
        ? []
        : [[key, withoutNulls(each, isInside || key === "config")]],
    ),
  );
}

const NULLED = ["deleted_at", "conns_active_at", "conns_inactive_at", "updated_at", "config"];
