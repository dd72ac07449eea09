import { type OpenStack, openStack } from "../aws/index.ts";
import { ErrorClass, HoldfastError } from "../contract/index.ts";
import { type RunStore, runSummaryOf } from "../ports/index.ts";
import { agentOf, readRecord } from "../runtime/index.ts";
import type { RunSource } from "./run-source.ts";

/** The runs of a deployed platform. @throws HoldfastError where the stack, or a permission, is missing. */
export async function stackRuns(name: string): Promise<RunSource> {
  const stack = await openStack(name);
  const found = async (runId: string) => {
    const run = { agent: agentOf(runId), runId };
    const execution = await stack.execution(run);
    if (execution !== undefined) return { run, execution };
    const message = `Stack ${name} has no run ${runId.slice(0, 100)}, or Step Functions has forgotten it: it keeps runs for 90 days after their end. npx holdfast runs --stack ${name} lists those that there are.`;
    throw new HoldfastError(ErrorClass.InvalidInput, "unknown-run", message);
  };
  const spanned = async (runId: string) => {
    const { run, execution } = await found(runId);
    return { ...run, from: execution.startDate.getTime(), to: execution.stopDate?.getTime() ?? stack.now() };
  };
  return {
    isElsewhere: true,
    now: stack.now,
    runs: async (query) => (await stack.store.runs(query)).map(runSummaryOf),
    async facts(runId) {
      const { run, execution } = await found(runId);
      const [history, record] = await Promise.all([stack.events(run), readRecord(readOnly(stack), runId)]);
      const escalations = record?.escalations ?? [];
      return { runId, execution, history, record, escalations, usage: undefined, now: stack.now() };
    },
    logs: async (runId, query = {}) => stack.logs(await spanned(runId), query),
    segments: async (runId) => stack.segments(await spanned(runId)),
  };
}

/** Ports of what only reads. */
function readOnly({ store, now }: OpenStack): { readonly store: RunStore; readonly clock: { now(): number } } {
  const refused = () => Promise.reject(new TypeError("Runs are looked at, not changed."));
  return { store: { ...store, put: refused, update: refused, asked: refused }, clock: { now } };
}
