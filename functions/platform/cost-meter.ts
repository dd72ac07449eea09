import type { SFNClient } from "@aws-sdk/client-sfn";
import { machineCounter } from "../../lib/aws/index.ts";
import type { Execution } from "../../lib/ports/index.ts";
import { classify, measureCost } from "../../lib/runtime/index.ts";
import { observers } from "./observers.ts";

type Ended = Pick<Execution, "name" | "status"> & { readonly stateMachineArn: string };

/** Measures what runs cost that have ended. What cannot be counted is left unmeasured: the end is written already. */
export function costMeter(client: SFNClient, ports: Parameters<typeof measureCost>[0]) {
  const countsOf = machineCounter(client, ports.clock.now);
  return async ({ name, status, stateMachineArn }: Ended): Promise<void> => {
    try {
      const machine = status === "RUNNING" ? undefined : await countsOf(stateMachineArn, name);
      if (machine !== undefined) await measureCost(ports, name, machine);
    } catch (error) {
      const { name: errorClass, code } = classify(error);
      const log = observers.log.with({ correlation_id: name });
      log.warn("The cost of the run was not measured.", { error_class: errorClass, error_code: code });
    }
  };
}
