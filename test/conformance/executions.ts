import { beforeEach, describe, expect, it } from "vitest";
import type { Executions } from "../../lib/ports/index.ts";

/** How an execution can end other than by an answer. */
export type End = "fail" | "time out" | "stop";

/** Executions of a machine of one task, which waits for an answer. */
export interface AskingExecutions {
  readonly executions: Executions;
  readonly stateMachine: string;
  /** The token of the task that an execution waits in. */
  token(name: string): Promise<string>;
  /** The trace that an execution was started in. */
  traceHeader(name: string): Promise<string | undefined>;
  /** Makes an execution end so; with `error` where it fails or is stopped. */
  end(name: string, how: End, error: string): Promise<void>;
}

/** What every adapter of Executions must do, whatever it is built on. */
export function executionsConformance(name: string, open: () => Promise<AskingExecutions>): void {
  describe(`${name} as Executions`, () => {
    let asking: AskingExecutions;
    let run = 0;
    let id = "";
    beforeEach(async () => {
      asking = await open();
      run += 1;
      id = `desk-${run}`;
    });

    const start = () => asking.executions.start({ stateMachine: asking.stateMachine, name: id, input: { run } });
    const describeIt = () => asking.executions.describe(asking.stateMachine, id);

    it("know nothing of what was never started", async () => {
      expect(await describeIt()).toBeUndefined();
    });

    it("start one execution of a name, and tell of it", async () => {
      expect(await start()).toBe("started");
      expect(await describeIt()).toEqual({ name: id, status: "RUNNING" });
    });

    it("start it in the trace that the request names", async () => {
      const traceHeader = "Root=1-67891233-abcdef012345678912345678;Parent=463ac35c9f6413ad;Sampled=1";
      await start();
      expect(await asking.traceHeader(id)).toBeUndefined();
      const name = `${id}-traced`;
      await asking.executions.start({ stateMachine: asking.stateMachine, name, input: {}, traceHeader });
      expect(await asking.traceHeader(name)).toBe(traceHeader);
    });

    it("take a start that is repeated while it runs for the same one", async () => {
      await start();
      await Promise.all([start(), start()]);
      expect(await describeIt()).toEqual({ name: id, status: "RUNNING" });
    });

    it("take one answer to a task, with which the execution goes on", async () => {
      await start();
      const token = await asking.token(id);
      expect(await asking.executions.answer(token, { decision: "approve" })).toBe("delivered");
      expect(await asking.executions.answer(token, { decision: "reject" })).toBe("gone");
    });

    it.each([
      ["fail", { status: "FAILED", error: "Holdfast.Abandoned" }],
      ["stop", { status: "ABORTED", error: "Holdfast.Abandoned" }],
      ["time out", { status: "TIMED_OUT" }],
    ] as const)("tell of one that ended by %s, and start no other of its name", async (how, end) => {
      await start();
      await asking.end(id, how, "Holdfast.Abandoned");
      expect(await describeIt()).toMatchObject({ name: id, ...end });
      expect(await start()).toBe("exists");
      expect(await describeIt()).toMatchObject({ name: id, ...end });
    });

    it("tell of one that succeeded without an error", async () => {
      await start();
      await asking.executions.answer(await asking.token(id), {});
      await expect.poll(describeIt).toEqual({ name: id, status: "SUCCEEDED" });
      expect(await start()).toBe("exists");
    });
  });
}
