import { expect } from "vitest";
import type { Switches } from "../../../src/simulator/switches.ts";
import type { zoneSwitches } from "../../../src/simulator/switches/zone.ts";
import { code, TOKEN, world, type Reading } from "./world.ts";

const outcome = (reading: Reading) => [reading.status, code(reading)];

function started(switches: Partial<Switches>) {
  const made = world({ switches, credentials: [{ token: "dns", permissions: { dns: "write" } }] });
  const [zone] = made.simulator.rows("zones");
  const call = (method: string, path: string, body?: object, token = TOKEN): Reading =>
    made.raw(
      method,
      `/client/v4/zones${path}`,
      { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body === undefined ? null : JSON.stringify(body),
    );
  const path = `/${zone?.id}/dns_records`;
  return {
    ...made,
    call,
    path,
    text: (fields: object) => call("POST", path, { name: "a", type: "TXT", content: "x", ...fields }),
  };
}

/** One test a switch: the compiler asks for the missing ones. */
export const zoneCases: { readonly [name in keyof typeof zoneSwitches]: () => void } = {
  zone_list_forbidden: () => {
    const list = (zone_list_forbidden: Switches["zone_list_forbidden"]) => {
      const answer = started({ zone_list_forbidden }).call("GET", "", undefined, "dns");
      return answer.status === 200 ? answer.json.result : outcome(answer);
    };
    expect([list("refused"), list("empty")]).toEqual([[403, 9109], []]);
  },
  zone_plan: () => {
    const [free, paid] = [started({}), started({ zone_plan: "paid" })];
    const comment = "x".repeat(500);
    expect([outcome(free.text({ comment })), paid.text({ comment }).status]).toEqual([[400, 9313], 200]);
    const tags = ["team:dns"];
    const refused = free.text({ tags });
    expect([...outcome(refused), refused.json.errors[0]?.error_chain?.[0]?.code]).toEqual([400, 1004, 9300]);
    expect(paid.text({ content: "y", tags }).json.result).toMatchObject({ tags });
    const posts = Array.from({ length: 201 }, (_, i) => ({ name: `b${i}`, type: "TXT", content: "x" }));
    const batched = [free, paid].map(({ call, path }) => call("POST", `${path}/batch`, { posts }).status);
    expect(batched).toEqual([400, 200]);
  },
  identical_record_code: () => {
    const { text } = started({ identical_record_code: 81057 });
    text({});
    expect(outcome(text({}))).toEqual([400, 81057]);
  },
  empty_comment: () => {
    const comment = (empty_comment: Switches["empty_comment"]) => {
      const { simulator, path } = started({ empty_comment });
      simulator.add("dns_records", [{ name: "a.example.com", type: "TXT", content: "x" }]);
      const headers = { authorization: `Bearer ${TOKEN}` };
      // Past the description, which knows no null here.
      const request = { method: "GET", path: `/client/v4/zones${path}`, headers, body: null };
      const { result } = JSON.parse(simulator.handle(request).body);
      return result[0].comment;
    };
    expect([comment("empty"), comment("null")]).toEqual(["", null]);
  },
  dns_per_page_max: () => {
    const { call, path } = started({ dns_per_page_max: 100 });
    expect(outcome(call("GET", `${path}?per_page=101`))).toEqual([400, 1030]);
    expect(started({}).call("GET", `${path}?per_page=5000000`).status).toBe(200);
  },
};
