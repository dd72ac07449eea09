import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "functions/**/*.test.ts"],
    // Of its own accord vitest leaves a core idle, which on two of them is half.
    maxWorkers: "100%",
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { CDK_DISABLE_CLI_TELEMETRY: "true", NO_COLOR: "1" },
  },
});
