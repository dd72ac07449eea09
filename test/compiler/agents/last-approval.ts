import { defineAgent, escalate, ladder, tier } from "../../../lib/definition/index.ts";
import { about } from "./schemas.ts";

/** Two ladders, one of two tiers; a rejection goes to the other one. */
export const lastApproval = defineAgent({
  name: "last-approval",
  ...about,
  escalations: {
    desk: ladder([tier("desk", { within: "4h" }), tier("{% not code %}", { within: "1d" })], {
      otherwise: "compensate",
    }),
    board: ladder([tier("board of ${company}", { within: "3d" })]),
  },
  defaultLadder: "board",
}).approval("sign-off", {
  ladder: "desk",
  request: ($) => ({ order: $.input, note: $.input.note }),
  onReject: escalate("board"),
});
