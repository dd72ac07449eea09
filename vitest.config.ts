import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "functions/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    env: { CDK_DISABLE_CLI_TELEMETRY: "true", NO_COLOR: "1" },
  },
});
