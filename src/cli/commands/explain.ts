import type { Run } from "../command.ts";
import { isIP } from "node:net";
import { nearest } from "../../base/spelling.ts";
import { loadIngress, type TunnelRules, type WrittenPaths } from "../../config/load.ts";
import { hostnameRouteTo, routesTo } from "../../tunnels/route-to.ts";
import type { DesiredEntry } from "../../engine/model/resource.ts";
import { referenceIn } from "../../engine/model/reference.ts";
import { answeringName, dnsNameOf, domainsAbove } from "../../ingress/hostname.ts";
import { explain, requestOf } from "../../ingress/explain.ts";
import type { Request } from "../../ingress/match.ts";
import { maskService } from "../../ingress/service.ts";
import { type Explanation, explanationDocument, type WrittenName } from "../../render/json/explain.ts";
import { toJson } from "../../render/json/json.ts";
import { requestProblem } from "../../render/problem/ingress.ts";
import { type RouteExplanation, routeDocument } from "../../render/json/explain-route.ts";
import { renderRoute } from "../../render/text/explain-route.ts";
import { renderExplanation } from "../../render/text/explain.ts";
import { showName } from "../../render/visible.ts";
import type { ApiOptions, FileOptions } from "../args/options.ts";
import { readFiles } from "../files/files.ts";
import type { Printer } from "../terminal/printer.ts";
import { EXIT, type ExitCode, FileProblems, UserError } from "../user-error.ts";

export interface ExplainOptions extends FileOptions, ApiOptions {
  readonly tunnel?: string;
  /** Look at the account as well. */
  readonly live: boolean;
  readonly expect?: string;
}

const KIND = "cfd_tunnel";

/** Says which rule serves a URL, and why those above it do not: from the files alone, with `--live` of the account, too. */
export async function explainCommand(run: Run<ExplainOptions>, url: string): Promise<ExitCode> {
  const { options, printer, io } = run;
  if (options.sandbox && !options.live) {
    throw new UserError("usage", "--sandbox is where --live looks, so it needs --live.");
  }
  const ignoreAccount = !options.live || options.sandbox;
  const loaded = await loadIngress(await readFiles(options.file, io), { env: io.env, ignoreAccount });
  if (!loaded.ok) {
    throw new FileProblems(loaded.problems, loaded);
  }
  const routed = options.tunnel === undefined ? explainRoute(url, loaded.value) : null;
  if (routed !== null) {
    return tellRoute(routed, run);
  }
  const request = requested(url);
  const { account_id, tunnels, routes } = loaded.value;
  const dns = writtenName(request.host, loaded.value);
  const { tunnel, id, ingress, rules: places } = chosen(tunnels, options.tunnel, dns);
  const [answer] = explain([{ tunnel, ingress }], request);
  if (answer === undefined || answer.match === null) {
    throw new Error(`Internal error: no rule of ${tunnel} takes what others leave`);
  }
  const { match, served } = answer;
  const live = options.live
    ? await (await import("./explain-live.ts")).explainLive(run, account_id, {
        tunnel,
        id,
        request,
        match,
        dns: dns === null ? null : { name: dns.name, zones: loaded.value.zones },
      })
    : null;
  const explanation = {
    url,
    tunnel: `${KIND}/${tunnel}`,
    dns,
    writesNames: namesIn(routes).some(({ spec }) => referenceIn(spec["content"])?.name === tunnel),
    request,
    ingress,
    places,
    match,
    served,
    live,
  };
  printer.result(
    options.format === "json"
      ? toJson(explanationDocument(explanation))
      : renderExplanation(explanation, printer.style),
  );
  return isAsExpected(explanation, options.expect, printer) ? EXIT.done : EXIT.failed;
}

function tellRoute(explanation: RouteExplanation, { options, printer }: Run<ExplainOptions>): ExitCode {
  const { route } = explanation;
  if (options.live) {
    throw new UserError("usage", "--live looks at rules, and not at routes: leave it out.");
  }
  printer.result(
    options.format === "json" ? toJson(routeDocument(explanation)) : renderRoute(explanation, printer.style),
  );
  const { expect } = options;
  if (expect === undefined || route?.tunnel === expect) {
    return route === undefined ? EXIT.failed : EXIT.done;
  }
  printer.note(
    `Expected ${showName(expect)}, and ${route === undefined ? "nothing" : showName(route.tunnel)} serves it.`,
  );
  return EXIT.failed;
}

/** For an address, or a private name of the files: the routes that lead there. Null for all else, which rules serve. */
function explainRoute(text: string, paths: WrittenPaths): RouteExplanation | null {
  if (isIP(text) !== 0) {
    const [route, ...others] = routesTo(text, paths);
    return { url: text, route, others };
  }
  const route = hostnameRouteTo(text, paths.routes);
  return route === null ? null : { url: text, route, others: [] };
}

/** The name in DNS by which a host is found, as the files write it. DNS asks for no case. */
function writtenName(host: string, { routes, zones }: WrittenPaths): WrittenName | null {
  const written = new Map(namesIn(routes).map((entry) => [entry.name, entry] as const));
  const name = answeringName(dnsNameOf(host), (each) => written.has(each));
  const entry = name === null ? undefined : written.get(name);
  const tunnel = entry === undefined ? null : referenceIn(entry.spec["content"]);
  if (entry === undefined || tunnel === null) {
    return null;
  }
  const candidates = [entry.name, ...domainsAbove(entry.name)];
  const zone = candidates.find((each) => zones.some((one) => one.name === each)) ?? null;
  return { name: entry.name, zone, tunnel: `${tunnel.kind}/${tunnel.name}`, source: entry.source };
}

function namesIn(routes: readonly DesiredEntry[]): readonly DesiredEntry[] {
  return routes.filter(({ kind, state }) => kind === "dns_record" && state === "present");
}

/** The request that is asked about. Without a scheme it is one to a host, by the scheme that most are. */
function requested(url: string): Request {
  const whole = url.includes("://") ? url : `https://${isIP(url) === 6 ? `[${url}]` : url}`;
  const request = requestOf(whole);
  if (typeof request === "string") {
    throw new UserError(
      "bad_url",
      `${url === "" ? "An empty text" : url} cannot be asked for: ${requestProblem(request)}.`,
    );
  }
  return request;
}

/** The tunnel that gets the request: the one that is named, the one that DNS leads to, or the only one with rules. */
function chosen(
  tunnels: readonly TunnelRules[],
  option: string | undefined,
  dns: WrittenName | null,
): TunnelRules {
  const names = tunnels.map(({ tunnel }) => tunnel);
  const named = option ?? dns?.tunnel;
  const name = named?.startsWith(`${KIND}/`) ? named.slice(KIND.length + 1) : named;
  const found = name === undefined ? tunnels : tunnels.filter(({ tunnel }) => tunnel === name);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) {
    return only;
  }
  if (option === undefined && dns !== null) {
    throw new UserError(
      "no_rules",
      `${showName(dns.name)} leads to ${showName(dns.tunnel)}, and the files write no rules for it.`,
    );
  }
  if (name !== undefined) {
    const guess = nearest(name, names);
    throw new UserError(
      "unknown_tunnel",
      `--tunnel ${name}: the files write no rules for it.${guess === null ? "" : ` Did you mean ${guess}?`}`,
    );
  }
  throw new UserError(
    only === undefined ? "no_rules" : "ambiguous_tunnel",
    only === undefined
      ? "The files write no `ingress`, so there are no rules to ask."
      : `The files write the rules of several tunnels, and no name in DNS for this host: name one with --tunnel (${names.slice(0, 10).map(showName).join(", ")}${names.length > 10 ? ", …" : ""}).`,
  );
}

/** Without a service that is expected, something must serve it: with `--live`, in the account as well. */
function isAsExpected(
  { match, served, live }: Explanation,
  expected: string | undefined,
  printer: Printer,
): boolean {
  if (expected === undefined) {
    return served && (live?.served ?? true);
  }
  const found = [
    { written: match.rule.written, where: "" },
    ...(live === null ? [] : [{ written: live.match?.rule.written ?? null, where: " in the account" }]),
  ];
  const others = found.filter(({ written }) => written !== expected);
  for (const { written, where } of others) {
    const service = written === null ? "nothing" : maskService(written);
    printer.note(`Expected ${maskService(expected)}, and ${service} serves it${where}.`);
  }
  return others.length === 0;
}
