import type { AgentDocument } from "../../definition/index.ts";
import { ALARMS, type AlarmName } from "./catalogue.ts";

/** Who is called by alarms, and where they read what to do. */
export interface Responsible {
  readonly business: string;
  readonly service: string;
  /** Folder of the runbooks. */
  readonly runbooks: string;
}

const UNOWNED = "nobody";
/** Where the runbooks are in Holdfast's own sources. */
const RUNBOOKS = "docs/runbooks";
/** CloudWatch takes 1 024 characters of a description. */
const LONGEST_OWNER = 300;

/** As an agent declares it. */
export const responsibleFor = ({ owners, runbook }: Pick<AgentDocument, "owners" | "runbook">): Responsible => ({
  business: owners?.business ?? UNOWNED,
  service: owners?.service ?? UNOWNED,
  runbooks: runbook?.replace(/\/+$/, "") ?? RUNBOOKS,
});

/** For what all agents share: those who keep the agents running; the runbooks are those of the first agent that has some. */
export function responsibleForAll(agents: readonly AgentDocument[]): Responsible {
  const all = (names: readonly (string | undefined)[]) =>
    [...new Set(names.filter((name) => name !== undefined))].join(", ") || UNOWNED;
  return {
    business: all(agents.map(({ owners }) => owners?.business)),
    service: all(agents.map(({ owners }) => owners?.service)),
    runbooks: responsibleFor({ runbook: agents.find(({ runbook }) => runbook !== undefined)?.runbook }).runbooks,
  };
}

/** What an alarm tells whoever it wakes, one thing a line. */
export function alarmDescription(name: AlarmName, responsible: Responsible): string {
  const { meaning, owner, severity } = ALARMS[name];
  return [
    meaning,
    `Owner: ${responsible[owner].slice(0, LONGEST_OWNER)}`,
    `Severity: ${severity}`,
    `Runbook: ${responsible.runbooks}/${name}.md`,
  ].join("\n");
}
