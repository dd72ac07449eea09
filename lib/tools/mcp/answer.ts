import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { Json } from "../../contract/index.ts";
import { type ToolAnswer, ToolFailed } from "../../ports/index.ts";
import { scrub } from "../secret.ts";

/**
 * What an MCP server answered: its structured content where there is any, else `{ text }` with all its texts. Other content
 * (images, sound, links) is counted in `omitted`.
 *
 * @throws ToolFailed, fault `outputTooLarge`
 */
export function answerOf(result: CallToolResult, maxBytes: number, secrets: readonly string[]): ToolAnswer {
  const texts = result.content.flatMap((part) => (part.type === "text" ? [part.text] : []));
  const text = texts.join("\n");
  const omitted = result.content.length - texts.length;
  const structured = result.structuredContent as Json | undefined;
  const output: Json = result.isError ? text : (structured ?? { text, ...(omitted === 0 ? {} : { omitted }) });
  const bytes = Buffer.byteLength(JSON.stringify(output));
  if (bytes > maxBytes) {
    const message = `Its output has ${bytes} bytes; at most ${maxBytes} are taken. Let it answer with less, or with a reference.`;
    throw new ToolFailed("outputTooLarge", message);
  }
  const shown = scrub(output, secrets);
  return result.isError ? { refused: String(shown) } : { output: shown };
}
