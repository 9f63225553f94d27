import type { Plan } from "../../engine/model/change.ts";
import type { Rollout } from "../../engine/model/outcome.ts";
import type { ActualResource, DesiredState } from "../../engine/model/resource.ts";
import { renderMetrics } from "../../render/metrics.ts";
import { requireOwnFile } from "../files/not-an-input.ts";
import { openNewFile } from "../files/write-file.ts";
import type { Io } from "../io.ts";

/** What a drift run has to say. */
interface Found {
  readonly plan: Plan;
  readonly actual: readonly ActualResource[];
  readonly desired: DesiredState;
  readonly rollout: Rollout | null;
}

/** Opens the file of `--metrics`, for everybody to read, as who collects is somebody else. Throws `UserError`. */
export async function openMetrics(path: string, inputs: readonly string[], io: Io) {
  await requireOwnFile(path, inputs, io, "--metrics");
  const file = await openNewFile(path, { option: "--metrics", mode: 0o644 }, io);
  return {
    save: ({ plan, actual, desired, rollout }: Found) =>
      file.write(renderMetrics({ plan, actual, kinds: desired.kinds, rollout, now: io.clock.now() })),
    discard: () => file.discard(),
  };
}
