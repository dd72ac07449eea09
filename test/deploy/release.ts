import {
  CreateStateMachineAliasCommand,
  ListStateMachineAliasesCommand,
  ListStateMachinesCommand,
  PublishStateMachineVersionCommand,
  type SFNClient,
  UpdateStateMachineAliasCommand,
} from "@aws-sdk/client-sfn";
import { LIVE, liveOf } from "../../lib/infra/live.ts";

/** Makes a version of every state machine as it is now, and lets the alias route to it, where CloudFormation cannot. */
export async function releaseByHand(client: SFNClient): Promise<void> {
  const { stateMachines = [] } = await client.send(new ListStateMachinesCommand({}));
  for (const { stateMachineArn } of stateMachines) {
    const { stateMachineVersionArn } = await client.send(new PublishStateMachineVersionCommand({ stateMachineArn }));
    const routingConfiguration = [{ stateMachineVersionArn, weight: 100 }];
    const { stateMachineAliases = [] } = await client.send(new ListStateMachineAliasesCommand({ stateMachineArn }));
    const stateMachineAliasArn = liveOf(stateMachineArn ?? "");
    const exists = stateMachineAliases.some((alias) => alias.stateMachineAliasArn === stateMachineAliasArn);
    await (exists
      ? client.send(new UpdateStateMachineAliasCommand({ stateMachineAliasArn, routingConfiguration }))
      : client.send(new CreateStateMachineAliasCommand({ name: LIVE, routingConfiguration })));
  }
}
