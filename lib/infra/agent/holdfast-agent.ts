import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { keyOf } from "../../compiler/index.ts";
import { Environment, PLATFORM_TIMEOUT_SECONDS, startRunVariable } from "../../contract/index.ts";
import { allSteps } from "../../definition/index.ts";
import { asksPeople, functionKey, functionsOf, OPEN_ESCALATION, workSteps } from "../entries.ts";
import { createFunction } from "../function.ts";
import { startLive } from "../live.ts";
import { startRunName } from "../names.ts";
import { AgentOperations } from "../operations/agent-operations.ts";
import type { HoldfastAgentProps } from "./agent-props.ts";
import { Intake } from "./intake.ts";
import { createMachine } from "./machine.ts";
import { createOpenEscalation } from "./open-escalation.ts";
import { Release } from "./release.ts";
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
  readonly #name: string;

  constructor(scope: Construct, id: string, props: HoldfastAgentProps) {
    super(scope, id);
    this.#name = props.document.name;
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
    const { liveArn } = new Release(this, "Release", {
      document,
      machine: this.machine,
      rollout: props.rollout ?? stage.rollout,
      topic: platform.alarmTopic,
    });
    this.startRun.addToRolePolicy(startLive(this.machine.stateMachineArn));
    this.startRun.addEnvironment(Environment.stateMachine, liveArn);
    createSweep(this, document, liveArn, platform.reconciliation);
    const { triggers } = document;
    let intake: Intake | undefined;
    if (triggers.length > 0) {
      const agent = document.name;
      intake = new Intake(this, "Intake", { agent, triggers, bus: platform.bus, startRun: this.startRun, stage });
    }
    new AgentOperations(this, "Operations", { document, platform, machine: this.machine, intake });
  }

  /**
   * Lets a function start runs by itself: it invokes start-run with a `StartEvent`, and is answered with the run's id. The
   * variable that names the function bears the name of the agent, so that one function can start runs of several.
   */
  grantStartRun(grantee: LambdaFunction): void {
    const { functionArn, functionName } = this.startRun;
    grantee.addToRolePolicy(new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [functionArn] }));
    grantee.addEnvironment(startRunVariable(this.#name), functionName);
  }
}

/** Whatever the compiled document may name, by placeholder. */
function targetsOf(scope: Construct, props: HoldfastAgentProps): ReadonlyMap<string, Target> {
  const { document, platform } = props;
  const targets = new Map<string, Target>();
  targets.set(keyOf({ kind: "platform", name: "plan-compensation" }), unpinned(platform.planCompensationArn));
  targets.set(keyOf({ kind: "platform", name: "record-decisions" }), unpinned(platform.recordDecisionsArn));
  if (asksPeople(document)) targets.set(keyOf(OPEN_ESCALATION), pinned(createOpenEscalation(scope, props)));
  for (const step of workSteps(document)) {
    for (const kind of functionsOf(step)) {
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
