import { MemoryLevel } from "memory-level";
import { describe, expect, it } from "vitest";
import { loadAgents } from "../../lib/definition/index.ts";
import { EmbeddedRunStore, systemChance } from "../../lib/local/index.ts";
import { virtualClock } from "../../lib/local/virtual-clock.ts";
import { escalationsOf, type StepHandler } from "../../lib/runtime/index.ts";
import { inProcess } from "../in-process.ts";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);

/** A run of invoice-desk in virtual time, on a day on which no step can be done and nobody answers. */
async function desk() {
  const [agent] = (await loadAgents(process.cwd())).filter(({ name }) => name === "invoice-desk");
  if (agent === undefined) throw new TypeError("There is no invoice-desk.");
  const clock = virtualClock(START);
  const store = new EmbeddedRunStore(new MemoryLevel<string, string>());
  const performed: string[] = [];
  const handlerOf = (handler: string): StepHandler<unknown> => {
    return async () => {
      performed.push(handler);
      throw new TypeError(`${handler} cannot be done today.`);
    };
  };
  const world = inProcess(agent, { store, clock, chance: systemChance(), handlerOf });
  const detail = { invoiceId: "INV-1", document: "s3://b/a.xml", erpExport: "s3://b/o.csv", payments: "s3://b/p/" };
  return { ended: await world.run(detail), performed, store, clock };
}

describe("invoice-desk, when nobody answers", () => {
  it("asks the clerks for four hours, the lead for a day, and then gives the run up; nothing is paid", async () => {
    const { ended, performed, store, clock } = await desk();
    expect(ended).toMatchObject({ status: "FAILED", error: "Holdfast.Abandoned" });
    expect(performed.every((handler) => handler === "./extract.ts")).toBe(true);
    const asked = await escalationsOf({ store, clock }, ended.name);
    expect(asked).toMatchObject([
      { tier: 1, audience: "ap-clerks", status: "expired", decision: null },
      { tier: 2, audience: "ap-lead", status: "expired", decision: null },
    ]);
    const [clerks, lead] = asked.map(({ openedAt, deadline }) => (Date.parse(deadline) - Date.parse(openedAt)) / HOUR);
    expect([clerks, lead]).toEqual([4, 24]);
    expect(Date.parse(asked[1]?.openedAt ?? "")).toBe(Date.parse(asked[0]?.deadline ?? ""));
    expect(clock.now()).toBeGreaterThanOrEqual(START + 28 * HOUR);
  });
});
