import {
  approval,
  defineAgent,
  escalate,
  exists,
  gte,
  ladder,
  onEvent,
  or,
  tier,
  ungated,
} from "../../lib/definition/index.ts";
import { GOAL, INSTRUCTIONS } from "./instructions.ts";
import { modelsOf } from "./models.ts";
import * as schemas from "./schemas.ts";

/** What the tools have in common: functions of this folder, over files that answer soon or not at all. */
const local = {
  timeout: "10s",
  breaker: { failures: 5, halfOpenAfter: "30s" },
  health: "calls",
  fallback: "none",
} as const;
const read = { ...local, effect: "read", idempotency: "natural" } as const;
const gatedWrite = {
  ...local,
  effect: "write",
  idempotency: "keyed",
  gate: approval("desk"),
  output: schemas.Change,
} as const;

export const supportDesk = defineAgent({
  name: "support-desk",
  purpose: "Resolve what customers ask for: answers, refunds, exchanges and changes of address, as the policy allows.",
  owners: { business: "support-lead@example.com", service: "agents-oncall@example.com" },
  success: [{ metric: "completion", atLeast: 0.9 }],
  runbook: "https://runbooks.example.com/holdfast",
  input: schemas.SupportRequested,
  triggers: [onEvent({ source: "shop.support", detailType: "SupportRequested", dedupeBy: "requestId" })],
  requester: "customerId",
  budget: { usd: 0.5, tokens: 200_000, steps: 10, wallClock: "7d" },
  escalations: {
    desk: ladder([tier("support-desk", { within: "4h" }), tier("support-lead", { within: "1d" })], {
      otherwise: "compensate",
    }),
  },
  tools: {
    "find-customer": {
      ...read,
      description: "The customer who wrote the request.",
      handler: "./tools/find-customer.ts",
      input: schemas.FindCustomerInput,
      output: schemas.FoundCustomer,
    },
    "find-orders": {
      ...read,
      description: "The orders of the customer who wrote the request: all, or one by its number.",
      handler: "./tools/find-orders.ts",
      input: schemas.FindOrdersInput,
      output: schemas.FoundOrders,
    },
    "read-policy": {
      ...read,
      description: "What the shop promises its customers: returns, refunds, exchanges, changes of address.",
      handler: "./tools/read-policy.ts",
      input: schemas.ReadPolicyInput,
      output: schemas.PolicyText,
    },
    refund: {
      ...gatedWrite,
      description: "Pays an order of the customer back, in whole or in part.",
      handler: "./tools/refund.ts",
      input: schemas.RefundInput,
    },
    exchange: {
      ...gatedWrite,
      description: "Sends another article in the place of one that was delivered.",
      handler: "./tools/exchange.ts",
      input: schemas.ExchangeInput,
    },
    "change-address": {
      ...gatedWrite,
      description: "Changes where an order goes that has not been shipped yet.",
      handler: "./tools/change-address.ts",
      input: schemas.ChangeAddressInput,
    },
  },
})
  .reason("resolve", {
    goal: GOAL,
    instructions: INSTRUCTIONS,
    input: ($) => $.input,
    output: schemas.Resolution,
    tools: ["find-customer", "find-orders", "read-policy", "refund", "exchange", "change-address"],
    models: modelsOf(process.env),
    limits: { turns: 12, usd: 0.25, time: "6d" },
    // One change is all that a request may come to.
    enough: ({ facts, calls }) =>
      or(exists(facts.refund), exists(facts.exchange), exists(facts["change-address"]), gte(calls, 10)),
    compensate: "./cancel-changes.ts",
    needs: [
      { bucket: "support-desk-shop", access: "read" },
      { bucket: "support-desk-outbox", access: "create" },
    ],
    onFailure: escalate("desk"),
  })
  .step("reply", {
    handler: "./reply.ts",
    effect: "write",
    gate: ungated("It tells the customer what was found, or what people have approved by then."),
    compensate: { none: "A letter cannot be taken back; the desk writes another." },
    needs: [{ bucket: "support-desk-outbox", access: "create" }],
    input: ($) => ({
      requestId: $.input.requestId,
      customerId: $.input.customerId,
      outbox: $.input.outbox,
      resolution: $.resolve,
    }),
    output: schemas.Reply,
  })
  .returns(($) => ({ outcome: $.resolve.outcome, orderId: $.resolve.orderId, reply: $.reply.text }));
