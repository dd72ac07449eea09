import type { Json } from "../../contract/index.ts";
import type { BlobStore, ToolTransport } from "../../ports/index.ts";

/** What a function tool is given besides its input. */
export interface ToolContext<Given = Json> {
  /** The input of the step that the model works on: what no model has written. */
  readonly given: Given;
  /** The same for each attempt of the same call. */
  readonly idempotencyKey: string;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  readonly blobs: BlobStore;
}

/** The code of a function tool: validated input in, output out. */
export type ToolHandler<Input = Json, Output = Json, Given = Json> = (
  input: Input,
  context: ToolContext<Given>,
) => Output | Promise<Output>;

/** A tool that is a function in the step's own bundle. */
export const functionTool = (run: ToolHandler, blobs: BlobStore): ToolTransport => ({
  call: async ({ input, given, idempotencyKey, signal }) => ({
    output: await run(input, { given, idempotencyKey, signal, blobs }),
  }),
});
