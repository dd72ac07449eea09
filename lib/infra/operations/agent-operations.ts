import { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { stateMachineName } from "../../contract/index.ts";
import type { AgentDocument } from "../../definition/index.ts";
import type { HoldfastPlatform } from "../platform/holdfast-platform.ts";
import { createAgentAlarms, type IntakeQueues } from "./agent-alarms.ts";
import { createAgentDashboard } from "./agent-dashboard.ts";
import { responsibleFor } from "./responsible.ts";

export interface AgentOperationsProps {
  readonly document: AgentDocument;
  readonly platform: HoldfastPlatform;
  readonly machine: StateMachine;
  readonly intake: IntakeQueues | undefined;
}

/** How an agent is watched: its alarms and its dashboard, which shows every function of the agent's construct. */
export class AgentOperations extends Construct {
  constructor(agent: Construct, id: string, { document, platform, machine, intake }: AgentOperationsProps) {
    super(agent, id);
    const name = stateMachineName(document.name);
    const { alarmTopic: topic, watched } = platform;
    const responsible = responsibleFor(document);
    const alarms = createAgentAlarms(this, { prefix: name, responsible, topic, document, machine, intake });
    const functions = agent.node.findAll().filter((each) => each instanceof LambdaFunction);
    createAgentDashboard(this, { name, document, machine, functions, intake, alarms, platform: watched });
  }
}
