/** What an action of a loop records: a model's answer on a turn, what came of a call on it, or what either asks people. */
type LoopAction =
  | { readonly kind: "turn"; readonly turn: number }
  | { readonly kind: "call"; readonly turn: number; readonly index: number; readonly tool: string }
  | { readonly kind: "asked" };

/** @param turn 1 for the first. */
export const turnAction = (turn: number): string => `turn-${turn}`;

/** `turn-4.1-refund`: the second call of turn 4. */
export const callAction = (turn: number, index: number, tool: string): string => `${turnAction(turn)}.${index}-${tool}`;

/** @param action the turn or call that asks. */
export const askedAction = (action: string): string => `${action}:asked`;

const NAME = /^turn-(\d+)(?:\.(\d+)-([a-z0-9-]+))?(:asked)?$/;

/** Reads the name of an action; undefined where a loop gives none such. A handler may give it to an action of its own, too. */
export function loopAction(name: string): LoopAction | undefined {
  const [, turn, index, tool, asked] = NAME.exec(name) ?? [];
  if (turn === undefined) return undefined;
  if (asked !== undefined) return { kind: "asked" };
  if (tool === undefined) return { kind: "turn", turn: Number(turn) };
  return { kind: "call", turn: Number(turn), index: Number(index), tool };
}
