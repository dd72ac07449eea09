import { XRayContext } from "./x-ray-context.ts";

/** The name under which the SDK looks for its namespace, and for the current segment in it. */
const NAMESPACE = "AWSXRay";
export const SEGMENT = "segment";

let loaded: ReturnType<typeof load> | undefined;

/** Powertools' Tracer and the X-Ray SDK under it, on a context of ours; the same for the whole process. */
export function xRaySdk() {
  loaded ??= load();
  return loaded;
}

async function load() {
  const context = provideContext();
  const restore = setForLoading();
  try {
    const [{ Tracer }, { default: sdk }] = await Promise.all([
      import("@aws-lambda-powertools/tracer"),
      import("aws-xray-sdk-core"),
    ]);
    sdk.enableAutomaticMode();
    // What is sent when, the spans decide.
    sdk.setStreamingThreshold(Number.MAX_SAFE_INTEGER);
    // What it would say are lines of its own shape, of traces that are lost. A trace may be.
    sdk.setLogger(SILENT);
    const tracer = new Tracer({ captureHTTPsRequests: false });
    return { context, tracer, Segment: sdk.Segment };
  } finally {
    restore();
  }
}

/** cls-hooked keeps namespaces on the process, and begins with none: it may not begin anew. */
function provideContext(): XRayContext {
  const context = new XRayContext();
  const namespaces = { [NAMESPACE]: context };
  Object.defineProperty(process, "namespaces", { get: () => namespaces, set: () => undefined, configurable: true });
  return context;
}

/**
 * In its automatic mode the SDK creates a namespace of cls-hooked as it is loaded, whatever there is; and in manual mode it
 * complains, on Lambda, that it cannot.
 */
function setForLoading(): () => void {
  const before = { ...process.env };
  const settings = { AWS_XRAY_MANUAL_MODE: "true", AWS_XRAY_CONTEXT_MISSING: "IGNORE_ERROR" };
  Object.assign(process.env, settings);
  return () => {
    for (const name of Object.keys(settings)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  };
}

const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
