export { LocalTracing, type OpenTracer } from "./local-tracing.ts";
