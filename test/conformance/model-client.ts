import { describe, expect, it } from "vitest";
import { ErrorClass, type Json } from "../../lib/contract/index.ts";
import type {
  ModelClient,
  ModelContent,
  ModelMessage,
  ModelRequest,
  ModelResponse,
  ModelUsage,
  StopReason,
} from "../../lib/ports/index.ts";
import { classify } from "../../lib/runtime/index.ts";

/** What a model is to say, however its provider puts that. */
export interface Said {
  readonly text?: string;
  readonly toolCalls?: readonly { readonly name: string; readonly input: Json }[];
  readonly stop: StopReason;
  readonly usage?: ModelUsage;
}

export type Failing = "throttled" | "timed out" | "out of order" | "broken" | "denied" | "misunderstood";

export interface OpenedModel {
  readonly client: ModelClient;
  readonly model: string;
  /** How often the provider was asked. */
  readonly asked: () => number;
}

export interface ModelBench {
  /** A model whose next answer is this. */
  readonly saying: (said: Said) => Promise<OpenedModel>;
  /** A model whose next answer is an error. A throttled one asks to wait for 7 seconds. */
  readonly failing: (failing: Failing) => Promise<OpenedModel>;
  /** The failures that this provider has. */
  readonly failures: readonly Failing[];
  /** The reasons to stop that this provider has. */
  readonly stops: readonly StopReason[];
  /** A model that never answers; absent where answers take no time. */
  readonly silent?: () => Promise<OpenedModel>;
}

const CLASSES: Readonly<Record<Failing, ErrorClass>> = {
  throttled: ErrorClass.Throttled,
  "timed out": ErrorClass.Transient,
  "out of order": ErrorClass.Transient,
  broken: ErrorClass.Transient,
  denied: ErrorClass.Denied,
  misunderstood: ErrorClass.Permanent,
};

const PRIVATE = "the customer's name is Quillfeather";

const asking = ({ model }: OpenedModel, more: Partial<ModelRequest> = {}): ModelRequest => ({
  model,
  system: `You handle orders; ${PRIVATE}.`,
  messages: [{ role: "user", content: [{ kind: "text", text: "May order 1001 be refunded?" }] }],
  tools: [{ name: "get-order", description: "An order.", input: { type: "object", properties: {} } }],
  maxTokens: 100,
  idempotencyKey: "5f1c0a9b3d2e4f60718293a4b5c6d7e8",
  signal: new AbortController().signal,
  ...more,
});

const textOf = ({ content }: ModelResponse) => content.flatMap((part) => (part.kind === "text" ? part.text : []));
const callsOf = ({ content }: ModelResponse) => content.flatMap((part) => (part.kind === "tool-use" ? part : []));

/** What every ModelClient must do, whoever's models it asks. */
export function modelClientConformance(name: string, bench: ModelBench): void {
  describe(`${name} as a model`, () => {
    it("answers with text, and says what that took", async () => {
      const usage = { inputTokens: 12, cacheReadTokens: 30, cacheWriteTokens: 0, outputTokens: 7 };
      const opened = await bench.saying({ text: "Yes.", stop: "end", usage });
      const response = await opened.client.converse(asking(opened));
      expect(textOf(response)).toEqual(["Yes."]);
      expect({ stop: response.stop, usage: response.usage }).toEqual({ stop: "end", usage });
      expect(opened.asked()).toBe(1);
    });

    it("calls several tools at once, each call under an id of its own", async () => {
      const toolCalls = [
        { name: "get-order", input: { orderId: "1001", lines: [1, { deep: null }] } },
        { name: "get-order", input: {} },
      ];
      const opened = await bench.saying({ text: "Let me look.", toolCalls, stop: "tool-use" });
      const response = await opened.client.converse(asking(opened));
      expect(response.stop).toBe("tool-use");
      expect(callsOf(response).map(({ name, input }) => ({ name, input }))).toEqual(toolCalls);
      expect(new Set(callsOf(response).map(({ id }) => id)).size).toBe(2);
    });

    it("answers with plain JSON, which outlives being kept", async () => {
      const toolCalls = [{ name: "get-order", input: { orderId: "1001" } }];
      const opened = await bench.saying({ text: "Let me look.", toolCalls, stop: "tool-use" });
      const response = await opened.client.converse(asking(opened));
      expect(JSON.parse(JSON.stringify(response))).toStrictEqual(response);
    });

    it.each(bench.stops.map((stop) => [stop]))("says that it stopped: %s", async (stop) => {
      const toolCalls = stop === "tool-use" ? [{ name: "get-order", input: {} }] : [];
      const opened = await bench.saying({ text: "Well, ", toolCalls, stop });
      expect((await opened.client.converse(asking(opened))).stop).toBe(stop);
    });

    it("takes what tools said, whatever that is, and whatever it said itself", async () => {
      const results: Json[] = ["text", "", { of: "an order" }, [1, 2], 7, null, { __type: "of something" }];
      const calls = results.map((_, index): ModelContent => {
        return { kind: "tool-use", id: `call-${index}`, name: "get-order", input: index === 0 ? "not an object" : {} };
      });
      const told = results.map(
        (content, index): ModelContent => ({ kind: "tool-result", id: `call-${index}`, ok: index % 2 === 0, content }),
      );
      const opened = await bench.saying({ text: "Done.", stop: "end" });
      const response = await opened.client.converse(
        asking(opened, {
          messages: [
            { role: "user", content: [{ kind: "text", text: "Look." }] },
            { role: "assistant", content: [{ kind: "text", text: "" }, ...calls] },
            { role: "user", content: [...told, { kind: "text", text: "Go on." }] },
            { role: "assistant", content: [] },
            { role: "user", content: [{ kind: "opaque", provider: "another", value: { secret: true } }] },
          ],
        }),
      );
      expect(textOf(response)).toEqual(["Done."]);
    });

    it("goes on after a turn whose calls have names and ids that its provider does not take", async () => {
      const odd = [
        ["call 1", "get order"],
        ["call/1", "get-order"],
        ["call/1", ""],
        ["", "bestellung-prüfen"],
        ["i".repeat(65), "n".repeat(65)],
      ] as const;
      const opened = await bench.saying({ text: "Done.", stop: "end" });
      const response = await opened.client.converse(
        asking(opened, {
          messages: [
            { role: "user", content: [{ kind: "text", text: "Look." }] },
            ...["first", "second"].flatMap((): ModelMessage[] => [
              { role: "assistant", content: odd.map(([id, name]) => ({ kind: "tool-use", id, name, input: {} })) },
              { role: "user", content: odd.map(([id]) => ({ kind: "tool-result", id, ok: true, content: "Well." })) },
            ]),
          ],
        }),
      );
      expect(textOf(response)).toEqual(["Done."]);
    });

    it.each(bench.failures.map((failing) => [failing, CLASSES[failing]] as const))(
      "that is %s fails as %s, asked once, and tells nothing of what it was asked",
      async (failing, name) => {
        const opened = await bench.failing(failing);
        const error: unknown = await opened.client.converse(asking(opened)).catch((thrown: unknown) => thrown);
        const { name: found, retryAfterSeconds, message } = classify(error);
        expect({ found, retryAfterSeconds }).toEqual({
          found: name,
          retryAfterSeconds: failing === "throttled" ? 7 : undefined,
        });
        expect(opened.asked()).toBe(1);
        expect(message + JSON.stringify(error)).not.toContain("Quillfeather");
      },
    );

    it("is not asked by whoever has given up before", async () => {
      const opened = await bench.saying({ text: "Yes.", stop: "end" });
      const error: unknown = await opened.client
        .converse(asking(opened, { signal: AbortSignal.abort() }))
        .catch((thrown: unknown) => thrown);
      expect(classify(error).name).toBe(ErrorClass.Transient);
      expect(opened.asked()).toBe(0);
    });

    const { silent } = bench;
    it.skipIf(silent === undefined)("is given up when time is up", async () => {
      const opened = await (silent ?? expect.fail)();
      const error: unknown = await opened.client
        .converse(asking(opened, { signal: AbortSignal.timeout(50) }))
        .catch((thrown: unknown) => thrown);
      expect(classify(error).name).toBe(ErrorClass.Transient);
    });
  });
}
