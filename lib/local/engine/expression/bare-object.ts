import type { Json } from "../../../contract/index.ts";

/** Inherits no names, yet is as fast as an ordinary object, which `Object.create(null)` is not. */
class Bare {
  [name: string]: Json;
}
Reflect.deleteProperty(Bare.prototype, "constructor");
Object.setPrototypeOf(Bare.prototype, null);

/** An empty object whose only names will be those of its data. */
export const bareObject = (): Record<string, Json> => new Bare();
