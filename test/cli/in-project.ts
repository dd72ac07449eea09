import { afterEach, beforeEach } from "vitest";
import { commandLine } from "./command-line.ts";
import { project } from "./project.ts";

/** Of the test that runs. */
export let cli: Awaited<ReturnType<typeof commandLine>>;
export let own: ReturnType<typeof project>;

/** Gives each test of the file that calls it a command line and a project of its own. */
export function inProject(): void {
  beforeEach(async () => {
    cli = await commandLine();
    own = project(cli);
  });
  afterEach(() => cli.remove());
}
