import { isUuid } from "../base/json.ts";
import { InvalidArgumentError, Option } from "commander";
import type { Act, Define, Run } from "./command.ts";
import type { ListOptions } from "./commands/list.ts";
import { TUN_TYPES, TUNNEL_KINDS } from "../tunnels/tunnel-row.ts";
import {
  addApiOptions,
  addConsentOption,
  addFileOptions,
  addOutputOptions,
  quietOption,
  wholeNumber,
} from "./args/options.ts";

/** Kinds that are no tunnels. A test holds them against the registry, which a command line does not wait for. */
export const NO_TUNNELS: readonly string[] = ["dns_record", "hostname_route", "route", "virtual_network"];
export const EXPORTED: readonly string[] = ["ingress", "routes", "hostname_routes", "virtual_network", "dns"];
const LISTED: readonly string[] = [...TUN_TYPES, ...NO_TUNNELS];

/** The commands beside plan and apply: for one tunnel, or for the whole account, without a file. */
export function tunnelCommands(act: Act): { readonly [name: string]: Define } {
  return {
    list: (command) =>
      addOutputOptions(addApiOptions(command), ["json"])
        .description("show the account's tunnels, both kinds in one table, or what another kind holds")
        .addOption(
          new Option("--kind <kind>", "only this kind; several: repeated, or with commas")
            .choices(LISTED)
            .argParser(oneOf(LISTED))
            .default([]),
        )
        .option("--wide", WIDE, false)
        .option("--name <name>", "only this very name")
        .option("--id <id>", "only this id", uuidOrRecordId)
        .option("--prefix <text>", "only names that begin so")
        .option("--exclude-prefix <text>", "only names that do not begin so")
        .addOption(
          new Option("--status <status>", "only this status").choices([
            "inactive",
            "degraded",
            "healthy",
            "down",
          ]),
        )
        .option("--deleted", "deleted tunnels instead of live ones", false)
        .option("--existed-at <time>", "only those that existed then", time)
        .option("--was-active-at <time>", "only those that had connections then", time)
        .option("--was-inactive-at <time>", "only those that had none then", time)
        .action(
          act(async ({ options }: Run<ListOptions>) =>
            options.kind.some((kind) => NO_TUNNELS.includes(kind))
              ? (await import("./commands/list-resources.ts")).listResources
              : (await import("./commands/list.ts")).list,
          ),
        ),
    show: (command) =>
      addOutputOptions(addApiOptions(command.argument("<tunnel>", TUNNEL)), ["json"])
        .description("show one tunnel, its connectors and their connections")
        .option("--wide", WIDE, false)
        .option("--connector <id>", "this connector alone, connection by connection", uuid)
        .action(act(async () => (await import("./commands/show.ts")).show)),
    status: (command) =>
      addOutputOptions(addFileOptions(addApiOptions(command.argument("[tunnels...]", TUNNEL))), ["json"])
        .description(
          "show how tunnels are, and what they serve: those that the files declare, or that are named",
        )
        .option("--all", "every tunnel of the account", false)
        .option("--watch <seconds>", "again after so many seconds, until Ctrl-C", wholeNumber(5, 86_400))
        .action(act(async () => (await import("./seeing/status.ts")).status)),
    report: (command) =>
      addApiOptions(addFileOptions(command))
        .description("write one HTML page: what would change, how the tunnels are, and a picture of them")
        .option("--out <file>", "write it to this file (default: standard output)")
        .option("--plan <file>", "of this plan or drift, in place of the account")
        .option("--report <file>", "of this apply, likewise")
        .option("--status <file>", "of this status, likewise")
        .option("--fleet <file>", "of this merge of a fleet's documents, likewise")
        .addOption(quietOption())
        .action(act(async () => (await import("./seeing/report.ts")).report)),
    token: (command) =>
      addOutputOptions(addApiOptions(command.argument("<tunnel>", TUNNEL)), ["json"])
        .description("print the token that the tunnel's connectors run on, and nothing else")
        .option("--out <file>", OUT)
        .action(act(async () => (await import("./commands/token.ts")).token)),
    "management-token": (command) =>
      addOutputOptions(addApiOptions(command.argument("<tunnel>", TUNNEL)), ["json"])
        .description("print a short-lived token for the tunnel's management, as its log stream")
        .addOption(new Option("--resource <resource>", "what it opens").choices(["logs"]).default("logs"))
        .option("--out <file>", OUT)
        .action(act(async () => (await import("./commands/management-token.ts")).managementToken)),
    rotate: (command) =>
      addOutputOptions(
        addConsentOption(addFileOptions(addApiOptions(command.argument("<tunnel>", TUNNEL)))),
        ["json"],
      )
        .description("put a new secret in the place of the tunnel's own, and print the new token")
        .option("--out <file>", OUT)
        .option("--secret-env <name>", "take the secret from this variable (default: 32 random bytes)")
        .addOption(new Option("--secret-file <file>", "take it from this file").conflicts("secretEnv"))
        .option("--disconnect", "then cut the connections of those that run on the old secret", false)
        .option(
          "--wait <seconds>",
          "then watch until no connector runs on the old secret",
          wholeNumber(1, 86_400),
        )
        .action(act(async () => (await import("./commands/rotate.ts")).rotate)),
    disconnect: (command) =>
      addOutputOptions(addConsentOption(addApiOptions(command.argument("<tunnel>", TUNNEL))), ["json"])
        .description("cut the tunnel's connections, and say who came back")
        .option("--connector <id>", "those of this connector alone", uuid)
        .action(act(async () => (await import("./commands/disconnect.ts")).disconnect)),
    export: (command) =>
      addOutputOptions(addApiOptions(command), ["json"])
        .description("print the account's tunnels as a file that plans to nothing")
        .addOption(
          new Option("--kind <kind>", "only this kind; several: repeated, or with commas")
            .choices(TUNNEL_KINDS)
            .argParser(oneOf(TUNNEL_KINDS))
            .default([]),
        )
        .addOption(
          new Option(
            "--with <kind>",
            "what else to export, beside tunnels; several: repeated, or with commas (default: all that may be read, but for dns)",
          )
            .choices(EXPORTED)
            .argParser(oneOf(EXPORTED))
            .default([]),
        )
        .addOption(
          new Option(
            "--zone <name>",
            "with dns: the records of this zone; repeat it for several (default: all)",
          )
            .argParser((name: string, before: readonly string[]) => [...before, name])
            .default([]),
        )
        .option("--prefix <text>", "only names that begin so")
        .option("--pin-ids", "write each tunnel's id, too", false)
        .action(act(async () => (await import("./commands/export.ts")).exportTunnels)),
  };
}

const WIDE = "every column and every id whole, however narrow the terminal";
const OUT = "write it to this file, which only you may read, instead of printing it";
const TUNNEL = "kind/name, a name, or an id";

/** A parser for an option that may be repeated, each time with some of these words. */
function oneOf<Word extends string>(
  words: readonly Word[],
): (value: string, earlier: readonly Word[]) => readonly Word[] {
  return (value, earlier) => {
    const given = value.split(",").map((part) => words.find((each) => each === part));
    if (given.includes(undefined)) {
      throw new InvalidArgumentError(`Allowed choices are ${words.join(", ")}.`);
    }
    return [...earlier, ...given.filter((word) => word !== undefined)];
  };
}

/** Cloudflare writes ids of DNS records without hyphens. */
function uuidOrRecordId(value: string): string {
  return /^[0-9a-f]{32}$/i.test(value) ? value.toLowerCase() : uuid(value);
}

function uuid(value: string): string {
  if (!isUuid(value)) {
    throw new InvalidArgumentError("It must be an id, like 0192f0c1-7e57-7abc-8def-0123456789ab.");
  }
  return value.toLowerCase();
}

function time(value: string): string {
  const form = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
  if (!form.test(value) || Number.isNaN(Date.parse(value))) {
    throw new InvalidArgumentError("It must be a time as in 2026-11-25T08:00:00Z.");
  }
  return value;
}
