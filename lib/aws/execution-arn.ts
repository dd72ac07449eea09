/** The executions of a machine have names of their own, whatever version or alias they were started by: `…:stateMachine:<name>:<alias>`. */
export function executionArnOf(stateMachine: string, name: string): string {
  const [machine] = /^(?:[^:]*:){6}[^:]*/.exec(stateMachine) ?? [stateMachine];
  return `${machine.replace(":stateMachine:", ":execution:")}:${name}`;
}
