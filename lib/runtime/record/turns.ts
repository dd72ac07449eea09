import type { Json, JsonObject } from "../../contract/index.ts";
import type { Item } from "../../ports/index.ts";
import { parsed } from "../people/done-steps.ts";
import type { Placed } from "./decision-record.ts";
import { placeOf, stepAt } from "./place-of.ts";

const TURN = /^turn-(\d+)$/;

/** What models have decided in reasoning steps: which tools to call, and how to end. */
export const turns = (items: readonly Item[]): Placed[] =>
  items.flatMap((item): Placed[] => {
    const { path, key } = placeOf(item);
    const number = TURN.exec(key)?.[1];
    const answered = objectOf(parsed(item.result ?? "null"));
    const { content } = objectOf(answered.response);
    // An action of that name may be a handler's own.
    if (number === undefined || !Array.isArray(content)) return [];
    const calls = content.map(objectOf).flatMap(({ kind, name }) => (kind === "tool-use" ? [String(name)] : []));
    const at = String(item.at);
    return [
      {
        since: at,
        rank: 0,
        at,
        kind: "turn",
        step: stepAt(path),
        path,
        options: [],
        chosen: calls.length === 0 ? "no call" : `call ${calls.join(", ")}`,
        rule: `turn ${number}, ${answered.model}`,
        by: null,
        evidence: [item.sk],
        reason: null,
      },
    ];
  });

const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
