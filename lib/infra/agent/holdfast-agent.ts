import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { keyOf } from "../../compiler/index.ts";
import { Environment, PLATFORM_TIMEOUT_SECONDS } from "../../contract/index.ts";
import { allSteps } from "../../definition/index.ts";
import { asksPeople, functionKey, OPEN_ESCALATION, stepFunctions, taskSteps } from "../entries.ts";
import { createFunction } from "../function.ts";
import { startRunName } from "../names.ts";
import type { HoldfastAgentProps } from "./agent-props.ts";
import { Intake } from "./intake.ts";
import { createMachine } from "./machine.ts";
import { createOpenEscalation } from "./open-escalation.ts";
import { createStepFunction } from "./step-function.ts";
import { createSweep } from "./sweep.ts";
import { machineOf, pinned, startOf, type Target, unpinned } from "./targets.ts";

/**
 * One agent: its state machine, a function and a role for each step and each compensation, one that asks people where its
 * ladders say so, and the way of events to it.
 */
export class HoldfastAgent extends Construct {
  readonly machine: StateMachine;
  /** Starts runs: from the queue, or for the subflow step of another agent. */
  readonly startRun: LambdaFunction;

  constructor(scope: Construct, id: string, props: HoldfastAgentProps) {
    super(scope, id);
    const { document, callers, platform, code } = props;
    const { stage } = platform;
    this.machine = createMachine(this, document, stage, targetsOf(this, props));
    this.startRun = createFunction(this, "start-run", {
      code: code(functionKey(document.name, { kind: "start", agent: document.name })),
      stage,
      functionName: startRunName(document.name),
      description: `Starts runs of agent ${document.name}.`,
      timeoutSeconds: PLATFORM_TIMEOUT_SECONDS,
    });
    platform.runs.grantRunsOf([document.name], this.startRun);
    if (callers.length > 0)
      platform.runs.grantReadRunsOf(
        callers.map(({ name }) => name),
        this.startRun,
      );
    this.grantStartExecution(this.startRun);
    createSweep(this, document.name, this.machine, platform.reconciliation);
    const { triggers } = document;
    if (triggers.length > 0) {
      new Intake(this, "Intake", { triggers, bus: platform.bus, startRun: this.startRun, stage });
    }
  }

  /** Lets a function start executions of the state machine, and tells it which one that is. */
  grantStartExecution(grantee: LambdaFunction): void {
    this.machine.grantStartExecution(grantee);
    grantee.addEnvironment(Environment.stateMachine, this.machine.stateMachineArn);
  }
}

/** Whatever the compiled document may name, by placeholder. */
function targetsOf(scope: Construct, props: HoldfastAgentProps): ReadonlyMap<string, Target> {
  const { document, platform } = props;
  const targets = new Map<string, Target>();
  targets.set(keyOf({ kind: "platform", name: "plan-compensation" }), unpinned(platform.planCompensationArn));
  if (asksPeople(document)) targets.set(keyOf(OPEN_ESCALATION), pinned(createOpenEscalation(scope, props)));
  for (const step of taskSteps(document)) {
    for (const { kind } of stepFunctions(step)) {
      targets.set(keyOf({ kind, step: step.name }), pinned(createStepFunction(scope, kind, step, props)));
    }
  }
  for (const step of allSteps(document.steps)) {
    if (step.kind !== "subflow") continue;
    targets.set(keyOf({ kind: "start", agent: step.agent }), startOf(scope, step.agent));
    targets.set(keyOf({ kind: "agent", agent: step.agent }), machineOf(scope, step.agent));
  }
  return targets;
}
