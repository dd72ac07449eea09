import { parseObject } from "./json.ts";

/** The codes under which a loop ends its attempt to ask people: about a call, or in a model's own words. */
export const AskedCode = { call: "approval-needed", question: "asked-by-model" } as const;

/** What is asked: the key of the action that has recorded it and, of a call, its tool. */
export interface Asked {
  readonly asked: string;
  readonly tool?: string;
}

/**
 * The message of an error that asks. Errors are logged and kept by Step Functions, so it names what is asked, and holds
 * nothing of it. JSON: the state machine reads it, too.
 */
export const askedMessage = (asked: Asked): string => JSON.stringify(asked);

/** What the message of such an error names; undefined for another's. */
export function readAsked(message: string): Asked | undefined {
  const { asked, tool } = parseObject(message) ?? {};
  if (typeof asked !== "string") return undefined;
  return { asked, ...(typeof tool === "string" ? { tool } : {}) };
}
