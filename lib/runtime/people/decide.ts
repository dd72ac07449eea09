import {
  ErrorClass,
  HoldfastError,
  type JsonObject,
  peopleKey,
  RUN,
  refusalKey,
  runKey,
  Table,
  undelivered,
} from "../../contract/index.ts";
import type { Item } from "../../ports/index.ts";
import { expiryOf } from "../expiry.ts";
import { runOfEscalation } from "../identity.ts";
import { violations } from "../json-schema.ts";
import type { PlatformPorts } from "../ports.ts";
import { markRun } from "../runs.ts";
import type { Decider, Decision } from "./decision.ts";
import { deliver, isUndelivered } from "./deliver.ts";
import { type Answer, type Escalation, escalationOf, type KeptVote, votesOf } from "./escalation.ts";
import { itemOf } from "./read.ts";
import { contentOf, refused, requireAnswer } from "./rules.ts";
import { isSamePerson } from "./same-person.ts";

type Ports = Pick<PlatformPorts, "store" | "clock" | "chance" | "executions">;

const AMOUNT: JsonObject = { type: "number", minimum: 0, maximum: 1_000_000_000 };

const DECISION: JsonObject = {
  type: "object",
  properties: {
    id: { type: "string", maxLength: 200 },
    decision: { type: "string", maxLength: 20 },
    digest: { type: "string", maxLength: 64 },
    by: { type: "string", minLength: 1, maxLength: 200 },
    note: { type: "string", maxLength: 4_000 },
    raise: {
      type: "object",
      properties: { tokens: AMOUNT, usd: AMOUNT, steps: AMOUNT, wallClockSeconds: AMOUNT },
      additionalProperties: false,
      minProperties: 1,
    },
  },
  required: ["id", "decision", "digest", "by", "note"],
};

/**
 * Takes a person's decision, once, and lets the run go on. Where several must decide alike, the last of them does.
 *
 * A decision that is recorded counts, even if this call dies before it has reached the run: whoever decides again is
 * refused, and delivers it, and so do reconcile-runs and the end of the tier's time.
 *
 * @throws Holdfast.Denied with code `unknown`, `late`, `already-decided`, `not-allowed`, `self-approval`, `changed`,
 * `invalid-output` or `decision-malformed`; nothing is changed then, but the refusal is recorded.
 */
export async function decide(ports: Ports, decision: Decision, decider: Decider): Promise<Escalation> {
  try {
    const malformed = violations(DECISION, JSON.parse(JSON.stringify({ ...decision, by: decider.id })));
    if (malformed !== undefined) throw refused("decision-malformed", `This is no decision. ${malformed}`);
    return await take(ports, decision, decider);
  } catch (error) {
    if (error instanceof HoldfastError && error.name === ErrorClass.Denied) {
      await recordRefusal(ports, decision, decider, error.code);
    }
    throw error;
  }
}

async function take(ports: Ports, decision: Decision, decider: Decider): Promise<Escalation> {
  const item = await itemOf(ports, decision.id);
  const now = ports.clock.now();
  if (isUndelivered(item)) await deliver(ports, item);
  requireAnswer(item, now, decision, decider);
  await requireWaiting(ports, item);
  const { changes, isFinal, vote } = changesOf(item, decision, decider, {
    at: new Date(now).toISOString(),
    id: ports.chance.uuid(),
  });
  const written = await ports.store.update(
    item,
    { set: changes },
    {
      kind: "matches",
      attributes: {
        status: "open",
        taskToken: String(item.taskToken),
        ...(item.votes === undefined ? {} : { votes: item.votes }),
      },
      ...(item.votes === undefined ? { lacks: ["votes"] } : {}),
    },
  );
  const isOwn = written.applied || votesOf(written.current ?? item).some(({ id }) => id === vote.id);
  // Somebody else has voted, or the same question was asked again, with another token.
  if (!isOwn) return take(ports, decision, decider);
  const decided = { ...item, ...changes };
  if (isFinal) {
    await markRun(ports, String(item.runId), "running");
    await deliver(ports, decided);
  }
  return escalationOf(decided, now);
}

/** A run that is over, or is being given up, waits for nothing but what is asked about that. @throws Holdfast.Denied */
async function requireWaiting({ store }: Ports, { runId, kind }: Item): Promise<void> {
  const run = await store.get({ pk: runKey(String(runId)), sk: RUN });
  const isGivenUp = run?.givenUpAt !== undefined && kind !== "compensation";
  if (run?.open === false || isGivenUp) throw refused("late", "The run no longer waits for this.");
}

/** Of the votes of many, so that their item stays small; the answer has the whole. */
const LONGEST_KEPT_NOTE = 500;

/** What the item is given: the vote, and the answer where it needs no other. */
function changesOf(
  item: Item,
  given: Decision,
  { id: by, from }: Decider,
  call: { readonly at: string; readonly id: string },
) {
  const { decision, note, output, raise } = given;
  const vote: KeptVote = {
    ...call,
    by,
    decision,
    content: contentOf(given),
    from,
    note: note.slice(0, LONGEST_KEPT_NOTE),
  };
  const others = votesOf(item).filter((other) => !isSamePerson(other.by, by));
  const alike = others.filter(({ content }) => content === vote.content);
  const isFinal = OBJECTIONS.has(decision) || alike.length + 1 >= Number(item.approvals);
  const votes = JSON.stringify([...others, vote]);
  if (!isFinal) return { changes: { votes }, isFinal, vote };
  const answer: Answer = {
    decision,
    by: OBJECTIONS.has(decision) ? by : [...alike.map((other) => other.by), by].join(", "),
    at: call.at,
    note,
    ...(item.request === undefined ? {} : { request: String(item.request) }),
    ...(output === undefined ? {} : { output }),
  };
  const decided = {
    votes,
    status: "decided",
    [Table.askedIndex.partitionKey]: undelivered(String(item.agent)),
    answer: JSON.stringify(answer),
    decidedAt: call.at,
    ...(raise === undefined ? {} : { raise: JSON.stringify(raise) }),
  };
  return { changes: decided, isFinal, vote };
}

/** Decisions for which one person is enough, however many must agree to others. */
const OBJECTIONS: ReadonlySet<string> = new Set(["reject", "abort"]);

/** Where refusals are kept that concern no run. */
const NO_RUN = "unknown";

async function recordRefusal(ports: Ports, decision: Decision, { id: by, from }: Decider, code: string): Promise<void> {
  const escalation = text(decision.id, 200);
  const at = new Date(ports.clock.now()).toISOString();
  const runId = code === "unknown" || code === "decision-malformed" ? NO_RUN : runOfEscalation(escalation);
  await ports.store.put({
    pk: peopleKey(runId),
    sk: refusalKey(escalation, at, ports.chance.uuid()),
    escalation,
    decision: text(decision.decision, 20),
    note: text(decision.note, 4_000),
    code,
    by,
    from,
    at,
    ttl: expiryOf(ports.clock),
  });
}

/** What was given as a text, whatever it is. */
const text = (value: unknown, longest: number) => (typeof value === "string" ? value : typeof value).slice(0, longest);
