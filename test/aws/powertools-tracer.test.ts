import { SFNClient } from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DynamoRunStore, powertoolsTracer, stepFunctionsExecutions } from "../../lib/aws/index.ts";
import { ErrorClass, HoldfastError } from "../../lib/contract/index.ts";
import { startDynalite } from "../dynalite.ts";
import { startServer } from "../fakes/loopback-server.ts";
import { startDaemon } from "../fakes/x-ray-daemon.ts";
import { documentsOf, latest, type SegmentDocument } from "../segment-document.ts";

const ROOT = "1-67891233-abcdef012345678912345678";
const PARENT = "463ac35c9f6413ad";
const HEADER = `Root=${ROOT};Parent=${PARENT};Sampled=1`;

let daemon: Awaited<ReturnType<typeof startDaemon>>;
let tracer: Awaited<ReturnType<typeof powertoolsTracer>>;
beforeEach(async () => {
  daemon = await startDaemon();
  tracer = await powertoolsTracer({ daemon: daemon.address });
});
afterEach(() => daemon.stop());

const documents = async () => (await daemon.received()).flatMap(documentsOf);
const named = (all: readonly SegmentDocument[], name: string) => {
  const [found, ...more] = latest(all).filter((document) => document.name === name);
  if (found === undefined || more.length > 0) throw new Error(`${more.length + (found ? 1 : 0)} named ${name}`);
  return found;
};
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("a span", () => {
  test("is part of what the invocation's header names, and has its annotations", async () => {
    const result = await tracer.invocation(HEADER, {}, () =>
      tracer.span("match", { run: "desk-1", attempt: 2 }, async (span) => {
        span.annotate({ outcome: "completed" });
        return "done";
      }),
    );
    expect(result).toBe("done");
    expect(await documents()).toEqual([
      expect.objectContaining({
        name: "match",
        trace_id: ROOT,
        parent_id: PARENT,
        type: "subsegment",
        annotations: { run: "desk-1", attempt: 2, outcome: "completed", version: "local" },
      }),
    ]);
  });

  test("is sent once, with all that is in it", async () => {
    await tracer.invocation(HEADER, {}, () =>
      tracer.span("outer", { run: "desk-1" }, () => tracer.span("inner", { action: "post" }, () => pause(1))),
    );
    expect(await daemon.received()).toHaveLength(1);
    const [outer, inner] = await documents();
    expect(outer).toMatchObject({ name: "outer", end_time: expect.any(Number) });
    expect(inner).toMatchObject({
      name: "inner",
      parent_id: outer?.id,
      annotations: { run: "desk-1", action: "post" },
    });
  });

  test("leaves what outlives it to be sent by itself", async () => {
    let late: Promise<unknown> = Promise.resolve();
    await tracer.invocation(HEADER, { run: "desk-1" }, () =>
      tracer.span("outer", {}, async () => {
        late = tracer.span("late", {}, () => pause(5));
      }),
    );
    await late;
    const [outer, after] = await documents();
    expect(outer).toMatchObject({ name: "outer", end_time: expect.any(Number) });
    expect(after).toMatchObject({ name: "late", parent_id: outer?.id, annotations: { run: "desk-1" } });
  });

  test("sends what it has no room for after it was told of itself, and all of it once", async () => {
    await tracer.invocation(HEADER, { run: "desk-1" }, () =>
      tracer.span("outer", {}, async () => {
        for (let part = 0; part < 120; part++) await tracer.span(`part ${part}`, {}, async () => undefined);
      }),
    );
    const all = await documents();
    expect(all[0]).toMatchObject({ name: "outer", in_progress: true });
    expect(all[1]).toMatchObject({ name: "part 50" });
    expect(all.filter(({ in_progress }) => in_progress === true)).toHaveLength(1);
    const [outer] = latest(all).filter(({ name }) => name === "outer");
    expect(outer?.in_progress).toBeUndefined();
    const parts = all.filter(({ name }) => name.startsWith("part "));
    expect(parts).toHaveLength(120);
    expect(parts.every(({ parent_id }) => parent_id === outer?.id)).toBe(true);
  });

  test("counts what is deeper within, too: a document has room for so many parts, wherever they are", async () => {
    const inner = (name: string) => tracer.span(name, { run: "r".repeat(250) }, async () => undefined);
    await tracer.invocation(HEADER, { run: "desk-1" }, () =>
      tracer.span("outer", {}, async () => {
        for (let action = 0; action < 80; action++) {
          await tracer.span(`action ${action}`, {}, () => Promise.all([inner("call"), inner("call"), inner("call")]));
        }
      }),
    );
    const all = latest(await documents());
    expect(all).toHaveLength(1 + 80 + 80 * 3);
    const ids = new Set([PARENT, ...all.map(({ id }) => id)]);
    expect(all.filter(({ parent_id = "" }) => !ids.has(parent_id))).toEqual([]);
  });

  test("keeps apart what runs at the same time, in one invocation and in many", async () => {
    const many = Array.from({ length: 20 }, (_, index) => `desk-${index}`);
    await Promise.all(
      many.map((run, index) =>
        tracer.invocation(
          `Root=1-67891233-${String(index).padStart(24, "0")};Parent=${PARENT};Sampled=1`,
          { run },
          () =>
            tracer.span(run, {}, async () => {
              await pause(index % 3);
              await Promise.all(
                ["a", "b", "c"].map((action) =>
                  tracer.span(`${run} ${action}`, { action }, async () => {
                    await pause((index * 7) % 5);
                    await tracer.span(`${run} ${action} within`, {}, () => pause(1));
                  }),
                ),
              );
            }),
        ),
      ),
    );
    const all = latest(await documents());
    expect(all).toHaveLength(20 * 7);
    for (const document of all) {
      const [run = "", action, within] = document.name.split(" ");
      const parent = named(all, within === undefined ? run : `${run} ${action}`);
      expect(document.annotations?.run, document.name).toBe(run);
      expect(document.annotations?.action, document.name).toBe(action);
      expect(document.trace_id).toBe(named(all, run).trace_id);
      if (action === undefined) expect(document.parent_id).toBe(PARENT);
      else expect(document.parent_id, document.name).toBe(within === undefined ? named(all, run).id : parent.id);
    }
  });

  test("that outlives its parent is still part of it", async () => {
    let late: Promise<unknown> = Promise.resolve();
    await tracer.invocation(HEADER, {}, () =>
      tracer.span("attempt", { run: "desk-1" }, async () => {
        late = tracer.span("late", {}, () => pause(20));
      }),
    );
    await late;
    const all = await documents();
    expect(named(all, "late")).toMatchObject({ parent_id: named(all, "attempt").id, trace_id: ROOT });
    expect(named(all, "attempt").end_time).toBeTypeOf("number");
  });

  test("shows an error by class and code, and throws it as it was", async () => {
    const secret = new HoldfastError(ErrorClass.Transient, "step-timed-out", "The card 4711 was slow.");
    const failing = tracer.invocation(HEADER, {}, () =>
      tracer.span("charge", { run: "desk-1" }, () => tracer.span("inner", {}, () => Promise.reject(secret))),
    );
    await expect(failing).rejects.toBe(secret);
    const all = await documents();
    for (const name of ["charge", "inner"]) {
      const { fault, cause } = named(all, name);
      expect(fault).toBe(true);
      expect(cause).toMatchObject({ exceptions: [{ type: "Holdfast.Transient", message: "step-timed-out" }] });
    }
    expect(Buffer.concat(daemon.datagrams).toString()).not.toMatch(/4711|powertools-tracer/);
  });

  test.each([
    ["a number", 42],
    ["null", null],
    ["an error whose name and code tell too much", Object.assign(new Error("x"), { name: "card 4711", code: "4 711" })],
    [
      "an error without a class",
      {
        get name() {
          throw new Error("4711");
        },
      },
    ],
  ])("shows %s without what it says", async (_, thrown) => {
    const failing = tracer.invocation(HEADER, {}, () =>
      tracer.span("charge", { run: "r" }, () => Promise.reject(thrown)),
    );
    await expect(failing).rejects.toBe(thrown);
    expect((await documents()).at(-1)?.end_time).toBeTypeOf("number");
    expect(Buffer.concat(daemon.datagrams).toString()).not.toMatch(/4 ?711/);
  });

  test("has a name and annotations that X-Ray takes, whatever is given", async () => {
    await tracer.invocation(HEADER, {}, () =>
      tracer.span(`a{b}\n${"x".repeat(300)}`, { run: "r".repeat(400), attempt: Number.NaN }, () => pause(0)),
    );
    const [document] = await documents();
    expect(document?.name).toBe(`a_b__${"x".repeat(195)}`);
    expect(document?.annotations).toMatchObject({ run: "r".repeat(250), attempt: "NaN" });
  });

  test.each([
    ["nothing tells a trace", undefined],
    ["the trace is not sampled", `Root=${ROOT};Parent=${PARENT};Sampled=0`],
    ["the header is none", "Root=elsewhere;Parent=x"],
  ])("is work alone where %s", async (_, header) => {
    const work = () => tracer.span("match", { run: "desk-1" }, async () => 7);
    expect(await (header === undefined ? work() : tracer.invocation(header, {}, work))).toBe(7);
    expect(await documents()).toEqual([]);
  });
});

test("the root of the trace is told, sampled or not", async () => {
  expect(tracer.traceId()).toBeUndefined();
  await tracer.invocation(`Root=${ROOT};Sampled=0`, {}, async () => expect(tracer.traceId()).toBe(ROOT));
});

describe("calls of AWS", () => {
  let dynalite: Awaited<ReturnType<typeof startDynalite>>;
  beforeEach(async () => {
    dynalite = await startDynalite();
  });
  afterEach(() => dynalite.stop());

  test("are part of the span that they are made in, with the run, and without what they carry", async () => {
    const store = new DynamoRunStore(tracer.captureAwsClient(dynalite.client), dynalite.table);
    const item = { pk: "RUN#4711", sk: "RUN", secret: "card 4711" };
    await tracer.invocation(HEADER, {}, () =>
      tracer.span("outer", { run: "desk-1" }, () =>
        Promise.all(
          ["a", "b"].map((action) =>
            tracer.span(action, { action }, async () => {
              await store.put({ ...item, sk: action });
              await store.put({ ...item, sk: action }, { kind: "absent" });
            }),
          ),
        ),
      ),
    );
    const all = latest(await documents());
    const calls = all.filter(({ name }) => name === "DynamoDB");
    expect(calls).toHaveLength(6);
    for (const call of calls) {
      const action = all.find(({ id }) => id === call.parent_id);
      expect(action?.name).toBe(call.annotations?.action);
      expect(call).toMatchObject({ namespace: "aws", annotations: { run: "desk-1" }, aws: { table_name: "runs" } });
    }
    const refused = calls.filter(({ error }) => error === true);
    expect(refused).toHaveLength(2);
    expect(refused[0]).toMatchObject({ cause: { exceptions: [{ type: "ConditionalCheckFailedException" }] } });
    expect(refused[0]?.fault).toBeUndefined();
    expect(Buffer.concat(daemon.datagrams).toString()).not.toContain("4711");
  });

  test("are made where no trace is", async () => {
    const store = new DynamoRunStore(tracer.captureAwsClient(dynalite.client), dynalite.table);
    expect(await store.put({ pk: "RUN#1", sk: "RUN" })).toEqual({ applied: true });
    expect(await documents()).toEqual([]);
  });
});

describe("an execution that is started", () => {
  const headers: unknown[] = [];
  let server: Awaited<ReturnType<typeof startServer>>;
  let client: SFNClient;
  beforeEach(async () => {
    headers.length = 0;
    server = await startServer((request, response) => {
      headers.push(request.headers["x-amzn-trace-id"]);
      response.end("{}");
    });
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    client = new SFNClient({ endpoint: server.endpoint, region: "us-east-1", credentials });
  });
  afterEach(async () => {
    client.destroy();
    await server.stop();
  });

  const started = (traceHeader?: string) =>
    tracer.invocation(HEADER, {}, () =>
      tracer.span("start run", { run: "desk-1" }, async () => {
        const trace = traceHeader === undefined ? {} : { traceHeader };
        const executions = stepFunctionsExecutions(tracer.captureAwsClient(client));
        await executions.start({
          stateMachine: "arn:aws:states:::stateMachine:desk",
          name: "desk-1",
          input: {},
          ...trace,
        });
      }),
    );

  test("goes on with the trace of who starts it", async () => {
    await started();
    const call = named(await documents(), "SFN");
    expect(headers).toEqual([`Root=${ROOT};Parent=${call.id};Sampled=1`]);
  });

  test("belongs to the trace of its event, where that has one", async () => {
    const sender = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
    await started(sender);
    expect(headers).toEqual([sender]);
  });
});

describe("work is unharmed", () => {
  test("by a daemon that is not there", async () => {
    const gone = await startDaemon();
    await gone.stop();
    const deaf = await powertoolsTracer({ daemon: gone.address });
    const work = () => deaf.span("outer", { run: "r" }, () => deaf.span("inner", {}, async () => 7));
    expect(await deaf.invocation(HEADER, {}, work)).toBe(7);
    await pause(20);
    expect(await deaf.invocation(HEADER, {}, work)).toBe(7);
  });

  test.each(["addNewSubsegment", "addAnnotation", "close", "flush", "format"])(
    "by an SDK whose %s is broken",
    async (method) => {
      const { default: sdk } = await import("aws-xray-sdk-core");
      const prototypes = [sdk.Segment.prototype, sdk.Subsegment.prototype];
      const before = prototypes.map((prototype) => Reflect.get(prototype, method));
      const broken = () => {
        throw new Error("broken");
      };
      for (const prototype of prototypes) Reflect.set(prototype, method, broken);
      const failure = new Error("of the work");
      try {
        const work = () => tracer.span("outer", { run: "r" }, () => tracer.span("inner", {}, async () => 7));
        expect(await tracer.invocation(HEADER, {}, work)).toBe(7);
        const failing = tracer.invocation(HEADER, {}, () => tracer.span("outer", {}, () => Promise.reject(failure)));
        await expect(failing).rejects.toBe(failure);
      } finally {
        for (const [index, prototype] of prototypes.entries()) Reflect.set(prototype, method, before[index]);
      }
    },
  );
});
