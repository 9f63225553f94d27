import { allKinds } from "./kinds/index.ts";
import type { AnyKind } from "./kinds/kind.ts";
import { withSwitches, type Switches } from "./switches.ts";
import { controlBody } from "./wire/body.ts";
import { readFields } from "./wire/checks.ts";
import { needsNothing, type Call, type Endpoint } from "./wire/endpoint.ts";
import { success, unreadable, type Reply } from "./wire/envelope.ts";
import { isObject } from "./wire/json.ts";
import { RouteTable } from "./wire/route-table.ts";
import type { Traffic } from "./wire/traffic.ts";

/** Where the control path lies: beside the API, never below it. */
export const CONTROL_PATH = "/sandbox";

/**
 * The sandbox's own endpoints, for what only the outside world does to an account. Faults and the rate limit do not
 * touch them, and they are not counted. `docs/sandbox.md` lists them.
 */
export function controlTable(traffic: Traffic, set: (switches: Switches) => Switches): RouteTable {
  return new RouteTable([
    endpoint("GET", "/switches", ({ account }) => success(account.switches)),
    endpoint("PATCH", "/switches", ({ account, request }) => {
      const change = controlBody(request);
      return isObject(change)
        ? success(set(withSwitches(change, account.switches)))
        : unreadable("Switches are an object.");
    }),
    endpoint("GET", "/counts", () => success(traffic.counts())),
    endpoint("DELETE", "/counts", () => {
      traffic.reset();
      return success(traffic.counts());
    }),
    ...allKinds.flatMap((kind) => [
      endpoint("POST", `/${kind.table.name}`, (call) => seed(call, kind)),
      ...(kind.control ?? []),
    ]),
  ]);
}

/** What an endpoint of the control path answers; the errors that it throws are sentences for the caller. */
export function answerControl(answer: () => Reply): Reply {
  try {
    return answer();
  } catch (error) {
    if (error instanceof Error) {
      return unreadable(error.message);
    }
    throw error;
  }
}

function endpoint(method: Endpoint["method"], path: string, answer: Endpoint["answer"]): Endpoint {
  return { method, path, lacks: needsNothing, answer };
}

/** Puts a list of records into the account. */
function seed({ account, request }: Call, kind: AnyKind): Reply {
  const body = controlBody(request);
  if (!Array.isArray(body)) {
    return unreadable(`Seeds are a list of ${kind.table.name}.`);
  }
  const seeds = body.map((each: unknown) => {
    const fields = readFields(each, kind.seedFields, "A seed");
    const missing = kind.seedNeeds.filter((name) => !(name in fields));
    if (missing.length > 0) {
      throw new Error(`A seed needs ${kind.seedNeeds.join(" and ")}.`);
    }
    return fields;
  });
  const rows = seeds.map((each) => kind.show(account, kind.seed(account, each)));
  return { ok: true, result: `[${rows.join(",")}]` };
}
