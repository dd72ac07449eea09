import type { AgentDocument, Condition, Operand, Step } from "../definition/index.ts";
import { isReference } from "../definition/index.ts";
import { variableOf } from "./names.ts";

/** A flowchart of an agent in Mermaid: its steps as people think of them, without retries and ladders. */
export function mermaid(agent: AgentDocument): string {
  const lines: string[] = [];
  const open = sequence(agent.steps, [{ from: "start" }], lines);
  lines.push("  finish([end])", ...open.map((edge) => arrow(edge, "finish")));
  return ["flowchart TD", "  start([start])", ...lines, ""].join("\n");
}

/** The loose end of an arrow that the next node is to catch. */
interface Loose {
  readonly from: string;
  readonly label?: string;
}

function sequence(steps: readonly Step[], entering: readonly Loose[], lines: string[]): Loose[] {
  return steps.reduce<Loose[]>((loose, step) => node(step, loose, lines), [...entering]);
}

function node(step: Step, entering: readonly Loose[], lines: string[]): Loose[] {
  const id = `step_${variableOf(step.name)}`;
  lines.push(`  ${id}${shape(step)}`, ...entering.map((edge) => arrow(edge, id)));
  switch (step.kind) {
    case "choose": {
      const branches = [
        ...step.branches.map((branch) => ({ ...branch, label: `${branch.name}: ${words(branch.when)}` })),
        { ...step.otherwise, label: "otherwise" },
      ];
      return branches.flatMap(({ steps, end, label }, index) => {
        const loose = sequence(steps, [{ from: id, label }], lines);
        if (end === undefined) return loose;
        const ended = `${id}_end_${index}`;
        lines.push(`  ${ended}([end])`, ...loose.map((edge) => arrow(edge, ended)));
        return [];
      });
    }
    case "parallel":
      return Object.entries(step.branches).flatMap(([label, { steps }]) =>
        sequence(steps, [{ from: id, label }], lines),
      );
    case "each":
      return sequence(step.steps, [{ from: id, label: `each ${step.as}` }], lines);
    case "task":
    case "reason":
    case "wait":
    case "approval":
    case "subflow":
      return [{ from: id }];
  }
}

const arrow = ({ from, label }: Loose, to: string) =>
  label === undefined ? `  ${from} --> ${to}` : `  ${from} -->|${quoted(label)}| ${to}`;

function shape(step: Step): string {
  switch (step.kind) {
    case "task":
      return `[${quoted(`${step.name}\n${step.effect}`)}]`;
    case "reason":
      return `{{${quoted(`${step.name}\nreasons`)}}}`;
    case "choose":
      return `{${quoted(step.name)}}`;
    case "approval":
      return `[/${quoted(`${step.name}\nasks ${step.ladder}`)}/]`;
    case "wait":
      return `(${quoted(`${step.name}\n${step.for ?? "until a time"}`)})`;
    case "subflow":
      return `[[${quoted(`${step.name}\n${step.agent}`)}]]`;
    case "parallel":
    case "each":
      return `[${quoted(step.name)}]`;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  "#": "#35;",
  "&": "#amp;",
  '"': "#quot;",
  "<": "#lt;",
  ">": "#gt;",
  "`": "#96;",
  "\n": "<br/>",
};

/** Mermaid's own escapes for what would end a label, or be markup in it. */
const quoted = (label: string) => `"${label.replace(/[#&"<>`\n]/g, (character) => ESCAPES[character] ?? character)}"`;

function words(condition: Condition): string {
  const side = (operand: Operand) => (isReference(operand) ? operand.$from : JSON.stringify(operand));
  const inner = (part: Condition) => ("$and" in part || "$or" in part ? `(${words(part)})` : words(part));
  if ("$and" in condition) return condition.$and.map(inner).join(" and ");
  if ("$or" in condition) return condition.$or.map(inner).join(" or ");
  if ("$not" in condition) return `not (${words(condition.$not)})`;
  if ("$exists" in condition) return `${condition.$exists.$from} exists`;
  if ("$in" in condition)
    return `${side(condition.$in[0])} in ${condition.$in[1].map((item) => JSON.stringify(item)).join(", ")}`;
  const [[operator, [left, right]] = ["", [null, null]]] = Object.entries(condition);
  const symbol = { $eq: "=", $ne: "≠", $lt: "<", $lte: "≤", $gt: ">", $gte: "≥" }[operator] ?? operator;
  return `${side(left)} ${symbol} ${side(right)}`;
}
