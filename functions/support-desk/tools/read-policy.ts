import type { ToolHandler } from "../../../lib/runtime/index.ts";
import type { PolicyText, SupportRequested } from "../schemas.ts";

const MOST_BYTES = 50_000;

export const run: ToolHandler<unknown, PolicyText, SupportRequested> = async (_, { given, blobs }) => ({
  policy: new TextDecoder().decode(await blobs.read(given.policy, { maxBytes: MOST_BYTES })),
});
