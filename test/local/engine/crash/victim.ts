import { appendFileSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";
import { createEngine, lambdaTasks, ServiceError } from "../../../../lib/local/engine/index.ts";
import { systemChance } from "../../../../lib/local/system-chance.ts";
import { systemClock } from "../../../../lib/local/system-clock.ts";
import { EXPECTED_OUTPUT, MACHINE } from "./machine.ts";

/** Usage: victim.ts FOLDER RUNS. Does its work until it is done or killed; started again, it goes on. */
const [folder = "", runs = "0"] = process.argv.slice(2);
const log = (line: string) => appendFileSync(join(folder, "log"), `${line}\n`);
const chance = systemChance();
const pause = (most: number) => new Promise((resolve) => setTimeout(resolve, chance.random() * most));

const store = new ClassicLevel<string, string>(join(folder, "store"));
await store.open();

const engine = createEngine({
  store,
  clock: systemClock(),
  chance,
  tasks: lambdaTasks((name) => async (payload, { attempt }) => {
    const { run, task, token } = payload as { run: string; task: string; token: string };
    if (name === "ask") {
      log(`begin ${run} ask`);
      const path = join(folder, `${run}.token`);
      writeFileSync(`${path}.new`, token);
      renameSync(`${path}.new`, path);
      return null;
    }
    log(`begin ${run} ${task} ${attempt}`);
    await pause(20);
    if (task === "flaky" && attempt === 0) throw Object.assign(new Error("not yet"), { name: "Flaky" });
    log(`end ${run} ${task} ${attempt}`);
    return `did ${task}`;
  }),
});

/** What history says has ended is durable: it may not begin again. */
engine.subscribe(({ executionArn, event }) => {
  const run = executionArn.split(":").at(-1);
  const output = event.taskSucceededEventDetails?.output;
  if (typeof output === "string") log(`durable ${run} ${output}`);
});

async function answerToken(path: string): Promise<void> {
  try {
    await engine.sendTaskSuccess(readFileSync(path, "utf8"), "approved");
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    log(`refused ${error.code}`);
  }
  rmSync(path);
}

let finished = false;
async function answerTokens(): Promise<void> {
  while (!finished) {
    const files = readdirSync(folder).filter((name) => name.endsWith(".token"));
    for (const file of files) await answerToken(join(folder, file));
    await pause(20);
  }
}

log(`resumed ${await engine.resume()}`);
const names = Array.from({ length: Number(runs) }, (_, index) => `run-${index}`);
const started = await Promise.all(
  names.map(async (name) => {
    try {
      return (await engine.startExecution({ machine: { name: "victim", definition: MACHINE }, name, input: {} }))
        .executionArn;
    } catch (error) {
      if (error instanceof ServiceError && error.code === "ExecutionAlreadyExists")
        return error.message.split("'")[1] ?? "";
      throw error;
    }
  }),
);
process.stdout.write("ready\n");
const answering = answerTokens();
const results = await Promise.all(started.map((arn) => engine.closed(arn)));
finished = true;
await answering;
const wrong = results.filter(({ output }) => JSON.stringify(output) !== JSON.stringify(EXPECTED_OUTPUT));
log(wrong.length === 0 ? "finished" : `wrong ${JSON.stringify(wrong)}`);
await engine.close();
await store.close();
