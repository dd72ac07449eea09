import { type Json, loopAction, turnAction } from "../../contract/index.ts";
import type { Item } from "../../ports/index.ts";
import { isWritten } from "../action-record.ts";
import { kept } from "../claims.ts";
import type { StepPorts } from "../ports.ts";
import type { ToolOutcome } from "../tools/index.ts";
import { type Answered, usesOf } from "./turn.ts";

/** A write that a loop has made by a tool. */
export type WrittenCall = { readonly tool: string; readonly input: Json; readonly output: Json };

/** The writes of a loop, in order, by what it has recorded. @param byKey items of its actions. */
export async function writtenCalls(
  ports: Pick<StepPorts, "claims">,
  byKey: ReadonlyMap<string, Item>,
): Promise<readonly WrittenCall[]> {
  const resultOf = async (key: string) => {
    const item = byKey.get(key);
    return item?.status === "done" ? kept(ports, item, "result") : undefined;
  };
  const calls = await Promise.all(
    [...byKey].map(async ([key, item]) => {
      const action = loopAction(key);
      if (action?.kind !== "call" || !isWritten(item)) return [];
      const { turn, index, tool } = action;
      const [answered, outcome] = await Promise.all([resultOf(turnAction(turn)), resultOf(key)]);
      if (answered === undefined) return [];
      const use = usesOf((answered as Json & Answered).response)[index];
      const made = outcome as (Json & ToolOutcome) | undefined;
      if (use === undefined || made?.ok !== true || made.provenance.fallback !== undefined) return [];
      return [{ turn, index, call: { tool, input: use.input, output: made.output } }];
    }),
  );
  return calls
    .flat()
    .sort((a, b) => a.turn - b.turn || a.index - b.index)
    .map(({ call }) => call);
}
