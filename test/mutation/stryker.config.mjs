// What `npm run mutation` does: changes `engine/` and `cloudflare/` in one place at a time, and asks that a test fails.
export default {
  mutate: ["src/engine/**/*.ts", "src/cloudflare/**/*.ts"],
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "test/mutation/vitest.config.ts" },
  // There is none: Stryker would rewrite it by an API that TypeScript 7 does not have.
  tsconfigFile: "none.json",
  coverageAnalysis: "perTest",
  // A change of what runs once, at import, cannot be told apart by test.
  ignoreStatic: true,
  concurrency: 2,
  timeoutMS: 10_000,
  incremental: true,
  incrementalFile: "coverage/mutation/incremental.json",
  reporters: ["clear-text", "progress-append-only", "json"],
  jsonReporter: { fileName: "coverage/mutation/report.json" },
  clearTextReporter: { allowColor: false, reportTests: false },
  tempDirName: "coverage/mutation/tmp",
  thresholds: { high: 95, low: 90, break: 85 },
};
