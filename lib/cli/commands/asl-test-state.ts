import { z } from "zod";
import { type Json, parseJson } from "../../contract/index.ts";
import { type Mock, testState } from "../../local/index.ts";
import { printRefusal, readDefinition, readInput, readOption } from "../asl-files.ts";
import { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";

export interface AslTestStateOptions {
  readonly definition: string;
  readonly stateName?: string;
  readonly input: string;
  readonly mock?: string;
  readonly variables?: string;
  readonly context?: string;
}

/** As AWS's TestState takes it: the result is a JSON text. What is no text is taken as the result itself. */
const MockFile = z.object({
  result: z
    .json()
    .transform(textOf)
    .refine((text) => parseJson(text) !== undefined, "must be JSON")
    .exactOptional(),
  errorOutput: z.object({ error: z.string().exactOptional(), cause: z.string().exactOptional() }).exactOptional(),
});

const Members = z.record(z.string(), z.json());

/** Tries one state, as AWS's TestState does. Exit 0: it was tried, whatever came of it; 2: AWS would refuse it. */
export async function aslTestState({ terminal, json }: Invocation, options: AslTestStateOptions): Promise<ExitCode> {
  try {
    const mock: Mock | undefined = await readOption("--mock", options.mock, MockFile);
    const variables = await readOption("--variables", options.variables, Members);
    const context = await readOption("--context", options.context, Members);
    const {
      status,
      output = null,
      error = null,
      cause = null,
      nextState = null,
    } = testState({
      definition: await readDefinition(options.definition),
      input: await readInput(options.input),
      ...(options.stateName === undefined ? {} : { stateName: options.stateName }),
      ...(mock === undefined ? {} : { mock }),
      ...(variables === undefined ? {} : { variables }),
      ...(context === undefined ? {} : { context }),
    });
    const answer = { status, output, error, cause, nextState };
    terminal.out(JSON.stringify(answer, null, json ? undefined : 2));
    return ExitCode.ok;
  } catch (error) {
    return printRefusal(terminal, json, error);
  }
}

function textOf(result: Json): string {
  return typeof result === "string" ? result : JSON.stringify(result);
}
