import { createHash } from "node:crypto";
import type { LoadedAgent } from "../definition/index.ts";
import type { LocalDesk } from "../local/index.ts";
import type { Decision, Escalation, EscalationSummary, Packet } from "../runtime/index.ts";
import { usageError } from "./failure.ts";

/** Where people read what they are asked, and decide: this machine, or a deployed stack. */
export interface Desk {
  /** Open escalations of some audiences, oldest first. */
  asked(audiences: readonly string[]): Promise<readonly EscalationSummary[]>;
  read(id: string): Promise<{ readonly escalation: Escalation; readonly packet: Packet }>;
  decide(decision: Decision): Promise<Escalation>;
  /** There where the runs are, too. */
  readonly local?: LocalDesk;
}

/** Everybody whom the ladders of the agents ask. */
export const audiencesOf = (agents: readonly LoadedAgent[]): readonly string[] => [
  ...new Set(
    agents.flatMap(({ document }) =>
      Object.values(document.escalations).flatMap(({ tiers }) => tiers.map(({ audience }) => audience)),
    ),
  ),
];

export const isGroupId = (id: string) => /^[0-9a-f]{16}$/.test(id);

export type Read = Awaited<ReturnType<Desk["read"]>>;

/** What is open of a group, oldest first. @throws Holdfast.InvalidInput when that is nothing. */
export async function readGroup(desk: Desk, agents: readonly LoadedAgent[], group: string): Promise<readonly Read[]> {
  const like = (await desk.asked(audiencesOf(agents))).filter((each) => each.group === group);
  if (like.length > 0) return Promise.all(like.map(({ id }) => desk.read(id)));
  throw usageError("nothing-to-decide", `Nothing of group ${group} is open. npx holdfast escalations lists what is.`);
}

/** Of all that a group holds: another as soon as one comes to it, or leaves it. */
export const groupDigest = (group: readonly Read[]): string =>
  createHash("sha256")
    .update(
      group
        .map(({ escalation }) => escalation.digest)
        .sort()
        .join(),
    )
    .digest("hex");

/** The only escalation of a run that is open. @throws Holdfast.InvalidInput when there is none, or several. */
export async function onlyEscalation(desk: Desk, agents: readonly LoadedAgent[], runId: string): Promise<string> {
  const open = (await openOf(desk, agents, runId)).filter(({ status }) => status === "open");
  const [only] = open;
  if (only !== undefined && open.length === 1) return only.id;
  const allowed = open.map(({ id, step }) => `${id} (${step})`).join(", ");
  throw usageError(
    open.length === 0 ? "nothing-to-decide" : "several-to-decide",
    open.length === 0
      ? `Nobody is asked anything about ${runId}.`
      : `${runId} waits for several decisions. Name one: ${allowed}.`,
  );
}

/** Of a run, and on this machine of the subflows that it waits for. */
async function openOf({ local, asked }: Desk, agents: readonly LoadedAgent[], runId: string) {
  if (local !== undefined) return (await local.facts(runId)).escalations;
  return (await asked(audiencesOf(agents))).filter((each) => each.runId === runId);
}
