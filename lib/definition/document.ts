import { z } from "zod";
import { Duration } from "./duration.ts";
import { Models } from "./models.ts";
import { Ladder } from "./people.ts";
import { JsonSchema, NAME } from "./step-parts.ts";
import { StepSchema } from "./steps.ts";
import { McpServers, type Tool, Tools, toolNamed } from "./tools.ts";
import { Trigger } from "./triggers.ts";
import { OutputSchema } from "./value.ts";
import type { WorkStep } from "./work-steps.ts";

export const FORMAT_VERSION = 1;

export const Budget = z
  .strictObject({
    usd: z.number().positive().optional(),
    tokens: z.int().positive().optional(),
    steps: z.int().positive().optional(),
    wallClock: Duration.optional(),
  })
  .meta({ id: "Budget" });
export type Budget = z.output<typeof Budget>;

/** The agent document: the versioned contract between declarations and everything that reads them. */
export const AgentDocument = z
  .strictObject({
    holdfast: z.literal(FORMAT_VERSION).describe("Version of this format."),
    name: z.string().max(40).regex(NAME, "must be kebab-case"),
    purpose: z.string().min(1).max(500),
    owners: z.strictObject({ business: z.string().min(1), service: z.string().min(1) }).optional(),
    success: z.array(z.strictObject({ metric: z.string().min(1), atLeast: z.number() })).default([]),
    runbook: z
      .url({ protocol: /^https$/, error: "must be an https URL" })
      .max(300)
      .optional()
      .describe("Folder of its runbooks: its alarms link to <runbook>/<alarm>.md."),
    input: JsonSchema.describe("Schema of the event's detail."),
    triggers: z.array(Trigger).default([]),
    requester: z
      .string()
      .min(1)
      .optional()
      .describe("Property of the input that names who asked for the run: that person decides nothing about it."),
    budget: Budget.default({}),
    escalations: z.record(z.string().max(40).regex(NAME, "must be kebab-case"), Ladder).default({}),
    defaultLadder: z.string().optional().describe("Needed where several ladders are declared."),
    tools: Tools.describe("What its reasoning steps may call, by name."),
    mcpServers: McpServers.describe("Where its MCP tools are, by name."),
    models: Models.describe("Prices of models, where they are not known or others have been agreed."),
    steps: z.array(StepSchema).min(1),
    output: OutputSchema.optional().describe("The run's output."),
  })
  .meta({ id: "AgentDocument", title: "Holdfast agent" });
export type AgentDocument = z.output<typeof AgentDocument>;
/** The same as written by hand: what has a default may be left out. */
export type AgentSource = z.input<typeof AgentDocument>;

/** The ladder that failures and unset gates go to: the declared default, else the only one there is. */
export function defaultLadder(agent: Pick<AgentDocument, "escalations" | "defaultLadder">): string | undefined {
  if (agent.defaultLadder !== undefined) return agent.defaultLadder;
  const names = Object.keys(agent.escalations);
  return names.length === 1 ? names[0] : undefined;
}

/** The ladder whose approval a write waits for, if any. A reasoning step has no gate: each write among its tools has its own. */
export function gateLadder(
  agent: Pick<AgentDocument, "escalations" | "defaultLadder">,
  write: WorkStep | Tool,
): string | undefined {
  if (!("effect" in write) || write.effect !== "write") return undefined;
  if (write.gate === undefined) return defaultLadder(agent);
  return "ladder" in write.gate ? write.gate.ladder : undefined;
}

/** The tools of a step whose calls wait for approval, by the ladder that gives it. */
export function toolGates(agent: AgentDocument, step: WorkStep): ReadonlyMap<string, readonly string[]> {
  const gates = new Map<string, string[]>();
  for (const name of step.kind === "reason" ? step.tools : []) {
    const tool = toolNamed(agent.tools, name);
    const ladder = tool && gateLadder(agent, tool);
    if (ladder !== undefined) gates.set(ladder, [...(gates.get(ladder) ?? []), name]);
  }
  return gates;
}
