import type { Json } from "../../contract/index.ts";
import type { Item } from "../../ports/index.ts";
import { isWritten } from "../action-record.ts";
import { kept } from "../claims.ts";
import type { StepPorts } from "../ports.ts";
import type { ToolOutcome } from "../tools/index.ts";
import { type Answered, usesOf } from "./turn.ts";

/** A write that a loop has made by a tool. */
export type WrittenCall = { readonly tool: string; readonly input: Json; readonly output: Json };

/** `turn-4.1-refund`: the second call of turn 4. */
const CALL = /^(turn-(\d+))\.(\d+)-([a-z0-9-]+)$/;

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
      const [, turn = "", number, index, tool] = CALL.exec(key) ?? [];
      if (tool === undefined || !isWritten(item)) return [];
      const [answered, outcome] = await Promise.all([resultOf(turn), resultOf(key)]);
      if (answered === undefined) return [];
      const use = usesOf((answered as Json & Answered).response)[Number(index)];
      const made = outcome as (Json & ToolOutcome) | undefined;
      if (use === undefined || made?.ok !== true || made.provenance.fallback !== undefined) return [];
      return [{ at: [Number(number), Number(index)] as const, call: { tool, input: use.input, output: made.output } }];
    }),
  );
  return calls
    .flat()
    .sort((a, b) => a.at[0] - b.at[0] || a.at[1] - b.at[1])
    .map(({ call }) => call);
}
