#!/usr/bin/env node
// Plain JavaScript, so that Node alone can start it; everything behind it is TypeScript.
import { register } from "tsx/esm/api";

register();
await import("./holdfast.ts");
