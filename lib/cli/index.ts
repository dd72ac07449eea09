export { reportFailure } from "./failure.ts";
export { main } from "./program.ts";
