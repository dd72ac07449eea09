import { packetMarkdown } from "../../runtime/index.ts";
import { loadProject } from "../agents.ts";
import { groupDigest, isGroupId, onlyEscalation, readGroup } from "../desk.ts";
import { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { isRunId } from "../run-id.ts";
import { printable } from "../terminal.ts";
import { withDesk } from "../with-desk.ts";

/** Shows what people decide by: of one escalation, by its id or its run's, or of each in a group. */
export async function escalation(
  invocation: Invocation,
  target: string,
  { stack }: { readonly stack?: string },
): Promise<ExitCode> {
  const { terminal, json } = invocation;
  const agents = await loadProject(invocation);
  const found = await withDesk(invocation, agents, { stack }, async (desk) => {
    if (isGroupId(target)) return readGroup(desk, agents, target);
    return [await desk.read(isRunId(target) ? await onlyEscalation(desk, agents, target) : target)];
  });
  const digest = isGroupId(target) ? groupDigest(found) : undefined;
  if (json) {
    terminal.out(JSON.stringify(digest === undefined ? found[0] : { group: target, digest, escalations: found }));
  } else {
    terminal.out(found.map(({ escalation: live, packet }) => packetMarkdown(packet, live)).join("\n\n---\n\n"));
    if (digest !== undefined) terminal.out(`\n---\n\nDigest of the group: ${digest}`);
  }
  for (const { escalation: live } of found) {
    if (live.untold !== null) terminal.err(printable(`${live.id} could not be announced everywhere: ${live.untold}`));
  }
  return ExitCode.ok;
}
