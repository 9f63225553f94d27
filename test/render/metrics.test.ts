import fc from "fast-check";
import { expect, test } from "vitest";
import { renderMetrics } from "../../src/render/metrics.ts";
import { entry, facts, planOf, state, tunnel } from "../support/builders.ts";
import { readMetrics } from "../support/prometheus.ts";

const NOW = Date.UTC(2026, 10, 25, 8);

test("every series has its zero, so that an alert can end", () => {
  const actual = [
    tunnel("web", 1, facts({ status: "healthy" })),
    tunnel("other", 2, facts({ status: "odd" })),
  ];
  const plan = planOf(state([entry("web"), entry("new")]), actual);
  const text = renderMetrics({ plan, actual, kinds: ["cfd_tunnel"], rollout: null, now: NOW + 999 });
  expect(text).toBe(`# HELP warren_drift_changes Changes that apply would make.
# TYPE warren_drift_changes gauge
warren_drift_changes{kind="cfd_tunnel",action="create"} 1
warren_drift_changes{kind="cfd_tunnel",action="update"} 0
warren_drift_changes{kind="cfd_tunnel",action="delete"} 0
warren_drift_changes{kind="cfd_tunnel",action="replace"} 0
# HELP warren_drift_blocked Changes that the files ask for and the plan refuses; no kind: the plan as a whole.
# TYPE warren_drift_blocked gauge
warren_drift_blocked{kind="cfd_tunnel"} 0
# HELP warren_tunnels Live tunnels by the status that the API gives.
# TYPE warren_tunnels gauge
warren_tunnels{kind="cfd_tunnel",status="degraded"} 0
warren_tunnels{kind="cfd_tunnel",status="down"} 0
warren_tunnels{kind="cfd_tunnel",status="healthy"} 1
warren_tunnels{kind="cfd_tunnel",status="inactive"} 0
warren_tunnels{kind="cfd_tunnel",status="odd"} 1
# HELP warren_last_success_timestamp_seconds When the account was last read and compared.
# TYPE warren_last_success_timestamp_seconds gauge
warren_last_success_timestamp_seconds 1795593600
`);
  expect(readMetrics(text)).toHaveLength(11);
});

test("connectors that are behind, where they were asked", () => {
  const plan = planOf(state([]), []);
  const laggard = {
    code: "not_arrived",
    kind: "cfd_tunnel_configuration",
    name: "web",
    id: "1",
    follower: { id: "c", software: "", host: null, version: "1" },
    expected: "2",
  } as const;
  const of = (behind: readonly (typeof laggard)[]) =>
    readMetrics(
      renderMetrics({ plan, actual: [], kinds: [], rollout: { asked: 2, behind, silent: [] }, now: NOW }),
    ).filter(({ name }) => name === "warren_drift_behind");
  expect(of([laggard, laggard]).map(({ value }) => value)).toEqual([2]);
  expect(of([]).map(({ value }) => value)).toEqual([0]);
});

test("whatever the API calls a status, it is one label of one line", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (status) => {
      const actual = [tunnel("web", 1, facts({ status }))];
      const plan = planOf(state([entry("web")]), actual);
      const text = renderMetrics({ plan, actual, kinds: ["cfd_tunnel"], rollout: null, now: NOW });
      const found = readMetrics(text).filter(
        ({ labels, value }) => labels["status"] === status && value === 1,
      );
      expect(found).toHaveLength(1);
    }),
  );
});
