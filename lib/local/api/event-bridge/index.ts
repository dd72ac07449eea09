export type { Delivery, EventTarget } from "./deliver.ts";
export { type EventBus, eventBridge } from "./put-events.ts";
