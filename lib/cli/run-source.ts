import type { LogLine, SegmentDocument } from "../contract/index.ts";
import type { LogQuery, RunList } from "../ports/index.ts";
import type { RunFacts } from "./report/run-facts.ts";

/** Where runs are looked at: this machine, a running `holdfast dev`, or what is deployed to AWS. All answer alike. */
export interface RunSource extends RunList {
  /** Whether runs go on there when this process is over. */
  readonly isElsewhere: boolean;
  /** @throws Holdfast.InvalidInput, code `unknown-run` */
  facts(runId: string): Promise<RunFacts>;
  /** What was logged of a run, oldest first. */
  logs(runId: string, query?: LogQuery): Promise<readonly LogLine[]>;
  /** The trace of a run and of those that it has started, in order of time. @throws Holdfast.InvalidInput, code `unknown-run` */
  segments(runId: string): Promise<readonly SegmentDocument[]>;
}
