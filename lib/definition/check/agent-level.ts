import { dereference } from "@cfworker/json-schema";
import type { JsonObject } from "../../contract/index.ts";
import { type AgentDocument, defaultLadder } from "../document.ts";
import { allSteps, type Visit } from "../walk.ts";
import { isWork } from "../work-steps.ts";
import { listed, type Problem } from "./problem.ts";
import { checkTriggers } from "./triggers.ts";

/** The agents that a document's subflows may name, by name. */
export type KnownAgents = ReadonlyMap<string, AgentDocument>;

/** Triggers, default ladder, schemas and subflows. */
export function checkAgentLevel(
  agent: AgentDocument,
  visits: readonly Visit[],
  known: KnownAgents | undefined,
): Problem[] {
  return [
    ...checkTriggers(agent),
    ...checkDefaultLadder(agent),
    ...checkSchemas(agent, visits),
    ...(known === undefined ? [] : checkSubflows(agent, visits, known)),
  ];
}

function checkDefaultLadder(agent: AgentDocument): Problem[] {
  const names = Object.keys(agent.escalations);
  const chosen = defaultLadder(agent);
  if (chosen !== undefined && !names.includes(chosen)) {
    return [
      {
        code: "unknown-ladder",
        path: "defaultLadder",
        message: `There is no ladder ${chosen}. Allowed: ${listed(names)}.`,
      },
    ];
  }
  if (chosen === undefined && names.length > 1) {
    return [
      {
        code: "no-default-ladder",
        path: "defaultLadder",
        message: `Several ladders are declared and none is the default. Name one: ${listed(names)}.`,
      },
    ];
  }
  return [];
}

function checkSchemas(agent: AgentDocument, visits: readonly Visit[]): Problem[] {
  const schemas: { schema: JsonObject; path: string; isObject?: string }[] = [
    { schema: agent.input, path: "input", isObject: "The input is the detail of an event" },
  ];
  for (const visit of visits) {
    if (visit.kind !== "step" || !(isWork(visit.step) || visit.step.kind === "subflow")) continue;
    const { kind, output } = visit.step;
    const isObject = kind === "reason" ? { isObject: "Models answer with an object" } : {};
    schemas.push({ schema: output, path: `${visit.at}.output`, ...isObject });
  }
  return schemas.flatMap(({ schema, path, isObject }): Problem[] => {
    const unusable = (message: string): Problem[] => [{ code: "unusable-schema", path, message }];
    try {
      dereference(schema);
    } catch (error) {
      return unusable(`Not a usable JSON Schema: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (isObject === undefined || schema.type === "object") return [];
    return unusable(`${isObject}: its schema must say type: "object".`);
  });
}

function checkSubflows(agent: AgentDocument, visits: readonly Visit[], known: KnownAgents): Problem[] {
  return visits.flatMap((visit): Problem[] => {
    if (visit.kind !== "step" || visit.step.kind !== "subflow") return [];
    const path = `${visit.at}.agent`;
    if (!known.has(visit.step.agent)) {
      return [
        {
          code: "unknown-subflow",
          path,
          message: `There is no agent ${visit.step.agent}. Allowed: ${listed([...known.keys()])}.`,
        },
      ];
    }
    return reaches(visit.step.agent, agent.name, known)
      ? [
          {
            code: "subflow-cycle",
            path,
            message: `${visit.step.agent} runs ${agent.name} again, without end. Break the cycle.`,
          },
        ]
      : [];
  });
}

function reaches(from: string, target: string, known: KnownAgents): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === target) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    for (const step of allSteps(known.get(name)?.steps ?? [])) if (step.kind === "subflow") open.push(step.agent);
  }
  return false;
}
