import { expect, test } from "vitest";
import { createRig } from "../support/rig.ts";

const file = (count: number) =>
  `version: 1\ncfd_tunnel:\n${Array.from({ length: count }, (_, index) => `  t${index}:\n`).join("")}`;

test.each([1, 4, 8, 32])(
  "creates keep %i slots full: they take no longer than their round trips must",
  async (concurrency) => {
    const rig = createRig({ concurrency });
    rig.fault = ({ method }) => (method === "POST" ? { type: "delay", ms: 50, acts: "last" } : undefined);
    const begin = rig.clock.now();
    const { outcomes } = await rig.apply(file(320));
    expect(outcomes.every(({ status }) => status === "applied")).toBe(true);
    expect(rig.clock.now() - begin).toBe((320 / concurrency) * 50);
  },
);
