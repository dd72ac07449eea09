import { ToolFailed } from "../ports/index.ts";

/**
 * A stream of which no more than so many bytes are taken: then it fails, and nothing more is read.
 *
 * @param ended told once it is at its end, with why where it failed.
 */
export function boundedStream(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
  ended: (error?: unknown) => void = () => undefined,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  let bytes = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        bytes += value?.length ?? 0;
        if (bytes > maxBytes) throw tooLarge(maxBytes);
        if (value !== undefined) controller.enqueue(value);
        if (!done) return;
        controller.close();
        ended();
      } catch (error) {
        await reader.cancel(error).catch(() => undefined);
        controller.error(error);
        ended(error);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** The text of a body. @throws ToolFailed, fault `outputTooLarge` */
export async function boundedText(body: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<string> {
  return body === null ? "" : new Response(boundedStream(body, maxBytes)).text();
}

/** The beginning of a body, whatever becomes of the rest. */
export async function beginning(body: ReadableStream<Uint8Array> | null, bytes: number): Promise<string> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (let read = 0; reader !== undefined && read < bytes; ) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value.subarray(0, bytes - read), { stream: true });
      read += value.length;
    }
  } catch {
    return text;
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
  return text;
}

const tooLarge = (maxBytes: number) =>
  new ToolFailed(
    "outputTooLarge",
    `Its answer is larger than ${maxBytes} bytes. Let it answer with less, or with a reference.`,
  );
