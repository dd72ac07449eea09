import { expect } from "vitest";
import type { ModelClient } from "../../../lib/ports/index.ts";
import type { Raw } from "../../definition/documents.ts";
import { type LoopOptions, loopOf } from "./loops.ts";
import { thinking } from "./thinking.ts";

/** A loop on a step like this, to its end. */
export async function ended(step: Raw, model: ModelClient, more: Partial<LoopOptions> = {}) {
  const loop = await loopOf({ step: thinking(step), model: () => model, ...more });
  const ending = await loop.toEnd();
  const said = loop.asked.models.map(({ messages }) => messages.at(-1)?.content ?? []);
  return { loop, ...ending, turns: said.length, said, calls: loop.asked.tools.map(({ name }) => name) };
}

export type Ended = Awaited<ReturnType<typeof ended>>;

/** Remarks of Holdfast to the model, by turn. */
export const remarks = ({ said }: Ended) =>
  said.map((content) => content.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join(" "));

/** What was recorded stays: another attempt asks nobody anything, and comes to the same end. */
export async function requireKept({ loop, error }: Ended) {
  const [models, tools] = [loop.asked.models.length, loop.asked.tools.length];
  const before = await loop.actions();
  expect(await loop.toEnd()).toMatchObject({ error });
  expect([loop.asked.models.length, loop.asked.tools.length]).toEqual([models, tools]);
  expect(await loop.actions()).toEqual(before);
}
