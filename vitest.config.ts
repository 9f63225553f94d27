import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // A loaded machine is slow, and slow is not wrong: no test asserts a time.
    testTimeout: 60_000,
    // Nobody waits beside it: vitest would leave one of two cores idle.
    maxWorkers: "100%",
    include: ["test/**/*.test.ts"],
    benchmark: { include: ["test/bench/**/*.bench.ts"] },
    coverage: { provider: "v8", include: ["src/**/*.ts"] },
  },
});
