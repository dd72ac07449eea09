import type { Item } from "../../lib/ports/index.ts";
import type { Evidence } from "./evidence.ts";
import type { Recorded } from "./truth.ts";

/** What happened in a simulation, a line for each fact. Two simulations of one seed tell the same story. */
export const storyOf = ({ facts, runs }: Evidence): string[] => [
  ...facts.map((fact) => `${new Date(fact.at).toISOString()} ${fact.kind.padEnd(12)} ${lineOf(fact)}`),
  ...runs.map(
    ({ runId, end, item }) => `${runId} ended ${end?.status} ${end?.error ?? ""}; its item says ${item.status}`,
  ),
];

const CLIPPED = 400;
const clipped = (value: unknown) => (JSON.stringify(value) ?? "").slice(0, CLIPPED);

function lineOf(fact: Recorded): string {
  switch (fact.kind) {
    case "written":
      return `${fact.after.pk} ${standing(fact.after)}${fact.before === undefined ? "" : `, was ${standing(fact.before)}`}`;
    case "acknowledged":
      return standing(fact.item);
    case "invoked":
      return `#${fact.invocation} ${fact.name}`;
    case "handler":
      return `#${fact.invocation} ${fact.runId} ${fact.path} given ${clipped(fact.input)}`;
    case "acted":
      return `${fact.runId} ${fact.path} ${fact.action} yielded ${clipped(fact.result)}`;
    case "returned":
      return `${fact.name} ${clipped(fact.result)}`;
    case "effect": {
      const { runId, path, action, receiver, deduplicated, undo } = fact.effect;
      return `${runId} ${path} ${action} at a ${receiver} receiver${undo ? ", undoing" : ""}${deduplicated ? ", known already" : ""}`;
    }
    case "spent":
      return `${fact.runId} ${fact.tokens} tokens`;
    case "bought":
      return `an answer under ${fact.key}`;
    case "closed":
      return `${fact.runId} ${fact.status} ${fact.error ?? ""}`;
    case "decided":
      return `${fact.escalation} ${fact.decision}: ${fact.heard}`;
    case "fault":
      return `${fact.what} at ${fact.where}`;
    case "swept":
      return `since ${new Date(fact.begun).toISOString()}`;
    case "process":
      return fact.what;
  }
}

const TOLD = [
  "status",
  "token",
  "owner",
  "attempt",
  "leaseExpiresAt",
  "committedAt",
  "output",
  "result",
  "answer",
] as const;

const standing = (item: Item) =>
  [item.sk, ...TOLD.flatMap((name) => (item[name] === undefined ? [] : [`${name}=${item[name]}`]))]
    .join(" ")
    .slice(0, CLIPPED);
