import { expect, test } from "vitest";
import { runKey } from "../../lib/contract/index.ts";
import { leadingKeyOf } from "../../lib/infra/platform/runs-table.ts";
import { runIdOf } from "../../lib/runtime/identity.ts";

/** Whether IAM's StringLike holds. */
const like = (pattern: string, value: string) =>
  new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(value);

test("an agent reaches its own runs, and not those of an agent whose name goes on from its own", () => {
  const key = (agent: string) => runKey(runIdOf(agent, "source", "Type", "1"));
  expect(like(leadingKeyOf("invoice"), key("invoice"))).toBe(true);
  expect(like(leadingKeyOf("invoice-desk"), key("invoice-desk"))).toBe(true);
  expect(like(leadingKeyOf("invoice"), key("invoice-desk"))).toBe(false);
  expect(like(leadingKeyOf("invoice-desk"), key("invoice"))).toBe(false);
});
