import { describe, expect, test } from "vitest";
import { ErrorClass, HoldfastError, type LogLevel, type StepResult } from "../../lib/contract/index.ts";
import type { Annotations, Log, LogFields, Measurement, Tracer } from "../../lib/ports/index.ts";
import {
  type AttemptContext,
  type AttemptHandler,
  observeFunction,
  observeStep,
  type StepHandler,
} from "../../lib/runtime/index.ts";
import { memoryBlobs } from "../fakes/memory-blobs.ts";

interface Spanned {
  readonly name: string;
  readonly within: string | undefined;
  annotations: Annotations;
}

interface Line {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** Observers that remember what they were told. */
function observers() {
  const spans: Spanned[] = [];
  const lines: Line[] = [];
  const measured: Measurement[] = [];
  const stack: string[] = [];
  const tracer: Tracer = {
    async span(name, annotations, work) {
      const span: Spanned = { name, within: stack.at(-1), annotations };
      spans.push(span);
      stack.push(name);
      const annotate = (more: Annotations) => {
        span.annotations = { ...span.annotations, ...more };
      };
      try {
        return await work({ annotate });
      } finally {
        stack.pop();
      }
    },
    traceId: () => "1-67891233-abcdef012345678912345678",
  };
  const logOf = (standing: LogFields): Log => {
    const say = (level: LogLevel) => (message: string, fields?: LogFields) =>
      void lines.push({ level, message, fields: { ...standing, ...fields } });
    return {
      with: (fields) => logOf({ ...standing, ...fields }),
      debug: say("DEBUG"),
      info: say("INFO"),
      warn: say("WARN"),
      error: say("ERROR"),
    };
  };
  let now = 0;
  const clock = { now: () => (now += 5) };
  return {
    tracer,
    log: logOf({}),
    metrics: { record: (one: Measurement) => measured.push(one) },
    clock,
    spans,
    lines,
    measured,
  };
}

const STEP = { agent: "desk", name: "match", effect: "write" } as const;
const EVENT = { runId: "desk-1", path: "lines#2/match", attempt: 1 };

/** An attempt that calls the handler with actions that are performed, or are known from before. */
const attempt =
  (recorded: Readonly<Record<string, string>> = {}, seen: AttemptContext[] = []) =>
  async (handler: AttemptHandler): Promise<StepResult> => {
    const context: AttemptContext = {
      ...EVENT,
      agent: "desk",
      signal: new AbortController().signal,
      blobs: memoryBlobs(),
      approvals: [],
      remainingMs: () => 60_000,
      get idempotencyKey(): string {
        throw new Error("Nobody has asked for it.");
      },
      async action(key, perform) {
        const found = recorded[key];
        return found === undefined ? perform({ idempotencyKey: key }) : JSON.parse(found);
      },
    };
    seen.push(context);
    return { output: await handler({}, context) };
  };

describe("an attempt", () => {
  test("that succeeds is a span, a line and a duration", async () => {
    const { spans, lines, measured, ...own } = observers();
    const events: unknown[] = [];
    const result = await observeStep(
      own,
      STEP,
      EVENT,
      async () => 7,
      async (handler, event) => {
        events.push(event);
        return attempt()(handler);
      },
    );
    expect(result).toEqual({ output: 7 });
    const traceId = "1-67891233-abcdef012345678912345678";
    expect(events).toEqual([{ ...EVENT, traceId }]);
    const about = { agent: "desk", step: "match", path: "lines#2/match", attempt: 1 };
    const annotations = { run: "desk-1", ...about, effect: "write", outcome: "completed" };
    expect(spans).toEqual([{ name: "match", within: undefined, annotations }]);
    const fields = { correlation_id: "desk-1", xray_trace_id: traceId, ...about, effect: "write", ms: 5 };
    expect(lines).toEqual([{ level: "INFO", message: "attempt completed", fields }]);
    expect(measured).toEqual([{ agent: "desk", values: { stepDuration: 5 } }]);
  });

  test("that fails tells class and code, and nothing of what it says", async () => {
    const { spans, lines, measured, ...own } = observers();
    const failure = new HoldfastError(ErrorClass.Permanent, "card-unknown", "The card 4711 is unknown.");
    const failing = observeStep(own, STEP, { ...EVENT, attempt: 3 }, () => Promise.reject(failure), attempt());
    await expect(failing).rejects.toBe(failure);
    const failed = { error_class: "Holdfast.Permanent", error_code: "card-unknown" };
    expect(spans[0]?.annotations).toMatchObject({ outcome: "failed", ...failed });
    expect(lines).toMatchObject([{ level: "ERROR", fields: { correlation_id: "desk-1", attempt: 3, ...failed } }]);
    expect(measured).toEqual([
      { agent: "desk", values: { stepDuration: 5, stepRetries: 1 } },
      { agent: "desk", errorClass: "Holdfast.Permanent", values: { stepFailures: 1 } },
    ]);
    expect(JSON.stringify([spans, lines, measured])).not.toContain("4711");
  });

  test("that fails and may be tried again is an error all the same: what was kept back explains it", async () => {
    const { lines, ...own } = observers();
    const reset = Object.assign(new Error("reset"), { code: "ECONNRESET" });
    const failing = observeStep(own, STEP, EVENT, () => Promise.reject(reset), attempt());
    await expect(failing).rejects.toMatchObject({ name: "Holdfast.Transient" });
    expect(lines).toMatchObject([{ level: "ERROR", fields: { error_class: "Holdfast.Transient" } }]);
  });

  test("of an undoing is told apart from the step's own by its path", async () => {
    const { lines, spans, ...own } = observers();
    await observeStep({ ...own, log: own.log }, { ...STEP, undoes: true }, EVENT, async () => null, attempt());
    expect(spans[0]?.annotations).toMatchObject({ path: "lines#2/match~undo" });
    expect(lines).toMatchObject([{ fields: { path: "lines#2/match~undo" } }]);
  });
});

describe("a handler", () => {
  test("has a log that knows the run and the attempt", async () => {
    const { lines, ...own } = observers();
    const handler: StepHandler = (_, { log }) => {
      log.info("matched", { lines: 3 });
      return null;
    };
    await observeStep(own, STEP, EVENT, handler, attempt());
    expect(lines[0]).toMatchObject({
      message: "matched",
      fields: { correlation_id: "desk-1", step: "match", lines: 3 },
    });
  });

  test("has actions that are spans, performed or recorded", async () => {
    const { spans, ...own } = observers();
    const handler: StepHandler = async (_, { action }) => [
      await action("read", async () => "new"),
      await action("post", async () => "never", { trace: { effect: "write" } }),
    ];
    const { output } = await observeStep(own, STEP, EVENT, handler, attempt({ post: '"old"' }));
    expect(output).toEqual(["new", "old"]);
    expect(spans.slice(1)).toEqual([
      { name: "read", within: "match", annotations: { action: "read", outcome: "performed" } },
      { name: "post", within: "match", annotations: { action: "post", effect: "write", outcome: "recorded" } },
    ]);
  });

  test("is warned in the log of an action that it survives, once", async () => {
    const { lines, spans, ...own } = observers();
    const options = { trace: { gen_ai_tool_name: "look" }, traceOf: () => ({ error_code: "tool-refused" }) };
    const handler: StepHandler = async (_, { action }) => [
      await action("now", async () => "no", options),
      await action("before", async () => "no", options),
    ];
    await observeStep(own, STEP, EVENT, handler, attempt({ before: '"no"' }));
    const about = { gen_ai_tool_name: "look", error_code: "tool-refused" };
    expect(lines.filter(({ level }) => level === "WARN")).toMatchObject([
      { message: "action failed", fields: { correlation_id: "desk-1", step: "match", action: "now", ...about } },
    ]);
    expect(spans.slice(1)).toMatchObject([{ annotations: about }, { annotations: about }]);
  });

  test("begins its actions at once, in the order in which it asks for them", async () => {
    const { spans, ...own } = observers();
    const begun: string[] = [];
    const handler: StepHandler = async (_, { action }) => {
      const all = ["a", "b", "c"].map((key) =>
        action(key, async () => {
          begun.push(key);
          return key;
        }),
      );
      expect(begun).toEqual(["a", "b", "c"]);
      return Promise.all(all);
    };
    await observeStep(own, STEP, EVENT, handler, attempt());
    expect(spans).toHaveLength(4);
  });

  test("need not wait for an action that fails", async () => {
    const unhandled: unknown[] = [];
    const hear = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", hear);
    const handler: StepHandler = (_, { action }) => {
      void action("post", () => Promise.reject(new Error("refused")));
      return null;
    };
    await observeStep(observers(), STEP, EVENT, handler, attempt());
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", hear);
    expect(unhandled).toEqual([]);
  });

  test("does not pay for the idempotency key unless it asks for it", async () => {
    const handler: StepHandler = (_, context) => Object.keys(context).sort();
    const { output } = await observeStep(observers(), STEP, EVENT, handler, attempt());
    expect(output).toEqual(expect.arrayContaining(["idempotencyKey", "signal"]));
    const asking: StepHandler = (_, { idempotencyKey }) => idempotencyKey;
    await expect(observeStep(observers(), STEP, EVENT, asking, attempt())).rejects.toThrow("Nobody has asked for it.");
  });
});

describe("a function of the platform", () => {
  test("is a span", async () => {
    const { spans, lines, ...own } = observers();
    expect(await observeFunction(own, "plan compensation", { run: "desk-1" }, async () => 7)).toBe(7);
    expect(spans).toEqual([{ name: "plan compensation", within: undefined, annotations: { run: "desk-1" } }]);
    expect(lines).toEqual([]);
  });

  test("that fails is a line in the log", async () => {
    const { spans, lines, ...own } = observers();
    const failure = new HoldfastError(ErrorClass.Denied, "not-allowed", "4711");
    const about = { run: "desk-1", agent: "desk" };
    await expect(observeFunction(own, "decide", about, () => Promise.reject(failure))).rejects.toBe(failure);
    const failed = { error_class: "Holdfast.Denied", error_code: "not-allowed" };
    expect(spans[0]?.annotations).toEqual({ ...about, ...failed });
    const fields = { correlation_id: "desk-1", agent: "desk", ...failed };
    expect(lines).toEqual([{ level: "ERROR", message: "decide failed", fields }]);
  });
});
