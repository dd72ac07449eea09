import { z } from "zod";
import type { Engine, HistoryEvent } from "../../engine/index.ts";
import { arn, type Operations, operation } from "../operation.ts";
import { page, pageRequest } from "../paging.ts";
import { seconds } from "../wire.ts";
import { requireArn } from "./arns.ts";

export function historyOperations(engine: Engine): Operations {
  return {
    GetExecutionHistory: operation(
      z.object({
        ...pageRequest,
        executionArn: arn,
        reverseOrder: z.boolean().default(false),
        includeExecutionData: z.boolean().default(true),
      }),
      async ({ executionArn, reverseOrder, includeExecutionData, ...request }) => {
        requireArn(executionArn, "execution");
        const history = await engine.getHistory(executionArn);
        const ordered = reverseOrder ? history.toReversed() : history;
        const { items, ...rest } = page(ordered, ({ id }) => String(id), request);
        const events = items.map((event) => ({
          ...(includeExecutionData ? event : withoutData(event)),
          timestamp: seconds(event.timestamp),
        }));
        return { events, ...rest };
      },
    ),
  };
}

const DATA: readonly string[] = ["input", "inputDetails", "output", "outputDetails"];

const withoutData = (event: HistoryEvent) =>
  Object.fromEntries(
    Object.entries(event).map(([name, value]) => [name, name.endsWith("EventDetails") ? stripped(value) : value]),
  );

const stripped = (details: object) =>
  Object.fromEntries(Object.entries(details).filter(([name]) => !DATA.includes(name)));
