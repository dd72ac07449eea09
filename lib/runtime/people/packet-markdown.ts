import type { Json } from "../../contract/index.ts";
import { block, code, inline, jsonBlock } from "./markdown-text.ts";
import type { Packet } from "./packet.ts";

/** How an escalation stands now; its packet says how it stood when people were asked. */
export interface LiveEscalation {
  readonly status: string;
  /** ISO 8601. */
  readonly deadline: string;
  /** Of the packet. */
  readonly digest: string;
  readonly decision: string | null;
  readonly decidedBy: string | null;
  readonly votes: readonly { readonly by: string; readonly decision: string }[];
}

/**
 * A packet for people to read, in Markdown. Whatever a step, an error or a requester has put into it stays in its place:
 * nothing of it becomes a heading, a link or HTML, and characters that are not seen are spelled out.
 */
export function packetMarkdown(packet: Packet, live: LiveEscalation): string {
  const { question, escalation, run } = packet;
  return [
    `# ${inline(run.agent)} asks ${inline(escalation.audience)} about ${inline(question.step)}`,
    `**${inline(question.text)}**`,
    standing(packet, live),
    section(
      "Options",
      packet.options.map(({ decision, consequence }) => `- ${code(decision)}: ${inline(consequence)}`),
    ),
    ...(question.requestDigest === null ? [] : [`## Request\n\n${jsonBlock(question.request)}`]),
    ...wentWrong(packet),
    ...(question.recommendation === null ? [] : [`## Recommendation\n\n${blockOf(question.recommendation)}`]),
    `## Run\n\n${about(packet)}\n\nInput:\n\n${jsonBlock(packet.input)}`,
    doneSoFar(packet),
    ...(packet.asked.length === 0 ? [] : [section("Asked before", packet.asked.map(askedBefore))]),
    howToDecide(packet, live),
  ]
    .join("\n\n")
    .concat("\n");
}

function standing({ escalation }: Packet, { status, deadline, decision, decidedBy, votes }: LiveEscalation): string {
  const { tier, tiers, ladder, openedAt, approvals, members } = escalation;
  const decided = decision === null ? [] : [`- Decided: ${code(decision)} by ${code(decidedBy ?? "nobody")}`];
  const needed = approvals > 1 ? [`- ${approvals} different people must decide alike.`] : [];
  return [
    `- Status: ${inline(status)}`,
    `- Deadline: ${code(deadline)}`,
    `- Asked: tier ${tier} of ${tiers} of ladder ${code(ladder)}, at ${code(openedAt)}`,
    ...needed,
    ...(members === null ? [] : [`- May decide: ${members.map(code).join(", ")}`]),
    ...votes.map((vote) => `- Vote: ${code(vote.decision)} by ${code(vote.by)}`),
    ...decided,
  ].join("\n");
}

function wentWrong({ error }: Packet): string[] {
  if (error === null) return [];
  const attempts =
    error.attempts === null ? "" : `, after ${error.attempts} ${error.attempts === 1 ? "attempt" : "attempts"}`;
  return [`## What went wrong\n\n${code(error.class)}, ${code(error.code)}${attempts}:\n\n${block(error.message)}`];
}

function about({ run, question, spent }: Packet): string {
  return [
    `- Run: ${code(run.id)}`,
    `- Goal: ${inline(run.goal)}`,
    ...(run.startedAt === null ? [] : [`- Started: ${code(run.startedAt)}`]),
    `- Step: ${code(question.path)}`,
    ...spentLines(spent),
  ].join("\n");
}

function spentLines({ tokens, usd }: Packet["spent"]): string[] {
  const counted = [...(tokens === undefined ? [] : [`${tokens} tokens`]), ...(usd === undefined ? [] : [`${usd} USD`])];
  return counted.length === 0 ? [] : [`- Spent: ${counted.join(", ")}`];
}

function doneSoFar({ done, earlierSteps }: Packet): string {
  const left = earlierSteps === undefined ? [] : [`- ${earlierSteps} earlier steps are left out.`];
  const steps = done.map(({ path, status, attempts, output, actions, earlierActions }) =>
    [
      `- ${code(path)}: ${inline(status)}${attempts === null || attempts < 2 ? "" : `, at attempt ${attempts}`}${result(output)}`,
      ...(earlierActions === undefined ? [] : [`  - ${earlierActions} earlier actions are left out.`]),
      ...actions.map((action) => `  - ${code(action.key)}: ${inline(action.status)}${result(action.result)}`),
    ].join("\n"),
  );
  return section("Done so far", steps.length + left.length === 0 ? ["- Nothing yet."] : [...left, ...steps]);
}

const askedBefore = ({ id, tier, audience, status, decision, decidedBy }: Packet["asked"][number]) =>
  `- ${code(id)}: tier ${tier}, ${inline(audience)}, ${inline(status)}${
    decision === null ? "" : `: ${code(decision)} by ${code(decidedBy ?? "nobody")}`
  }`;

function howToDecide({ escalation, options, question }: Packet, { digest }: LiveEscalation): string {
  const commands = options.map(({ decision }) => {
    const more = decision === "override" ? " --output <file>" : decision === "raise" ? " --raise <amounts>" : "";
    return `npx holdfast decide ${escalation.id} --decision ${decision} --seen ${digest} --as <you>${more}`;
  });
  const request = question.requestDigest === null ? "" : `- Digest of the request: ${code(question.requestDigest)}\n`;
  const elsewhere = "Of a deployed platform, `--stack <its stack>` takes the place of `--as <you>`.";
  return `## How to decide\n\n${block(commands.join("\n"))}\n\n${elsewhere}\n\n${request}- Digest of this packet: ${code(digest)}`;
}

const section = (title: string, lines: readonly string[]) => `## ${title}\n\n${lines.join("\n")}`;
const result = (value: Json) => (value === null ? "" : `, ${code(JSON.stringify(value))}`);
const blockOf = (value: Json) => (typeof value === "string" ? block(value) : jsonBlock(value));
