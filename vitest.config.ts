import { defineConfig } from "vitest/config";

/** Tests that leave nothing behind in their process: it is enough to load what they test once. What is hostile takes all the memory there is. */
const TIDY = [
  ...["aws", "cli", "compiler", "definition", "docs", "infra", "local", "models", "runtime", "synth", "tools"].map(
    (folder) => `test/${folder}/**/!(hostile).test.ts`,
  ),
  "functions/**/*.test.ts",
];

export default defineConfig({
  test: {
    // Of its own accord vitest leaves a core idle, which on two of them is half.
    maxWorkers: "100%",
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { CDK_DISABLE_CLI_TELEMETRY: "true", NO_COLOR: "1" },
    projects: [
      { extends: true, test: { name: "tidy", include: TIDY, isolate: false } },
      { extends: true, test: { name: "apart", include: ["test/**/*.test.ts"], exclude: TIDY } },
    ],
  },
});
