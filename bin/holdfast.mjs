#!/usr/bin/env node
// Plain JavaScript, so that Node alone can start it; everything behind it is TypeScript.
import module from "node:module";

if (module.registerHooks === undefined) {
  // Where hooks have a thread of their own, what they are made of is loaded there alone: a fifth of a command's start.
  process.setSourceMapsEnabled(true);
  module.register("tsx/esm", import.meta.url, { data: {} });
} else {
  const { register } = await import("tsx/esm/api");
  register();
}
await import("./holdfast.ts");
