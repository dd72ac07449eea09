const PREFIX = "arn:aws:states:us-east-1:000000000000";

export const ROLE_ARN = "arn:aws:iam::000000000000:role/holdfast-local";

export const stateMachineArnOf = (name: string) => `${PREFIX}:stateMachine:${name}`;

export const executionArnOf = (stateMachineName: string, name: string) =>
  `${PREFIX}:execution:${stateMachineName}:${name}`;
