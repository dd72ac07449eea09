import type { Condition, Value } from "../../lib/definition/index.ts";
import { OUTPUT } from "./agent-frame.ts";
import type { Dice } from "./dice.ts";

interface SourceStep {
  readonly kind: string;
  readonly name: string;
  readonly [field: string]: unknown;
}

interface Sequence {
  readonly steps: SourceStep[];
  /** References to the numbers that its steps surely yield. */
  readonly numbers: readonly string[];
}

/** Where a step stands. */
interface Place {
  readonly numbers: readonly string[];
  readonly depth: number;
  readonly nested: boolean;
}

/** The steps of an agent, two to eight of them, and an output of all that they yield. @param ladders by name. */
export function generateSteps(dice: Dice, ladders: readonly string[]) {
  let left = dice.between(2, 8);
  let named = 0;
  const name = (kind: string) => `${kind}${++named}`;
  const ladder = () => dice.pick([ladders[0] ?? "", ...ladders]);
  const reference = (numbers: readonly string[]) => ({ $from: dice.pick([numbers[0] ?? "", ...numbers]) });
  const standIn = { continueWith: { value: -1 } };

  const outcome = (): unknown => {
    const plain = ["compensate", "compensate", "fail", standIn] as const;
    return ladders.length === 0
      ? dice.pick(plain)
      : dice.pick([...plain, { escalate: ladder() }, { escalate: ladder() }]);
  };

  function onFailure(): object {
    if (ladders.length === 0) return { onFailure: outcome() };
    const byClass = {
      "Holdfast.Transient": outcome(),
      "Holdfast.Rejected": outcome(),
      "Holdfast.UnknownOutcome": outcome(),
    };
    return dice.pick<object>([{}, {}, { onFailure: outcome() }, { onFailure: byClass }]);
  }

  function task({ numbers }: Place): SourceStep {
    const own = name("task");
    const effect = dice.pick(["none", "read", "write", "write", "write"]);
    const ungated = { gate: { none: "Only a simulation." } };
    const gates = [ungated, { gate: { ladder: ladder() } }, {}] as const;
    const ofWrite = {
      ...(ladders.length === 0 || dice.chance(0.5) ? ungated : dice.pick<object>(gates)),
      ...(dice.chance(0.6) ? { compensate: `./undo-${own}.ts` } : {}),
    };
    return {
      kind: "task",
      name: own,
      handler: `./${own}.ts`,
      effect,
      input: { from: reference(numbers), of: { $from: "input.id" } },
      output: OUTPUT,
      timeout: dice.pick(["10s", "30s", "60s", "120s"]),
      retry: dice.pick<unknown>([
        "standard",
        "standard",
        "patient",
        "none",
        { preset: "none", transport: { retries: 1 } },
      ]),
      ...onFailure(),
      ...(effect === "write" ? ofWrite : {}),
    };
  }

  function condition(numbers: readonly string[]): Condition {
    const sides = [reference(numbers), dice.below(1_000)] as const;
    const simple: Condition = dice.chance(0.5) ? { $lt: sides } : { $gte: sides };
    return dice.chance(0.2) ? { $not: simple } : simple;
  }

  function step(place: Place): { step: SourceStep; yields: readonly string[] } {
    const kinds = ["task", "task", "task", "wait", "choose", "parallel", "each", "subflow", "approval"] as const;
    const kind = place.depth === 0 ? "task" : dice.pick(kinds);
    const inner = { ...place, depth: place.depth - 1 };
    switch (kind) {
      case "wait":
        return { step: { kind, name: name("wait"), for: dice.pick(["1s", "90s", "3h"]) }, yields: [] };
      case "approval": {
        if (ladders.length === 0) break;
        const onReject = dice.pick<unknown>(["compensate", "fail", { escalate: ladder() }]);
        return {
          step: { kind, name: name("ask"), ladder: ladder(), request: { about: reference(place.numbers) }, onReject },
          yields: [],
        };
      }
      case "subflow": {
        const own = name("sub");
        const failure =
          ladders.length === 0 ? { onFailure: outcome() } : dice.pick<object>([{}, { onFailure: outcome() }]);
        const input = { value: reference(place.numbers) };
        return {
          step: { kind, name: own, agent: "child", input, output: OUTPUT, ...failure },
          yields: [`${own}.value`],
        };
      }
      case "choose": {
        const branch = (index: number) => {
          const { steps, numbers } = sequence(inner, dice.below(3));
          const ends = !place.nested && dice.chance(0.15) ? { end: { output: { early: reference(numbers) } } } : {};
          return { name: `b${index}`, when: condition(place.numbers), steps, ...ends };
        };
        const own = name("choose");
        return {
          step: { kind, name: own, branches: [branch(0)], otherwise: { steps: sequence(inner, dice.below(3)).steps } },
          yields: [],
        };
      }
      case "parallel": {
        const own = name("both");
        const branches = ["left", "right"].map((branch) => {
          const { steps, numbers } = sequence({ ...inner, nested: true }, dice.between(1, 2));
          return [branch, { steps, output: { value: reference(numbers.slice(-1)) } }];
        });
        const yields = ["left", "right"].map((branch) => `${own}.${branch}.value`);
        return { step: { kind, name: own, branches: Object.fromEntries(branches) }, yields };
      }
      case "each": {
        const own = name("each");
        const as = name("item");
        const within = { ...inner, numbers: [...place.numbers, `${as}.n`], nested: true };
        const { steps, numbers } = sequence(within, dice.between(1, 2));
        const made = { kind, name: own, items: { $from: "input.items" }, as, concurrency: dice.pick([1, 2, 4]), steps };
        return { step: { ...made, output: { value: reference(numbers.slice(-1)) } }, yields: [] };
      }
      case "task":
        break;
    }
    const made = task(place);
    return { step: made, yields: [`${made.name}.value`] };
  }

  function sequence(place: Place, atMost: number): Sequence {
    const steps: SourceStep[] = [];
    let numbers = place.numbers;
    for (let count = 0; count < atMost && left > 0; count += 1) {
      left -= 1;
      const next = step({ ...place, numbers });
      steps.push(next.step);
      numbers = [...numbers, ...next.yields];
    }
    return { steps, numbers };
  }

  const first = task({ numbers: ["input.amount"], depth: 0, nested: false });
  const top = sequence({ numbers: ["input.amount", `${first.name}.value`], depth: 2, nested: false }, left);
  const output: Value = Object.fromEntries(top.numbers.map((number, index) => [`v${index}`, { $from: number }]));
  return { steps: [first, ...top.steps], output };
}
