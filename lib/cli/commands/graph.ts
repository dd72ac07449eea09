import { mermaid } from "../../compiler/index.ts";
import { loadAgent } from "../agents.ts";
import { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";

/** Prints an agent's steps as a Mermaid flowchart. */
export async function graph({ terminal, root }: Invocation, name: string): Promise<ExitCode> {
  const { document } = await loadAgent(root, name);
  terminal.out(mermaid(document).trimEnd());
  return ExitCode.ok;
}
