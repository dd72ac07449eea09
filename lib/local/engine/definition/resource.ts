import type { Resource } from "./model.ts";

const FUNCTION = /^arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+(:[^:]+)?$/;
const INTEGRATION = /^arn:[^:]*:states:[^:]*:[^:]*:((?:aws-sdk:)?[A-Za-z0-9]+):([A-Za-z0-9]+(?:\.[A-Za-z0-9:]+)?)$/;

/** What a Task's `Resource` names. Undefined for what names nothing that Step Functions could call. */
export function parseResource(arn: string): Resource | undefined {
  if (FUNCTION.test(arn)) return { arn, kind: "function", service: "lambda", action: "invoke", completion: "response" };
  const [, service, action] = INTEGRATION.exec(arn) ?? [];
  if (service === undefined || action === undefined) return undefined;
  return { arn, kind: "integration", service, action, completion: completionOf(action) };
}

function completionOf(action: string): Resource["completion"] {
  if (action.endsWith(".waitForTaskToken")) return "token";
  return /\.sync(:2)?$/.test(action) ? "job" : "response";
}
