import { openDecideApi } from "../aws/index.ts";
import { Environment, type Json } from "../contract/index.ts";
import type { Escalation, EscalationSummary, Packet } from "../runtime/index.ts";
import type { Desk } from "./desk.ts";

/** The desk of a deployed platform. @throws HoldfastError when the stack has none, or may not be looked at. */
export async function stackDesk(stack: string): Promise<Desk> {
  const api = await openDecideApi(stack, process.env[Environment.token]);
  return {
    asked: async (audiences) => (await api.list(audiences)) as Json & readonly EscalationSummary[],
    read: async (id) => (await api.read(id)) as Json & { escalation: Escalation; packet: Packet },
    decide: async (decision) => (await api.decide(decision)) as Json & Escalation,
  };
}
