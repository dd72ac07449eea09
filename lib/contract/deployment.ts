/** Where what is deployed can be found. */
export const PLATFORM_STACK = "HoldfastPlatform";
/** The state machine of an agent. */
export const stateMachineName = (agent: string) => `holdfast-${agent}`;
/** Output of that stack: the URL of the decide API. */
export const DECIDE_API_OUTPUT = "DecideApi";
