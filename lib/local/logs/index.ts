export { LocalLogs } from "./local-logs.ts";
