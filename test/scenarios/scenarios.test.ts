import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { renderPlan } from "../../src/render/text/plan.ts";
import { createStyle } from "../../src/render/text/style.ts";
import type { SeedTunnel } from "../../src/simulator/seed.ts";
import { createRig } from "../support/rig.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const folders = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory());

/** The world that a scenario begins in. */
function worldOf(folder: string): readonly SeedTunnel[] {
  const file = join(here, folder, "world.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
}

function stepsOf(folder: string): readonly { readonly file: string; readonly yaml: string }[] {
  return readdirSync(join(here, folder))
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => ({ file, yaml: readFileSync(join(here, folder, file), "utf8") }));
}

describe.each(folders.map(({ name }) => name))("%s", (folder) => {
  it("goes from step to step, and finds nothing to do after each", async () => {
    const rig = createRig({ tunnels: worldOf(folder) });
    for (const { file, yaml } of stepsOf(folder)) {
      const { plan, outcomes, verification } = await rig.apply(yaml);
      const text = renderPlan(plan, {
        style: createStyle(false),
        showUnmanaged: true,
        reasons: true,
        width: null,
      });
      await expect(text).toMatchFileSnapshot(join(here, folder, file.replace(".yaml", ".plan.txt")));
      expect(outcomes.map(({ status }) => status)).toEqual(plan.changes.map(() => "applied"));
      expect(verification).toEqual({ verified: true, because: "shown" });
      expect(await rig.plan(yaml)).toMatchObject({ changes: [], blocked: [] });
    }
  });

  it.each([2, 3, 5])("gets there although every %ith answer is lost on its way back", async (every) => {
    const rig = createRig({ tunnels: worldOf(folder), concurrency: 1 });
    let request = 0;
    for (const { yaml } of stepsOf(folder)) {
      rig.fault = () => {
        request += 1;
        return request % every === 0 ? { type: "drop", acts: true } : undefined;
      };
      const { outcomes } = await rig.apply(yaml);
      expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => "applied"));
      rig.fault = () => undefined;
      expect(await rig.plan(yaml)).toMatchObject({ changes: [], blocked: [] });
    }
  });
});
