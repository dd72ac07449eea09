import type { StepEvent } from "../contract/index.ts";

type Told = { readonly [Key in "entered" | "decided" | "traceId"]?: StepEvent[Key] | undefined };

/** What the state machine tells an attempt besides its work, as an item keeps it: which entry of the state it belongs to, the ways taken before it, its trace. */
export const keptOf = ({ entered, decided, traceId }: Told) => ({
  ...(entered === undefined ? {} : { entered }),
  ...keptWays(decided),
  ...(traceId === undefined ? {} : { traceId }),
});

export const keptWays = (decided: StepEvent["decided"] = []): { readonly decided?: string } =>
  decided.length === 0 ? {} : { decided: JSON.stringify(decided) };
