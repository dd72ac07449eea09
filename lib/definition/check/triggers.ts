import { type Schema, Validator } from "@cfworker/json-schema";
import { type Json, type JsonObject, listOf, SCHEDULED_TIME } from "../../contract/index.ts";
import type { AgentDocument } from "../document.ts";
import { lookup } from "../schema-path.ts";
import { type EventTrigger, isSchedule, type ScheduleTrigger } from "../triggers.ts";
import { listed, type Problem } from "./problem.ts";

const ANY_TIME = "2026-01-31T06:00:00Z";

/** Events that can be told apart, and schedules that start runs. */
export function checkTriggers(agent: AgentDocument): Problem[] {
  const seen = new Set<string>();
  return agent.triggers.flatMap((trigger, index): Problem[] => {
    const at = `triggers[${index}]`;
    const event = isSchedule(trigger) ? ["schedule", trigger.name] : [trigger.source, trigger.detailType];
    const isTaken = seen.has(JSON.stringify(event));
    seen.add(JSON.stringify(event));
    return [
      ...(isTaken ? [taken(trigger, at)] : []),
      ...(isSchedule(trigger) ? checkScheduleInput(agent, trigger, at) : checkDedupeKey(agent, trigger, at)),
    ];
  });
}

const taken = (trigger: EventTrigger | ScheduleTrigger, at: string): Problem =>
  isSchedule(trigger)
    ? {
        code: "duplicate-name",
        path: `${at}.name`,
        message: `Another schedule is called ${trigger.name} already. Choose another name.`,
      }
    : {
        code: "duplicate-name",
        path: at,
        message: `Another trigger is for ${trigger.source} ${trigger.detailType} already. An event starts one run: remove one of them.`,
      };

function checkDedupeKey(agent: AgentDocument, { dedupeBy }: EventTrigger, at: string): Problem[] {
  const result = lookup(agent.input, dedupeBy.split("."));
  if ("found" in result && !result.found.optional) return [];
  const allowed = listOf(agent.input.required).map(String);
  return [
    {
      code: "unknown-dedupe-key",
      path: `${at}.dedupeBy`,
      message: `${dedupeBy} is not a required property of the input. Allowed: ${listed(allowed)}.`,
    },
  ];
}

function checkScheduleInput(agent: AgentDocument, { input }: ScheduleTrigger, at: string): Problem[] {
  const sent = JSON.parse(JSON.stringify(input).replaceAll(SCHEDULED_TIME, ANY_TIME)) as JsonObject;
  const wrong = violationOf(agent.input, sent);
  if (wrong === undefined) return [];
  return [
    {
      code: "schedule-input-invalid",
      path: `${at}.input${wrong.place}`,
      message: `This is not what the agent takes: ${wrong.error} Every run of the schedule would be refused.`,
    },
  ];
}

/** The innermost thing that is wrong. A schema that cannot be used is told of elsewhere. */
function violationOf(schema: JsonObject, value: Json): { place: string; error: string } | undefined {
  try {
    const { errors } = new Validator(schema as Schema, "2020-12").validate(value);
    const innermost = errors.at(-1);
    if (innermost === undefined) return undefined;
    const place = innermost.instanceLocation.replace(/^#/, "").replace(/\/(\d+)(?=\/|$)/g, "[$1]");
    return { place: place.replaceAll("/", "."), error: innermost.error };
  } catch {
    return undefined;
  }
}
