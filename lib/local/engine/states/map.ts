import type { Json } from "../../../contract/index.ts";
import type { MapState } from "../definition/model.ts";
import { StatesError } from "../error-names.ts";
import type { Failure } from "../interpreter/entry.ts";
import type { MapItem, Part, Routine } from "../interpreter/fiber.ts";
import { type Frame, StateFailure } from "../interpreter/frame.ts";
import { type MapPlan, planMap } from "./map-plan.ts";
import { Parts } from "./parts.ts";

/**
 * The item processor once an item, so many at a time: the list of outputs.
 *
 * @param resume what the items had come to before a redrive.
 * @throws StateFailure
 */
export function* attemptMap(frame: Frame, state: MapState, resume?: readonly Part[]): Routine<Json> {
  const plan = yield* planMap(frame, state);
  announce(frame, state, plan);
  const parts = new Parts(frame, plan.items.length, resume);
  try {
    yield* runItems(frame, state, { plan, parts });
  } finally {
    parts.keep();
  }
  const outputs = frame.limitSize(parts.outputs);
  frame.settle();
  finish(frame, state);
  return outputs;
}

interface Run {
  readonly plan: MapPlan;
  readonly parts: Parts;
}

function* runItems(frame: Frame, state: MapState, run: Run): Routine<void> {
  const { plan, parts } = run;
  const { fiber } = frame;
  const waiting = parts.waiting;
  let failures = 0;
  const startItems = (previous: number) => {
    while (parts.running < plan.concurrency) {
      const index = waiting.shift();
      if (index === undefined) return;
      startItem(frame, state, { ...run, index, previous });
    }
  };
  startItems(fiber.previous);
  while (parts.running > 0) {
    const signal = yield;
    if (signal.kind !== "settled") continue;
    const { child } = signal;
    const index = parts.take(child);
    const last = state.distributed ? fiber.previous : child.previous;
    fiber.previous = last;
    const failure = child.end?.kind === "failed" ? child.end.failure : undefined;
    if (!state.distributed)
      frame.emit(failure === undefined ? "MapIterationSucceeded" : "MapIterationFailed", { name: state.name, index });
    if (failure !== undefined) {
      failures += 1;
      if (plan.exceeds(failures)) throw stopMap(frame, state, parts, failure);
      parts.complete(index, errorOutput(failure));
    }
    startItems(last);
  }
}

function announce(frame: Frame, state: MapState, { items }: MapPlan): void {
  frame.emit("MapStateStarted", { length: state.itemReader === undefined ? items.length : 0 });
  if (state.distributed) frame.emit("MapRunStarted", { mapRunArn: frame.host.mapRunArn(state.label ?? state.name) });
}

function startItem(
  frame: Frame,
  state: MapState,
  { plan, parts, index, previous }: Run & { readonly index: number; readonly previous: number },
): void {
  const item: MapItem = { index, value: plan.items[index] ?? null };
  const input = plan.inputOf(item);
  const started = state.distributed
    ? 0
    : frame.fiber.history.add(frame.host.now, "MapIterationStarted", previous, { name: state.name, index });
  parts.start(index, { region: state.processor, input, item, previous: started, apart: state.distributed });
}

/** Of an item whose failure is tolerated. */
const errorOutput = ({ error = "", cause = "" }: Failure): Json => ({ Error: error, Cause: cause });

function stopMap(frame: Frame, state: MapState, parts: Parts, failure: Failure): StateFailure {
  const { previous } = frame.fiber;
  parts.stop();
  frame.fiber.previous = previous;
  const tolerates = state.toleratedFailureCount !== undefined || state.toleratedFailurePercentage !== undefined;
  const reported =
    state.distributed || tolerates
      ? {
          error: StatesError.ExceedToleratedFailureThreshold,
          cause: "The specified tolerated failure threshold was exceeded",
        }
      : failure;
  if (state.distributed) frame.emit("MapRunFailed", reported);
  return new StateFailure(reported);
}

function finish(frame: Frame, state: MapState): void {
  const { fiber } = frame;
  if (!state.distributed) {
    frame.emitAside("MapStateSucceeded");
    return;
  }
  const run = fiber.previous;
  frame.emit("MapRunSucceeded");
  frame.emitAside("MapStateSucceeded");
  fiber.previous = run;
}
