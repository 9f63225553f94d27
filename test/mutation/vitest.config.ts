import { defineConfig } from "vitest/config";

/** The tests of the mutated rooms and of what they carry; those that start the whole program would take hours. */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    include: ["test/{engine,cloudflare,kinds,scenarios}/**/*.test.ts"],
  },
});
