import { quoted, spelt } from "../runtime/index.ts";
import type { PinReport, ServerReport, ToolFacts, ToolReport } from "./report/tool-report.ts";
import { table } from "./table.ts";
import { printable, type Terminal } from "./terminal.ts";
import { cut } from "./text-width.ts";

type Colors = Terminal["colors"];

/** Characters of a value in a table, and of a schema. */
const CELL = 40;
const SCHEMA = 1_000;
/** So many tools that are not declared are shown; `--json` has all. */
const MOST_OTHERS = 50;

/** The tools of an agent for people. What servers have written is quoted, and cut. */
export function printTools({ colors }: Terminal, { agent, tools, servers }: ToolReport): string {
  const head = ["tool", "is", "effect", "approved by", "breaker opens", "stands in for it"];
  const listed = tools.length === 0 ? `${agent} declares no tools.` : table(head, tools.map(cells));
  return [listed, ...servers.flatMap((server) => ["", ...serverLines(colors, server)])].join("\n");
}

const cells = ({ name, kind, at, effect, gate, breaker, fallback }: ToolFacts) => [
  name,
  `${kind} ${cut(printable(at), CELL)}`,
  effect,
  gate === null ? "-" : "ladder" in gate ? gate.ladder : `nobody: ${cut(printable(gate.none), CELL)}`,
  `at ${breaker.failures} in ${breaker.within}, for ${breaker.halfOpenAfter}`,
  standIn(fallback),
];

function standIn(fallback: ToolFacts["fallback"]): string {
  if (fallback === "none") return "nothing";
  return "tool" in fallback ? fallback.tool : cut(spelt(JSON.stringify(fallback.continueWith)), CELL);
}

function serverLines(colors: Colors, { server, at, failure, tools }: ServerReport): string[] {
  const head = `${colors.bold(server)}  ${colors.dim(cut(printable(at), CELL))}`;
  if (failure !== null) {
    const said = failure.said === undefined ? "" : ` It said: ${quoted(failure.said)}`;
    return [head, `  ${colors.red("✗")} ${printable(failure.message)}${said} ${colors.dim(`[${failure.code}]`)}`];
  }
  if (tools.length === 0) return [head, "  lists no tools"];
  const declared = tools.filter(({ tool }) => tool !== null);
  const others = tools.filter(({ tool }) => tool === null);
  const left = others.length - MOST_OTHERS;
  return [
    head,
    ...[...declared, ...others.slice(0, MOST_OTHERS)].flatMap((pin) => pinLines(colors, pin)),
    ...(left > 0 ? [`    ${left} more are not declared; --json has all`] : []),
  ];
}

function pinLines(colors: Colors, { tool, name, state, difference, listed }: PinReport): string[] {
  if (state === "same") return [`  ${colors.green("✓")} ${tool}  ${colors.dim("as pinned")}`];
  const first =
    tool === null
      ? `  ${colors.yellow("+")} ${quoted(name)}  not declared`
      : `  ${colors.red("✗")} ${tool}  ${state}: ${difference}`;
  if (listed === null) return [first];
  const { pinned, description, input } = listed;
  const rows = [
    ["pinned", pinned],
    ["description", quoted(description)],
    ["input", schemaText(input)],
  ];
  return [
    first,
    ...table([], rows)
      .split("\n")
      .map((line) => `      ${line}`),
  ];
}

function schemaText(input: object): string {
  const text = JSON.stringify(input);
  return spelt(text.length <= SCHEMA ? text : `${text.slice(0, SCHEMA)}…`);
}
