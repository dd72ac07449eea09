import { engineExecutions } from "../../lib/local/engine-executions.ts";
import { executionsConformance } from "../conformance/executions.ts";
import { askingEngine } from "./asking-engine.ts";

const { engine, machine, waiting } = askingEngine();
const executions = engineExecutions(engine, (arn) => (arn === waiting.stateMachine ? machine : undefined));

executionsConformance("the embedded engine", async () => ({ executions, ...waiting }));
