import { afterEach, beforeEach } from "vitest";
import { commandLine } from "./command-line.ts";
import { project } from "./project.ts";

/** Of the test that runs: whatever file imports these has new ones for each. */
export let cli: Awaited<ReturnType<typeof commandLine>>;
export let own: ReturnType<typeof project>;

beforeEach(async () => {
  cli = await commandLine();
  own = project(cli);
});
afterEach(() => cli.remove());
