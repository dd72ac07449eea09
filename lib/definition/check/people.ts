import { LONGEST_RUN_SECONDS, listOf } from "../../contract/index.ts";
import type { AgentDocument } from "../document.ts";
import { longestWait } from "../people.ts";
import { lookup } from "../schema-path.ts";
import { listed, type Problem } from "./problem.ts";

/** The requester is told by every event, so many people can decide as must, and no tier outlasts every run. */
export const checkPeople = (agent: AgentDocument): Problem[] => [
  ...checkRequester(agent),
  ...checkQuorums(agent),
  ...checkTimes(agent),
];

function checkRequester({ requester, input }: AgentDocument): Problem[] {
  if (requester === undefined) return [];
  const result = lookup(input, requester.split("."));
  if ("found" in result && !result.found.optional && result.found.schema.type === "string") return [];
  const required = listOf(input.required).map(String);
  const message = `${requester} is not a required property of the input that holds a text. Required: ${listed(required)}.`;
  return [{ code: "unknown-requester", path: "requester", message }];
}

function checkQuorums({ escalations, requester }: AgentDocument): Problem[] {
  return Object.entries(escalations).flatMap(([name, { tiers }]) =>
    tiers.flatMap(({ approvals, members }, index): Problem[] => {
      const known = new Set(members?.map((member) => member.trim().toLowerCase()));
      const isOpen = members === undefined || [...known].some((member) => member.startsWith("group:"));
      const able = known.size - (approvals > 1 && requester !== undefined ? 1 : 0);
      if (isOpen || approvals <= able) return [];
      return [
        {
          code: "quorum-unreachable",
          path: `escalations.${name}.tiers[${index}].approvals`,
          message: `${approvals} must decide alike, and only ${able} may surely decide. Name more members, or ask for fewer approvals.`,
        },
      ];
    }),
  );
}

function checkTimes({ escalations }: AgentDocument): Problem[] {
  return Object.entries(escalations).flatMap(([name, { tiers }]) =>
    tiers.flatMap((tier, index): Problem[] => {
      if (longestWait(tier) <= LONGEST_RUN_SECONDS) return [];
      const message = `${tier.within} within these hours can take longer than 365 days, the longest run on AWS. Give less time, or longer hours.`;
      return [{ code: "tier-too-long", path: `escalations.${name}.tiers[${index}].within`, message }];
    }),
  );
}
