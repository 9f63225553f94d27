import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import { describe, expect, test } from "vitest";
import {
  apiErrorItem,
  errorItem,
  errorsDocument,
  planDocument,
  reportDocument,
  toJson,
} from "../../src/render/json/json.ts";
import { blockedRefusal } from "../../src/render/words/refusal.ts";
import {
  ACCOUNT,
  API_ERRORS,
  at,
  BASE,
  HINTED,
  newSecret,
  PLANS,
  plan,
  REPORTS,
  ROLLOUT,
  STAMP,
} from "./corpus.ts";
import { closed } from "../support/documents.ts";
import { expectGolden } from "./golden.ts";

type Schema = { readonly [key: string]: unknown };

const read = (name: string) => JSON.parse(readFileSync(`schema/${name}.schema.json`, "utf8")) as Schema;
const schemas = {
  plan: read("plan"),
  report: read("report"),
  errors: read("errors"),
  result: read("result"),
};

/** The published schema lets unknown names pass; ours may not have any, so here every object is closed. */
function validator(schema: Schema): ValidateFunction {
  return new Ajv({ strict: true, allErrors: true }).compile(closed(schema) as Schema);
}

function expectValid(validate: ValidateFunction, text: string): void {
  expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
}

describe("the schemas", () => {
  test.each(Object.entries(schemas))("%s is strict draft-07 and describes every property", (_, schema) => {
    expect(schema["$schema"]).toBe("http://json-schema.org/draft-07/schema#");
    new Ajv({ strict: true }).compile(schema);
    const undescribed: string[] = [];
    walk(schema, "", (properties, path) => {
      for (const [name, property] of Object.entries(properties)) {
        if (!("description" in property) && !("$ref" in property)) {
          undescribed.push(`${path}.${name}`);
        }
      }
    });
    expect(undescribed).toEqual([]);
  });

  test("a change looks the same in a plan and in a report", () => {
    expect(definitions(schemas.report)["change"]).toEqual(definitions(schemas.plan)["change"]);
    expect(definitions(schemas.report)["source"]).toEqual(definitions(schemas.plan)["source"]);
  });

  test("a document with a name added passes, one with a name missing does not", () => {
    const validate = new Ajv({ strict: true }).compile(schemas.plan);
    const document = planDocument(PLANS["every-change"] ?? plan(), ACCOUNT, STAMP);
    expect(validate({ ...document, added: 1 })).toBe(true);
    expect(validate({ ...document, summary: undefined })).toBe(false);
  });
});

describe("planDocument", () => {
  const validate = validator(schemas.plan);

  test.each(Object.entries(PLANS))("%s fits the schema and reads well", async (name, plan) => {
    const text = toJson(
      planDocument(plan, ACCOUNT, STAMP, { refusal: blockedRefusal(plan, ["warren", "apply"]) }),
    );
    expectValid(validate, text);
    await expectGolden(`plan-${name}.json`, text);
  });

  test("against a base, it says where each change comes from", async () => {
    const text = toJson(planDocument(PLANS["every-change"] ?? plan(), ACCOUNT, STAMP, { base: BASE }));
    expectValid(validate, text);
    await expectGolden("plan-base.json", text);
  });

  test("with a rollout, it says who is behind", async () => {
    const text = toJson(planDocument(plan({ unchanged: 2 }), ACCOUNT, STAMP, { rollout: ROLLOUT }));
    expectValid(validate, text);
    await expectGolden("plan-rollout.json", text);
  });

  test("a secret is never more than (secret)", () => {
    const document = planDocument(plan({ changes: [newSecret()] }), ACCOUNT, STAMP);
    expect(document).toMatchObject({
      changes: [{ after: { name: "prod-mail", tunnel_secret: "(secret)" }, fields: ["tunnel_secret"] }],
    });
    expect(toJson(document)).not.toContain("PROD_MAIL_SECRET");
  });

  test("an attribute named __proto__ is an attribute", () => {
    const odd = newSecret({
      after: { name: "x", spec: JSON.parse('{"__proto__":1}') as { [key: string]: number }, secrets: {} },
    });
    expect(toJson(planDocument(plan({ changes: [odd] }), ACCOUNT, STAMP))).toContain('"__proto__": 1');
  });
});

describe("reportDocument", () => {
  const validate = validator(schemas.report);

  test.each(Object.entries(REPORTS))("%s fits the schema and reads well", async (name, report) => {
    const text = toJson(reportDocument(report, ACCOUNT, STAMP));
    expectValid(validate, text);
    await expectGolden(`report-${name}.json`, text);
  });
});

describe("errorsDocument", () => {
  test("every error of the API, and problems with and without a place", async () => {
    const errors = [
      errorItem("unknown_key", "The key is not known.", at(3)),
      errorItem("no_account", "No account is set.", null),
      ...[...Object.values(API_ERRORS), ...Object.values(HINTED)].map(apiErrorItem),
    ];
    const text = toJson(errorsDocument(errors));
    expectValid(validator(schemas.errors), text);
    await expectGolden("errors.json", text);
  });
});

function walk(
  value: unknown,
  path: string,
  visit: (properties: { readonly [name: string]: object }, path: string) => void,
): void {
  if (typeof value !== "object" || value === null) {
    return;
  }
  for (const [key, member] of Object.entries(value)) {
    if (key === "properties") {
      visit(member as { readonly [name: string]: object }, path);
    }
    walk(member, `${path}.${key}`, visit);
  }
}

function definitions(schema: Schema): Schema {
  return schema["definitions"] as Schema;
}
