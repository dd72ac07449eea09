import { type PeopleEntry, secondsOf } from "../../definition/index.ts";
import type { OpenPorts } from "../ports.ts";
import { type Ask, ask } from "./ask.ts";
import { type Silence, silence } from "./silence.ts";
import { deadlineAfter } from "./working-time.ts";

/** What the states of a ladder have done: people asked, the time of a tier ended, the deadlines of all tiers told. */
export type EscalationRequest =
  | { readonly ask: Ask }
  | { readonly silence: Silence }
  | { readonly deadlines: { readonly ladder: string; readonly from: string } };

/** Serves the states of an agent's ladders. Repeating a request changes nothing. */
export async function openEscalation(
  ports: OpenPorts,
  entry: PeopleEntry,
  request: EscalationRequest,
): Promise<unknown> {
  if ("ask" in request) return ask(ports, entry, request.ask);
  if ("silence" in request) return silence(ports, entry, request.silence);
  const { ladder, from } = request.deadlines;
  return { deadlines: deadlinesOf(entry, ladder, Date.parse(from)) };
}

/** Until when each tier has time, should those before it stay silent; ISO 8601. */
function deadlinesOf({ escalations }: PeopleEntry, ladder: string, from: number): string[] {
  let time = from;
  return (escalations[ladder]?.tiers ?? []).map(({ within, hours }) => {
    const seconds = secondsOf(within);
    time = hours === undefined ? time + seconds * 1_000 : deadlineAfter(time, seconds, hours);
    return new Date(time).toISOString();
  });
}
