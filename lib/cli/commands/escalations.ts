import type { EscalationSummary } from "../../runtime/index.ts";
import { loadProject } from "../agents.ts";
import { audiencesOf } from "../desk.ts";
import { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { table } from "../table.ts";
import { printable } from "../terminal.ts";
import { withDesk } from "../with-desk.ts";

/** Lists what people are asked, oldest first. */
export async function escalations(
  invocation: Invocation,
  { mine, stack }: { readonly mine?: string; readonly stack?: string },
): Promise<ExitCode> {
  const { terminal, json } = invocation;
  const agents = await loadProject(invocation);
  const audiences = audiencesOf(agents);
  const asked = await withDesk(invocation, agents, { stack }, (desk) => desk.asked(audiences));
  const shown = mine === undefined ? asked : asked.filter((each) => isFor(each, mine, audiences));
  if (json) terminal.out(JSON.stringify(shown));
  else if (shown.length === 0) terminal.out("Nobody is asked anything.");
  else terminal.out(table(["escalation", "asks", "about", "until", "decided", "like it"], shown.map(cells(shown))));
  return ExitCode.ok;
}

/** Whether somebody, or an audience, may decide it, as far as the declaration says. */
function isFor({ audience, members }: EscalationSummary, who: string, audiences: readonly string[]): boolean {
  if (audience === who) return true;
  return members === null
    ? !audiences.includes(who)
    : members.some((member) => member.toLowerCase() === who.toLowerCase());
}

/** How many have decided so, of what most have. */
function mostAlike(votes: EscalationSummary["votes"]): number {
  const counts = votes.map((vote) => votes.filter(({ decision }) => decision === vote.decision).length);
  return Math.max(0, ...counts);
}

const cells =
  (all: readonly EscalationSummary[]) =>
  ({ id, audience, step, kind, deadline, approvals, votes, group }: EscalationSummary) => {
    const like = all.filter((other) => other.group === group).length;
    return [
      id,
      printable(audience),
      `${step} (${kind})`,
      deadline,
      `${mostAlike(votes)} of ${approvals}`,
      like === 1 ? "" : `${like} in group ${group}`,
    ];
  };
