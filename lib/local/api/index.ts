import type { Engine } from "../engine/index.ts";
import { answer, type Services } from "./answer.ts";
import { type EventBus, eventBridge } from "./event-bridge/index.ts";
import { type ApiServer, serve } from "./server.ts";
import { type Machines, stepFunctions } from "./step-functions/index.ts";

export type { Delivery, EventTarget } from "./event-bridge/index.ts";
export type { ApiServer } from "./server.ts";

export interface ApiPorts extends EventBus {
  readonly engine: Engine;
  readonly machines: Machines;
}

/**
 * Serves on loopback what AWS's own clients call: Step Functions for the machines of an engine, and EventBridge's
 * PutEvents.
 *
 * @param port 0 for any that is free.
 * @throws Holdfast.InvalidInput when the port can not be had.
 */
export function serveApi({ engine, machines, ...bus }: ApiPorts, port: number): Promise<ApiServer> {
  const services: Services = { AWSStepFunctions: stepFunctions(engine, machines), AWSEvents: eventBridge(bus) };
  return serve((target, body) => answer(services, target, body), { port, chance: bus.chance });
}
