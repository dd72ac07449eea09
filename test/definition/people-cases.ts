import { agent } from "./documents.ts";
import type { ProblemCase } from "./problem-case.ts";

/** Documents whose people could not decide. */
export const PEOPLE_CASES: readonly ProblemCase[] = [
  {
    title: "a requester whom events need not name",
    document: agent({ requester: "note" }),
    problem: {
      code: "unknown-requester",
      path: "requester",
      message:
        "note is not a required property of the input that holds a text. Required: id, total, due, lines or tags.",
    },
  },
  {
    title: "a requester that is no text",
    document: agent({ requester: "total" }),
    problem: {
      code: "unknown-requester",
      path: "requester",
      message:
        "total is not a required property of the input that holds a text. Required: id, total, due, lines or tags.",
    },
  },
  {
    title: "more approvals than there are people",
    document: agent({
      escalations: { desk: { tiers: [{ audience: "desk", within: "1h", approvals: 2, members: ["ann", "Ann "] }] } },
    }),
    problem: {
      code: "quorum-unreachable",
      path: "escalations.desk.tiers[0].approvals",
      message: "2 must decide alike, and only 1 may surely decide. Name more members, or ask for fewer approvals.",
    },
  },
  {
    title: "working time that no run can wait for",
    document: agent({
      escalations: {
        desk: {
          tiers: [{ audience: "desk", within: "300d", hours: { zone: "Asia/Tokyo", from: "09:00", to: "10:00" } }],
        },
      },
    }),
    problem: {
      code: "tier-too-long",
      path: "escalations.desk.tiers[0].within",
      message:
        "300d within these hours can take longer than 365 days, the longest run on AWS. Give less time, or longer hours.",
    },
  },
];
