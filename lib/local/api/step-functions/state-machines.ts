import { z } from "zod";
import { ROLE_ARN } from "../../engine/arns.ts";
import { ServiceError, type StateMachine, stateMachineArnOf } from "../../engine/index.ts";
import { arn, type Operations, operation } from "../operation.ts";
import { page, pageRequest } from "../paging.ts";
import { seconds } from "../wire.ts";
import { requireArn } from "./arns.ts";

/** The state machines that there are, by name. */
export interface Machines {
  readonly all: readonly StateMachine[];
  readonly createdAt: Date;
}

/** @throws ApiError InvalidArn. @throws ServiceError StateMachineDoesNotExist */
export function findMachine({ all }: Machines, stateMachineArn: string): StateMachine {
  requireArn(stateMachineArn, "stateMachine");
  const machine = all.find(({ name }) => stateMachineArnOf(name) === stateMachineArn);
  if (machine === undefined) throw new ServiceError("StateMachineDoesNotExist", stateMachineArn);
  return machine;
}

export function stateMachineOperations(machines: Machines): Operations {
  const outline = ({ name }: StateMachine) => ({
    stateMachineArn: stateMachineArnOf(name),
    name,
    type: "STANDARD",
    creationDate: seconds(machines.createdAt),
  });

  return {
    ListStateMachines: operation(z.object(pageRequest), async (request) => {
      const { items, ...rest } = page(machines.all, ({ name }) => name, request);
      return { stateMachines: items.map(outline), ...rest };
    }),

    DescribeStateMachine: operation(z.object({ stateMachineArn: arn }), async ({ stateMachineArn }) => {
      const machine = findMachine(machines, stateMachineArn);
      return {
        ...outline(machine),
        status: "ACTIVE",
        definition: JSON.stringify(machine.definition),
        roleArn: ROLE_ARN,
        loggingConfiguration: { level: "OFF", includeExecutionData: false },
        tracingConfiguration: { enabled: false },
      };
    }),
  };
}
