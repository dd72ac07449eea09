import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { stepHandler } from "../../functions/platform/step-handler.ts";
import { ErrorClass, HoldfastError } from "../../lib/contract/index.ts";

let lines: string[] = [];
beforeEach(() => {
  lines = [];
  vi.spyOn(process.stdout, "write").mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());
const measured = () =>
  lines.map((line) => {
    const { _aws, ...values } = JSON.parse(line);
    return values;
  });

it("an attempt that succeeds is answered, and measured nowhere", async () => {
  const handler = stepHandler("desk", async ({ attempt }) => attempt);
  await expect(handler({ attempt: 1 })).resolves.toBe(1);
  expect(lines).toEqual([]);
});

it("an attempt after the first counts as a retry", async () => {
  await stepHandler("desk", async () => undefined)({ attempt: 2 });
  expect(measured()).toEqual([{ Agent: "desk", StepRetries: 1 }]);
});

it("an attempt that fails counts under its class, and fails under that name", async () => {
  const busy = new HoldfastError(ErrorClass.StepBusy, "step-busy", "Another attempt is under way.");
  const handler = stepHandler("desk", () => Promise.reject(busy));
  await expect(handler({ attempt: 1 })).rejects.toMatchObject({ name: "Holdfast.StepBusy" });
  expect(measured()).toEqual([{ Agent: "desk", Class: "Holdfast.StepBusy", StepFailures: 1 }]);
});

it("an error of no class is classified by what it is", async () => {
  const handler = stepHandler("desk", () => Promise.reject(Object.assign(new Error("reset"), { code: "ECONNRESET" })));
  await expect(handler({ attempt: 1 })).rejects.toMatchObject({ name: "Holdfast.Transient" });
  expect(measured()).toMatchObject([{ Class: "Holdfast.Transient" }]);
});
