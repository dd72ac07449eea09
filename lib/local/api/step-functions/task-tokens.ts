import { z } from "zod";
import { parseJson } from "../../../contract/index.ts";
import { type Engine, ServiceError } from "../../engine/index.ts";
import { cause, data, error, type Operations, operation } from "../operation.ts";

const taskToken = z.string().min(1).max(2048);

export function taskTokenOperations(engine: Engine): Operations {
  return {
    SendTaskSuccess: operation(z.object({ taskToken, output: data }), async ({ taskToken, output }) => {
      const parsed = parseJson(output);
      if (parsed === undefined) throw new ServiceError("InvalidOutput", "The output is not JSON.");
      await engine.sendTaskSuccess(taskToken, parsed);
      return {};
    }),

    SendTaskFailure: operation(z.object({ taskToken, error, cause }), async ({ taskToken, ...failure }) => {
      await engine.sendTaskFailure(taskToken, failure);
      return {};
    }),

    SendTaskHeartbeat: operation(z.object({ taskToken }), async ({ taskToken }) => {
      await engine.sendTaskHeartbeat(taskToken);
      return {};
    }),
  };
}
