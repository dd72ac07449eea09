import type { Engine } from "../engine/index.ts";
import { answer, type Services } from "./answer.ts";
import { deskOperations, type ServedDesk } from "./desk.ts";
import { type EventBus, eventBridge } from "./event-bridge/index.ts";
import { type ApiServer, serve } from "./server.ts";
import { type Machines, stepFunctions } from "./step-functions/index.ts";

export type { Delivery } from "./event-bridge/index.ts";
export type { ApiServer } from "./server.ts";

export interface ApiPorts extends EventBus {
  readonly engine: Engine;
  readonly machines: Machines;
  /** What the command line asks, and the key that it must name. @default it cannot ask */
  readonly desk?: { readonly served: ServedDesk; readonly key: string };
}

/**
 * Serves on loopback what AWS's own clients call, Step Functions for the machines of an engine and EventBridge's
 * PutEvents, and what the command line asks.
 *
 * @param port 0 for any that is free.
 * @throws Holdfast.InvalidInput when the port can not be had.
 */
export function serveApi({ engine, machines, desk, ...bus }: ApiPorts, port: number): Promise<ApiServer> {
  const services: Services = {
    AWSStepFunctions: stepFunctions(engine, machines),
    AWSEvents: eventBridge(bus),
    ...(desk === undefined ? {} : { Holdfast: deskOperations(desk.served, desk.key) }),
  };
  return serve((target, body) => answer(services, target, body), { port, chance: bus.chance });
}
