import type { Edit } from "./bundle.mjs";

/** A bug to put into the program on purpose, and the rule by which the simulation must find it. */
export interface PlantedBug {
  readonly name: string;
  readonly edits: readonly Edit[];
  readonly rule: string;
  /** Where the simulation found it last: played first, which spares the time of the seeds before. */
  readonly seed?: number;
}

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: "blind POST retry",
    seed: 21,
    edits: [
      {
        file: "src/cloudflare/wire/retry.ts",
        find: 'failed.transient && (method === "GET" || !failed.mayHaveActed)',
        put: "failed.transient",
      },
    ],
    rule: "a create sent again without a look at the name",
  },
  {
    name: "no read before DELETE",
    seed: 10,
    edits: [
      {
        file: "src/engine/steps/delete.ts",
        find: "writeAfterLook({ id, container, ...around, judge, send }, kind, workplace)",
        put: "send().then(() => confirmed(id))",
      },
    ],
    rule: "a write without a look right before it",
  },
  {
    name: "deleted_at ignored",
    seed: 21,
    edits: [
      {
        file: "src/kinds/tunnel/tunnel.ts",
        find: 'timeOrNull(row["deleted_at"]) !== null',
        put: "false",
      },
    ],
    rule: "a write to what is deleted",
  },
  {
    name: "a 403 read as an empty list",
    seed: 19,
    edits: [
      {
        file: "src/kinds/tunnel/tunnel.ts",
        find: "client.list(collection, live, parse)",
        put: "client.list(collection, live, parse).catch((e) => { if (e.status === 403) return []; throw e; })",
      },
    ],
    rule: "a write planned without the whole account",
  },
  {
    name: "the first page believed",
    seed: 72,
    edits: [
      {
        file: "src/cloudflare/list.ts",
        find: "while (!reached && fresh > 0 && pages < MAX_PAGES && beyond <= PAGES_BEYOND)",
        put: "while (false)",
      },
      {
        file: "src/cloudflare/list.ts",
        find: "isBelievable(reading) || (before !== null && agree(before, reading))",
        put: "true",
      },
    ],
    rule: "a write planned without the whole account",
  },
  {
    name: "a page that is not full taken for the last one",
    seed: 198,
    edits: [
      {
        file: "src/cloudflare/list.ts",
        find: "!isFull(page) && total === rowsSoFar",
        put: "!isFull(page)",
      },
    ],
    rule: "a write planned without the whole account",
  },
  {
    name: "pruning by name without the mention rule",
    seed: 185,
    edits: [
      {
        file: "src/engine/decide/prune.ts",
        find: "mentions(matches, world);",
        put: 'mentions(matches.map(({ entry }) => ({ state: "absent", entry: { ...entry, renamed_from: null, id: null, replace: null } })), world);',
      },
    ],
    rule: "a delete of what no entry and no prune covers",
  },
  {
    name: "a lost PATCH answer taken for a failure without reading",
    seed: 234,
    edits: [
      {
        file: "src/engine/steps/update.ts",
        find: "kind.update(workplace.client, id, edit, container)",
        put: "kind.update(workplace.client, id, edit, container).catch((e) => { e.ambiguous = false; throw e; })",
      },
    ],
    rule: "a report that is not so",
  },
  {
    name: "a saved plan applied without a look at what has changed",
    edits: [
      {
        file: "src/cli/commands/apply-saved.ts",
        find: 'changedRefusal(plan, changed, { why: "stale", command })',
        put: "null",
      },
    ],
    rule: "a write of a stale plan",
    seed: 83,
  },
  {
    name: "a yes taken for whatever the plan has become",
    edits: [
      {
        file: "src/cli/commands/apply.ts",
        find: 'changedRefusal(again.plan, changed, { why: "stale", command: applyCommand(options) })',
        put: "blockedRefusal(again.plan, applyCommand(options))",
      },
    ],
    rule: "a write that the plan did not show",
    seed: 287,
  },
  {
    name: "any answer taken for a yes",
    seed: 54,
    edits: [
      {
        file: "src/cli/planning/consent.ts",
        find: 'answer?.trim() === "yes"',
        put: "answer !== null",
      },
    ],
    rule: "a write without consent",
  },
  {
    name: "a default network that may be deleted",
    seed: 9,
    edits: [
      {
        file: "src/kinds/virtual_network/index.ts",
        find: 'const demotes = wanted === null || wanted["is_default_network"] === false;',
        put: 'const demotes = wanted?.["is_default_network"] === false;',
      },
    ],
    rule: "a delete of the default network",
  },
  {
    name: "a default network that may be demoted",
    seed: 1715,
    edits: [
      {
        file: "src/kinds/virtual_network/index.ts",
        find: 'wanted === null || wanted["is_default_network"] === false',
        put: "wanted === null",
      },
    ],
    rule: "a demotion of the default network",
  },
  {
    name: "a PUT without a look at what has been written since the plan",
    seed: 994,
    edits: [
      {
        file: "src/engine/steps/update.ts",
        find: "version === null || is === null || version === is",
        put: "true",
      },
      {
        file: "src/kinds/cfd_tunnel_configuration/index.ts",
        find: "String(there.version) !== expected",
        put: "false",
      },
    ],
    rule: "a write over what another wrote since the plan",
  },
  {
    name: "a PUT whose answer is not looked at",
    edits: [
      {
        file: "src/kinds/cfd_tunnel_configuration/index.ts",
        find: "written.version === there.version + 1",
        put: "true",
      },
    ],
    rule: "what another wrote is lost, and nothing says so",
    seed: 169,
  },
  {
    name: "a null taken for a difference",
    seed: 25,
    edits: [
      {
        file: "src/ingress/compare.ts",
        find: "return kept === undefined ? [] : [[key, kept]];",
        put: "return kept === undefined && item !== null ? [] : [[key, kept ?? null]];",
      },
    ],
    rule: "a write of what is so already",
  },
  {
    name: "connectors that nobody waits for",
    seed: 40,
    edits: [
      {
        file: "src/engine/rollout.ts",
        find: "follower.version !== null && isBefore(follower.version, version)",
        put: "false",
      },
    ],
    rule: "a success while a connector lags behind",
  },
  {
    name: "keys that nobody knows dropped",
    seed: 1,
    edits: [
      {
        file: "src/kinds/cfd_tunnel_configuration/index.ts",
        find: "    ...there,\n",
        put: "",
      },
    ],
    rule: "a configuration that loses what is not ours",
  },
  // What the simulation found by itself, put back.
  {
    name: "a network deleted although it has become the default one since the plan",
    edits: [
      {
        file: "src/engine/steps/delete.ts",
        find: "kind.forbids?.(actual, null) ?? null",
        put: "null as ReturnType<NonNullable<typeof kind.forbids>>",
      },
    ],
    rule: "a delete of the default network",
    seed: 338,
  },
  {
    name: "a deadline that ends no work",
    seed: 257,
    edits: [
      {
        file: "src/base/limits.ts",
        find: 'deadline !== undefined && clock.now() >= deadline ? "deadline" : null',
        put: "null",
      },
    ],
    rule: "a change begun after the deadline",
  },
  {
    name: "a delete that waits out a rate limit on an old look",
    edits: [
      {
        file: "src/kinds/tunnel/tunnel.ts",
        find: "client.delete(item(id), undefined, { atOnce: true })",
        put: "client.delete(item(id))",
      },
    ],
    rule: "a write on an old look",
    seed: 1_555,
  },
  {
    name: "a yes without the tunnel taken for a proof",
    edits: [
      {
        file: "src/kinds/tunnel/tunnel.ts",
        find: 'if (typeof written !== "string" || written.toLowerCase() !== id) {',
        put: "if (false) {",
      },
    ],
    rule: "a report that is not so",
    seed: 566,
  },
  {
    name: "the status alone believed",
    seed: 168,
    edits: [
      {
        file: "src/kinds/tunnel/tunnel.ts",
        find: 'typeof facts["connections"] === "string"',
        put: "false",
      },
      {
        file: "src/kinds/tunnel/tunnel.ts",
        find: '? "activity" : null',
        put: "? null : null",
      },
    ],
    rule: "a delete of what is live",
  },
  {
    name: "a taken name waited for, though nothing frees it",
    edits: [
      {
        file: "src/engine/steps/create.ts",
        find: "unclear !== null || nameIsFreed",
        put: "true",
      },
    ],
    rule: "a create sent again for a name that nothing frees",
    seed: 1_861,
  },
  {
    name: "a path that the API does not know taken for a tunnel that is gone",
    edits: [
      {
        file: "src/tunnels/row.ts",
        find: "!codes.includes(NO_ROUTE)",
        put: "true",
      },
    ],
    rule: "a report that is not so",
    seed: 4_744,
  },
  {
    name: "a rotation without a look at the tunnel",
    seed: 37,
    edits: [
      {
        file: "src/tunnels/write-after-look.ts",
        find: "movedTo(tunnel, await readTunnel(client, tunnel.kind, tunnel.id))",
        put: "null",
      },
    ],
    rule: "a write without a look right before it",
  },
  {
    name: "a rotation of what was renamed meanwhile",
    edits: [
      {
        file: "src/tunnels/write-after-look.ts",
        find: "now.name === name",
        put: "true",
      },
    ],
    rule: "a write to what bears another name",
    seed: 73,
  },
  {
    name: "a token handed out unseen",
    seed: 4,
    edits: [
      {
        file: "src/tunnels/api.ts",
        find: 'opened.is === "of_another"',
        put: "false",
      },
    ],
    rule: "a token of another handed out",
  },
  {
    name: "any 404 taken for the API's own",
    edits: [
      {
        file: "src/tunnels/row.ts",
        find: "codes.some((code) => code !== null) && meansGone(codes)",
        put: "error instanceof ApiError && error.status === 404",
      },
    ],
    rule: "a report that is not so",
    seed: 3_459,
  },
  {
    name: "a suffix matched without the dot",
    edits: [
      {
        file: "src/kinds/dns_record/zones.ts",
        find: "[plain, ...domains]",
        put: "Array.from(plain, (_, at) => plain.slice(at))",
      },
    ],
    rule: "a record in a zone that its name is not in",
    seed: 53,
  },
  {
    name: "PUT in place of PATCH for a record",
    edits: [
      {
        file: "src/kinds/dns_record/index.ts",
        find: "client.patch(path, spec,",
        put: "client.put(path, spec,",
      },
    ],
    rule: "a PUT in place of a PATCH",
    seed: 24,
  },
  {
    name: "a route's virtual network ignored",
    edits: [
      {
        file: "src/kinds/route/index.ts",
        find: "`${network}@${virtual_network_id}`",
        put: "network",
      },
    ],
    rule: "a route taken for that of another network",
    seed: 157,
  },
  {
    name: "a delete before the create in a replacement",
    edits: [
      {
        file: "src/kinds/dns_record/index.ts",
        find: "client.post(path, { deletes: [{ id }], posts: [bodyOf(wanted)] }, { atOnce: true })",
        put: "client.delete(itemOf(zone, id)).then(() => client.post(pathOf(zone), bodyOf(wanted))).then((made) => ({ posts: [made] }))",
      },
    ],
    rule: "a name left without a record",
    seed: 42,
  },
  {
    name: "what hangs on a tunnel of somebody else taken",
    edits: [
      {
        file: "src/engine/decide/ownership.ts",
        find: "holder === undefined && entry.id !== actual.id",
        put: "false",
      },
    ],
    rule: "a write to what is somebody else's",
    seed: 2,
  },
  {
    name: "a record that does not wait for its rule",
    edits: [
      {
        file: "src/engine/order/edges.ts",
        find: "owner !== null && there.has(part(owner))",
        put: "false",
      },
    ],
    rule: "a record before its rule",
    seed: 55,
  },
  {
    name: "a record that does not wait for a connector",
    edits: [
      {
        file: "src/engine/execute.ts",
        find: "served === undefined || served.change.kind !== servedBy",
        put: "true",
      },
    ],
    rule: "a record before a connector has its rule",
    seed: 1_428,
  },
  {
    name: "a rule that goes before its name is led elsewhere",
    edits: [
      {
        file: "src/engine/order/edges.ts",
        find: "gives !== undefined && gives.name !== owner?.name && there.has(part(gives))",
        put: "false",
      },
    ],
    rule: "a name left without its rule",
    seed: 138,
  },
  {
    name: "what another entry claims deleted with its tunnel",
    edits: [
      {
        file: "src/engine/decide/target.ts",
        find: "goes ? takenFrom(actual)",
        put: "goes ? []",
      },
    ],
    rule: "a delete of what an item claims",
    seed: 61,
  },
];
