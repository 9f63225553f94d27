import type { ActualResource } from "../../engine/model/resource.ts";
import { observe } from "../../engine/observe.ts";
import { kinds } from "../../kinds/index.ts";
import { resultDocument, toJson } from "../../render/json/json.ts";
import { renderResources, resourceFields } from "../../render/text/resources.ts";
import { TUN_TYPES } from "../../tunnels/tunnel-row.ts";
import type { Run } from "../command.ts";
import { tableOptions } from "../terminal/table-options.ts";
import { withSession } from "../session/session.ts";
import { EXIT, type ExitCode, UserError } from "../user-error.ts";
import type { ListOptions } from "./list.ts";

/** Shows the account's resources of kinds that are no tunnels, or those that the filters leave. */
export async function listResources(run: Run<ListOptions>): Promise<ExitCode> {
  const { options, printer, waiting } = run;
  requireFilters(options);
  return withSession(run, async (session) => {
    const { client, accountId } = session;
    const wanted = kinds.filter(({ kind }) => options.kind.includes(kind));
    const actual = await waiting.reading("Reading the account", observe(wanted, client));
    const found = actual.filter((resource) => matches(resource, options));
    if (options.format === "json") {
      printer.result(toJson(resultDocument(accountId, resourceFields(found))));
    } else {
      printer.result(renderResources(found.map(withoutContainer), tableOptions(run, session)));
    }
    return EXIT.done;
  });
}

/** What a resource lies in says its name better than that one's id. */
function withoutContainer(resource: ActualResource): ActualResource {
  const within = kinds.find(({ kind }) => kind === resource.kind)?.within;
  const spec = Object.entries(resource.spec).filter(([attribute]) => attribute !== within?.attribute);
  return { ...resource, spec: Object.fromEntries(spec) };
}

/** What only tunnels have is never ignored. */
function requireFilters(options: ListOptions): void {
  const tunnel = options.kind.find((kind) => TUN_TYPES.some((type) => type === kind));
  if (tunnel !== undefined) {
    throw new UserError(
      "usage",
      `--kind ${tunnel} is a sort of tunnel: list it by itself, without other kinds.`,
    );
  }
  const given = [
    ["--status", options.status],
    ["--deleted", options.deleted || undefined],
    ["--existed-at", options.existedAt],
    ["--was-active-at", options.wasActiveAt],
    ["--was-inactive-at", options.wasInactiveAt],
  ].find(([, value]) => value !== undefined);
  if (given !== undefined) {
    throw new UserError("usage", `${String(given[0])} is for tunnels only.`);
  }
}

function matches({ name, id }: ActualResource, options: ListOptions): boolean {
  return (
    (options.name === undefined || name === options.name) &&
    (options.id === undefined || id === options.id) &&
    name.startsWith(options.prefix ?? "") &&
    (options.excludePrefix === undefined || !name.startsWith(options.excludePrefix))
  );
}
