/** Where what is deployed can be found. */
export const PLATFORM_STACK = "HoldfastPlatform";
/** The state machine of an agent. */
export const stateMachineName = (agent: string) => `holdfast-${agent}`;
/** Output of that stack: the URL of the decide API. */
export const DECIDE_API_OUTPUT = "DecideApi";
/** And the name of the runs table. */
export const RUNS_TABLE_OUTPUT = "RunsTable";
/** The stack of an agent, which the names of its functions' log groups begin with. */
export const agentStack = (agent: string) => `Holdfast-${agent}`;
