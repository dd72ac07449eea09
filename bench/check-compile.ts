import { performance } from "node:perf_hooks";
import { compile } from "../lib/compiler/index.ts";
import { type AgentSource, checkAgent } from "../lib/definition/index.ts";
import { generatedAgent } from "./generated-agent.ts";

/** How long `check` and `compile` take for generated agents. Figures to hold: 100 ms for 200 steps, and linear. */
const SIZES = [200, 1_000, 2_000];
const WARM_UP_ROUNDS = 30;
const ROUNDS = 9;
const TO_HOLD_MS = 100;

interface Timing {
  readonly checkMs: number;
  readonly compileMs: number;
}

function once(source: AgentSource): Timing {
  const start = performance.now();
  const result = checkAgent(source);
  const checked = performance.now();
  if (!result.ok) throw new Error(JSON.stringify(result.problems.slice(0, 5)));
  compile(result.agent);
  return { checkMs: checked - start, compileMs: performance.now() - checked };
}

const total = ({ checkMs, compileMs }: Timing) => checkMs + compileMs;

/** The median round by total time. */
function typical(source: AgentSource): Timing {
  const rounds = Array.from({ length: ROUNDS }, () => once(source)).sort((a, b) => total(a) - total(b));
  return rounds[Math.floor(ROUNDS / 2)] ?? once(source);
}

const round = (ms: number) => Math.round(ms * 10) / 10;

const firstCallMs = round(total(once(generatedAgent(SIZES[0] ?? 200))));
for (let warmUp = 0; warmUp < WARM_UP_ROUNDS; warmUp += 1) once(generatedAgent(SIZES[0] ?? 200));
const sizes = SIZES.map((steps) => {
  const source = generatedAgent(steps);
  const timing = typical(source);
  return {
    steps,
    checkMs: round(timing.checkMs),
    compileMs: round(timing.compileMs),
    totalMs: round(total(timing)),
    microsecondsPerStep: Math.round((total(timing) * 1_000) / steps),
  };
});
const held = (sizes[0]?.totalMs ?? 0) <= TO_HOLD_MS;

if (process.argv.includes("--json")) {
  console.log(JSON.stringify({ firstCallMs, toHoldMs: TO_HOLD_MS, held, sizes }));
} else {
  console.log(`check and compile, warm; to hold: ${TO_HOLD_MS} ms for ${SIZES[0]} steps, and linear`);
  console.table(sizes);
  console.log(`The first call of the process took ${firstCallMs} ms for ${SIZES[0]} steps.`);
}
