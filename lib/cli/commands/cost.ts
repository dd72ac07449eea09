import { type Estimate, estimate } from "../../compiler/index.ts";
import { type Counts, PRICES } from "../../contract/index.ts";
import { loadAgent } from "../agents.ts";
import { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { table } from "../table.ts";

/** Prints what runs of an agent cost on AWS by list price, before any of them has run. */
export async function cost(
  { terminal, root, json }: Invocation,
  name: string,
  { runs, seconds }: { readonly runs: number; readonly seconds: number },
): Promise<ExitCode> {
  const { document } = await loadAgent(root, name);
  const estimated = estimate(document, { runs, secondsPerInvocation: seconds });
  const { asOf, region } = PRICES;
  if (json) terminal.out(JSON.stringify({ agent: name, asOf, region, ...estimated }));
  else terminal.out(inWords(name, estimated, seconds));
  return ExitCode.ok;
}

const COUNTED: readonly (readonly [keyof Counts, string])[] = [
  ["transitions", "state transitions"],
  ["invocations", "function invocations"],
  ["gigabyteSeconds", "gigabyte-seconds"],
  ["storeWrites", "table writes"],
  ["indexWrites", "index writes"],
  ["storeReads", "table reads"],
  ["events", "events"],
  ["queueRequests", "queue requests"],
];

function inWords(name: string, { typical, worst, month, idle }: Estimate, seconds: number): string {
  const rows = COUNTED.map(([key, label]) => [label, figure(typical.machine[key]), figure(typical.platform[key])]);
  return [
    `${name}: list prices of ${PRICES.region} as of ${PRICES.asOf}, without free tiers, models, traces and data transfer`,
    "",
    table(["a typical run takes", "in the machine", "around it"], rows),
    "",
    `a typical run  ${usd(typical.usd)}: first branches, no retries, approved at once, ${seconds} s an invocation`,
    `the worst run  ${usd(worst.usd)}: ${figure(worst.transitions)} transitions, ${figure(worst.invocations)} invocations, the budget spent`,
    `${figure(month.runs)} a month  ${usd(month.typicalUsd)} typically, and ${usd(idle.agentUsd)} for alarms, dashboard and sweeps even if nothing runs`,
    `what all agents share costs ${usd(idle.platformUsd)} a month, idle`,
  ].join("\n");
}

const figure = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 2 });
const usd = (value: number) => `${value.toLocaleString("en-US", { maximumSignificantDigits: 3 })} USD`;
