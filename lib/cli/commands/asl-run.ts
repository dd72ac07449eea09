import { z } from "zod";
import type { Json } from "../../contract/index.ts";
import {
  createEngine,
  type Engine,
  type EngineClock,
  type HistoryEvent,
  StatesError,
  seededChance,
  systemChance,
  systemClock,
  TaskError,
  type TaskHandler,
  virtualClock,
} from "../../local/index.ts";
import { printRefusal, readDefinition, readInput, readOption } from "../asl-files.ts";
import { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { table } from "../table.ts";

export interface AslRunOptions {
  readonly definition: string;
  readonly input: string;
  readonly tasks?: string;
  readonly history?: boolean;
  readonly realTime?: boolean;
}

const Attempt = z.union([
  z.strictObject({ result: z.json() }),
  z.strictObject({ error: z.string(), cause: z.string().default("") }),
]);
/** What the Tasks of each state end with, attempt after attempt. */
const TaskScript = z.record(z.string(), z.array(Attempt));
type TaskScript = z.output<typeof TaskScript>;

interface Outcome {
  readonly status: string;
  readonly output: Json;
  readonly error: string | null;
  readonly cause: string | null;
  readonly events?: readonly HistoryEvent[];
}

/** Runs a state machine to its end with scripted Tasks. Exit 0: it ran, however it ended; 2: AWS would refuse it. */
export async function aslRun({ terminal, json }: Invocation, options: AslRunOptions): Promise<ExitCode> {
  try {
    const script = (await readOption("--tasks", options.tasks, TaskScript)) ?? {};
    const definition = await readDefinition(options.definition);
    const outcome = await execute(definition, await readInput(options.input), script, options);
    terminal.out(json ? JSON.stringify(outcome) : words(outcome));
    return ExitCode.ok;
  } catch (error) {
    return printRefusal(terminal, json, error);
  }
}

/** In virtual time everything is fixed, chance too: the same files always give the same history. */
async function execute(
  definition: Json,
  input: Json,
  script: TaskScript,
  { realTime, history }: Pick<AslRunOptions, "realTime" | "history">,
): Promise<Outcome> {
  const time = realTime
    ? { clock: systemClock(), chance: systemChance() }
    : { clock: virtualClock(), chance: seededChance("asl") };
  const handler = scripted(script, () => engine, time.clock);
  const engine = createEngine({ ...time, tasks: () => handler });
  try {
    const machine = { name: "machine", definition };
    const { executionArn } = await engine.startExecution({ machine, name: "run", input });
    const { status, output = null, error = null, cause = null } = await engine.closed(executionArn);
    const events = history ? { events: await engine.getHistory(executionArn) } : {};
    return { status, output, error, cause, ...events };
  } finally {
    await engine.close();
  }
}

/** Ends each attempt of a Task as the script says, and by its token where it waits for that. */
function scripted(script: TaskScript, engine: () => Engine, clock: EngineClock): TaskHandler {
  const used = new Map<string, number>();
  return ({ stateName, token }) => {
    const turn = used.get(stateName) ?? 0;
    used.set(stateName, turn + 1);
    const attempt = Object.hasOwn(script, stateName) ? script[stateName]?.[turn] : undefined;
    if (attempt === undefined)
      throw new TaskError(
        StatesError.Runtime,
        `--tasks has no entry for attempt ${turn + 1} of the state '${stateName}'.`,
      );
    if (token !== undefined) {
      answerSoon(engine(), token, attempt, clock.hold?.());
      return {};
    }
    if ("error" in attempt) throw new TaskError(attempt.error, attempt.cause);
    return attempt.result;
  };
}

/** The answer comes after the call has ended, and before time goes on. One that is refused fails the Task. */
function answerSoon(engine: Engine, token: string, attempt: z.output<typeof Attempt>, release?: () => void): void {
  const fail = ({ message }: Error) =>
    engine.sendTaskFailure(token, { error: StatesError.DataLimitExceeded, cause: message });
  setImmediate(() => {
    const answered =
      "error" in attempt ? engine.sendTaskFailure(token, attempt) : engine.sendTaskSuccess(token, attempt.result);
    void answered.catch(fail).catch(nobodyWaits).finally(release);
  });
}

/** The Task was given up meanwhile: a branch beside it has failed. */
const nobodyWaits = () => undefined;

function words({ status, output, error, cause, events }: Outcome): string {
  const end = status === "SUCCEEDED" ? JSON.stringify(output, null, 2) : [error, cause].filter(Boolean).join(": ");
  if (events === undefined) return `${status}\n${end}`;
  const rows = events.map(({ id, previousEventId, type, timestamp }) => [
    id,
    previousEventId,
    timestamp.toISOString(),
    type,
  ]);
  return `${table(["event", "after", "at", "type"], rows)}\n\n${status}\n${end}`;
}
