import type { Missing } from "./adapt.ts";

/** Where to deploy to, and what that lacks. */
export interface Endpoint {
  readonly url: string;
  /** `undefined` where nothing has to be adapted. */
  readonly missing: Missing | undefined;
}

/** What ministack lacks, as of 1.4.21. */
export const MINISTACK: Missing = {
  metricMath: true,
  releases: true,
  functionVersions: true,
  retention: true,
  expressions: true,
};

/** The endpoint that AWS_ENDPOINT_URL names; `undefined` without one. */
export async function endpointOf({ AWS_ENDPOINT_URL: url }: NodeJS.ProcessEnv): Promise<Endpoint | undefined> {
  if (url === undefined || url === "") return undefined;
  const health = await fetch(new URL("/_ministack/health", url)).catch(() => undefined);
  return { url, missing: health?.ok === true ? MINISTACK : undefined };
}
