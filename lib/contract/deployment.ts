/** Where what is deployed can be found. */
export const PLATFORM_STACK = "HoldfastPlatform";
/** Output of that stack: the URL of the decide API. */
export const DECIDE_API_OUTPUT = "DecideApi";
