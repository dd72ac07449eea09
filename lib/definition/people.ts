import { z } from "zod";
import { Duration, secondsOf } from "./duration.ts";
import { SecretName } from "./secret-name.ts";
import { longestSpan, WorkingHours } from "./working-hours.ts";

/** Where an audience is told of an escalation besides the platform's own notification. */
export const Webhook = z
  .strictObject({
    url: z
      .url({ protocol: /^https$/, error: "must be an https URL" })
      .describe("Gets a signed POST (Standard Webhooks 1.0)."),
    secret: SecretName.describe("Name of the secret that signs it; never the secret itself."),
  })
  .meta({ id: "Webhook" });
export type Webhook = z.output<typeof Webhook>;

/** One rung: who is asked, how many of them must agree, and how long they have before the next rung is asked. */
export const Tier = z
  .strictObject({
    audience: z
      .string()
      .min(1)
      .max(100)
      .regex(/^\P{Cc}*$/u, "must not hold control characters")
      .describe("Who is asked: a team, a role or an address."),
    members: z
      .array(z.string().min(1).max(200))
      .min(1)
      .max(100)
      .optional()
      .describe("Who may decide: identities, or group:<name> for those whom the identity provider has in a group."),
    approvals: z
      .int()
      .min(1)
      .max(10)
      .default(1)
      .describe("How many different people must decide alike; one who rejects or aborts is enough."),
    within: Duration.describe("How long they have."),
    hours: WorkingHours.optional().describe("Only time within these hours counts."),
    webhook: Webhook.optional(),
    cap: z
      .int()
      .min(1)
      .max(1_000)
      .default(20)
      .describe(
        "Most open escalations announced to the audience one by one; more are announced by group, once an hour.",
      ),
  })
  .meta({ id: "Tier" });
export type Tier = z.output<typeof Tier>;

/** The longest that a tier can be waited for, in seconds. */
export const longestWait = ({ within, hours }: Tier): number =>
  hours === undefined ? secondsOf(within) : longestSpan(secondsOf(within), hours);

export const Ladder = z
  .strictObject({
    tiers: z.array(Tier).min(1).max(5),
    otherwise: z
      .enum(["abort", "compensate", "approve", "reject"])
      .default("abort")
      .describe(
        "What happens when every tier stays silent: abort ends the run as failed and leaves completed writes as they are, compensate undoes them, approve and reject decide in people's place what can be decided so, and compensate the rest.",
      ),
  })
  .meta({ id: "Ladder" });
export type Ladder = z.output<typeof Ladder>;
