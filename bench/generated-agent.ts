import type { AgentSource } from "../lib/definition/index.ts";

const RESULT = {
  type: "object",
  properties: { id: { type: "string" }, total: { type: "number" }, note: { type: "string" } },
  required: ["id", "total"],
};

/** An agent of so many steps, every kind among them, each of which refers to a step before it. Sizes are multiples of ten. */
export function generatedAgent(count: number): AgentSource {
  return {
    holdfast: 1,
    name: "generated",
    purpose: "Measures how long checking and compiling take.",
    input: {
      type: "object",
      properties: { id: { type: "string" }, lines: { type: "array", maxItems: 5, items: RESULT } },
      required: ["id", "lines"],
    },
    escalations: {
      desk: {
        tiers: [
          { audience: "desk", within: "4h" },
          { audience: "lead", within: "1d" },
        ],
        otherwise: "compensate",
      },
    },
    steps: Array.from({ length: count / 10 }, (_, group) => tenSteps(group)).flat(),
  };
}

function tenSteps(group: number) {
  const before = group === 0 ? "input" : `s${group - 1}-a`;
  const name = (suffix: string) => `s${group}-${suffix}`;
  const task = (suffix: string, more: object = {}) => ({
    kind: "task",
    name: name(suffix),
    handler: "./run.ts",
    effect: "read",
    input: { id: { $from: `${before}.id` }, group },
    output: RESULT,
    ...more,
  });
  return [
    task("a"),
    task("b", { effect: "write", compensate: "./undo.ts", input: { note: { $from: `${name("a")}.note` } } }),
    {
      kind: "choose",
      name: name("c"),
      branches: [{ name: "some", when: { $gt: [{ $from: `${name("a")}.total` }, 10] }, steps: [task("d")] }],
      otherwise: { steps: [task("e", { onFailure: { continueWith: { id: "none", total: 0 } } })] },
    },
    {
      kind: "each",
      name: name("f"),
      items: { $from: "input.lines" },
      as: name("line"),
      steps: [task("g", { input: { $from: name("line") } })],
      output: { $from: `${name("g")}.id` },
    },
    { kind: "parallel", name: name("h"), branches: { one: { steps: [task("i")] } } },
    { kind: "approval", name: name("j"), ladder: "desk", request: { total: { $from: `${name("b")}.total` } } },
  ];
}
