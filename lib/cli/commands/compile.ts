import { compile as compileAgent } from "../../compiler/index.ts";
import { loadAgent } from "../agents.ts";
import { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";

/** Prints the state machine of an agent, and nothing else. */
export async function compile({ terminal, root }: Invocation, name: string): Promise<ExitCode> {
  const { document } = await loadAgent(root, name);
  terminal.out(JSON.stringify(compileAgent(document), null, 2));
  return ExitCode.ok;
}
