import { expect, test } from "vitest";
import { createSlots } from "../../src/cloudflare/wire/slots.ts";

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

test("gives back what the work gives, or throws what it throws", async () => {
  const slots = createSlots(1);
  expect(await slots(() => Promise.resolve(7))).toBe(7);
  await expect(slots(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await slots(() => Promise.resolve(8))).toBe(8);
});

test("hands the answer out at once, and the slot on one turn later", async () => {
  const slots = createSlots(1);
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} begins`);
    await turn();
    return name;
  };
  const first = slots(work("a")).then((name) => events.push(`${name} is known`));
  const second = slots(work("b"));
  await first;
  // What is done in the same turn as the answer comes before what was waiting.
  events.push("the turn ends");
  await second;
  expect(events).toEqual(["a begins", "a is known", "the turn ends", "b begins"]);
});
