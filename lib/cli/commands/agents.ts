import { findAgents } from "../../definition/index.ts";
import { checkFile } from "../agents.ts";
import { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { table } from "../table.ts";

/** Lists the agents of the project, with what each is for. */
export async function agents({ terminal, root, json }: Invocation): Promise<ExitCode> {
  const files = await findAgents(root);
  const rows = await Promise.all(
    files.map(async (file) => {
      const result = await checkFile(file);
      return {
        agent: file.name,
        ok: result.ok,
        steps: result.ok ? result.agent.steps.length : null,
        purpose: result.ok ? result.agent.purpose : troubleOf(file.name, result.problems.length),
      };
    }),
  );
  if (json) terminal.out(JSON.stringify(rows));
  else if (rows.length === 0)
    terminal.err(`No agent under ${root}/functions. An agent is a folder there with an agent.ts.`);
  else
    terminal.out(
      table(
        ["agent", "steps", "purpose"],
        rows.map((row) => [row.agent, row.steps ?? "-", row.purpose]),
      ),
    );
  return ExitCode.ok;
}

const troubleOf = (name: string, problems: number) =>
  `${problems} ${problems === 1 ? "problem" : "problems"}: npx holdfast check ${name}`;
