import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { ClassicLevel } from "classic-level";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { decideClient } from "../../../lib/aws/index.ts";
import type { Json } from "../../../lib/contract/index.ts";
import { loadAgents } from "../../../lib/definition/index.ts";
import { executionArnOf } from "../../../lib/local/engine/index.ts";
import type { Escalation } from "../../../lib/runtime/index.ts";
import { cli, inProject, own } from "../../cli/in-project.ts";
import { canariesIn, KEYS, PAYLOAD, SECRETS } from "./canaries.ts";
import { deployedFunctions } from "./deployed-functions.ts";
import { DETAIL, LEAKY_MODULES, leakyAgent } from "./leaky-agent.ts";
import { startLeakyServices } from "./leaky-services.ts";

inProject();

const ALL = { ...SECRETS, ...PAYLOAD };
const AGENT = "leaky";

let services: Awaited<ReturnType<typeof startLeakyServices>>;
const KNOWN = { "escalations/hook": KEYS.hook, "shop/api": KEYS.shopKey, "openai/key": KEYS.modelKey };
const posted: string[] = [];
const genuine = globalThis.fetch;

beforeEach(async () => {
  posted.length = 0;
  services = await startLeakyServices();
  for (const [name, secret] of Object.entries(KNOWN)) {
    vi.stubEnv(`HOLDFAST_SECRET_${name.toUpperCase().replace("/", "_")}`, secret);
  }
  vi.stubGlobal("fetch", async (url: string | URL, init?: RequestInit) => {
    if (!String(url).startsWith("https://hooks.example.com/")) return genuine(url, init);
    posted.push(JSON.stringify(init));
    return new Response();
  });
  await own.declare(AGENT, leakyAgent(services.url), LEAKY_MODULES);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  await services.stop();
});

/** What a person answers in the place of the model. */
const OUTPUT = { note: PAYLOAD.outputNote, token: SECRETS.output };
/** What is kept of a loop. What a tool that failed has said is kept of it, too. */
const OF_THE_LOOP = ["modelNote", "modelQuestion", "toolInputNote", "toolOutputNote", "toolErrorText"];
const WAIT = { timeout: 60_000, interval: 50 };
const firstOf = (asked: Json) => (asked as Json & readonly Escalation[])[0]?.id;

/** That a place has what it is for, and none of the canaries. */
function expectClean(place: string, text: string, must: string | RegExp, canaries: Readonly<Record<string, string>>) {
  expect(text, place).toMatch(must);
  expect(canariesIn(text, canaries), place).toEqual([]);
}

describe("secrets and payloads of a run that retries, asks, fails and is undone", () => {
  it("are told nowhere by the functions that are deployed", async () => {
    const output: string[] = [];
    const keep = (text: unknown) => output.push(String(text)) > 0;
    const [agent] = await loadAgents(own.root);
    if (agent === undefined) throw new TypeError("There is no agent.");
    const deployed = await deployedFunctions(agent, KNOWN, KEYS.bearer);
    const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, "write").mockImplementation(keep));
    try {
      const detail = { id: "a", requestedBy: "zoe", ...DETAIL, api: services.url };
      await deployed.deliver({ id: "1", source: "test", "detail-type": AGENT, detail });
      const [execution] = await deployed.engine.listExecutions({ status: "RUNNING" });
      const runId = execution?.name ?? "";
      const arn = executionArnOf(AGENT, runId);
      const aws = { config: deployed.dynalite.client.config };
      const client = decideClient({ endpoint: deployed.api, client: aws, token: SECRETS.bearer });
      const decide = async (decision: string, more = {}) => {
        const id = await vi.waitUntil(async () => firstOf(await client.list(["clerks"])), WAIT);
        const { escalation } = (await client.read(id)) as Json & { escalation: Escalation };
        await client.decide({ id, digest: escalation.digest, decision, note: PAYLOAD.personNote, ...more });
      };
      await decide("approve");
      await decide("override", { output: OUTPUT });
      await decide("approve");
      await deployed.sweep();
      await decide("abort");
      const ended = await deployed.closed(arn);
      expect(ended).toMatchObject({ status: "FAILED", error: "Holdfast.Abandoned" });

      const { Items = [] } = await deployed.dynalite.client.send(
        new ScanCommand({ TableName: deployed.dynalite.table }),
      );
      const kept = JSON.stringify(Items);
      const tokens = Items.flatMap(({ taskToken }) => (taskToken?.S ? [taskToken.S] : []));
      expect(tokens).toHaveLength(4);
      expect(canariesIn(kept, PAYLOAD)).toEqual(
        expect.arrayContaining(["inputNote", "outputNote", "actionNote", "personNote", ...OF_THE_LOOP]),
      );
      expectClean("table", kept, runId, KEYS);
      expectClean("history", JSON.stringify(await deployed.engine.getHistory(arn)), "asked-by-model", KEYS);
      const canaries = { ...ALL, ...Object.fromEntries(tokens.entries()) };

      const lines = output.join("").split("\n");
      const metrics = lines.filter((line) => line.includes('"_aws"'));
      const log = lines.filter((line) => !line.includes('"_aws"'));
      expectClean("log", log.join("\n"), new RegExp(`"ERROR".*${runId}`), canaries);
      // Lambda writes the message of what a function throws, and a message may tell of payload.
      expectClean("Lambda's own lines", deployed.reported(), "Holdfast.Transient", { ...canaries, errorText: "none" });
      expectClean("metrics", metrics.join("\n"), "StepFailures", canaries);
      expectClean("traces", await deployed.traced(), runId, canaries);
      expectClean("topic", deployed.announced(), runId, canaries);
      expectClean("webhook", posted.join("\n"), runId, canaries);
    } finally {
      for (const spy of spies) spy.mockRestore();
      await deployed.stop();
    }
  });

  it("are told nowhere by the command line: secrets never, payloads to who asks for them alone", async () => {
    const said: string[] = [];
    const holdfast = async (...args: string[]) => {
      const { code, out, err } = await own.holdfast(...args);
      said.push(out, err);
      return { code, out };
    };
    const json = async (...args: string[]) => JSON.parse((await holdfast(...args, "--json")).out);
    const eventOf = (id: string) =>
      cli.file(
        JSON.stringify({
          id,
          source: "test",
          "detail-type": AGENT,
          detail: { id, requestedBy: "zoe", ...DETAIL, api: services.url },
        }),
      );
    const inspect = async (runId: string) => {
      for (const command of ["show", "why", "logs", "trace"]) {
        for (const more of [[], ["--json"]]) {
          expect([0, 1, 3], command).toContain((await holdfast(command, runId, ...more)).code);
        }
      }
      await holdfast("trace", runId, "--html", "-");
      for (const command of ["runs", "escalations"])
        for (const more of [[], ["--json"]]) await holdfast(command, ...more);
    };

    await holdfast("run", AGENT, "--event", await eventOf("in-words"));
    const { runId } = await json("run", AGENT, "--event", await eventOf("in-json"));
    const shownToPeople: string[] = [];
    await inspect(runId);
    const output = await cli.file(JSON.stringify(OUTPUT));
    for (const [decision = "", ...more] of [["approve"], ["override", "--output", output], ["approve"], ["abort"]]) {
      const asked = await json("escalations");
      const [id] = asked.map((each: Escalation) => each.id).filter((each: string) => each.startsWith(runId));
      shownToPeople.push((await holdfast("escalation", id)).out, (await holdfast("escalation", id, "--json")).out);
      const decide = ["decide", id, "--decision", decision, "--as", "ann", "--note", PAYLOAD.personNote, ...more];
      expect([0, 1]).toContain((await holdfast(...decide)).code);
      await holdfast(...decide);
    }
    await inspect(runId);
    expect(await json("show", runId)).toMatchObject({ status: "abandoned" });

    const kept = await storedOf(join(cli.dataDir, "store"));
    const tokens = [...kept.items.matchAll(/"taskToken":"([^"]{20,})"/g)].map(([, token = ""]) => token);
    expect(tokens.length).toBeGreaterThan(2);
    const secrets = { ...SECRETS, ...Object.fromEntries(tokens.entries()) };
    expect(canariesIn(shownToPeople.join(), PAYLOAD)).toEqual(
      expect.arrayContaining(["inputNote", "modelQuestion", "toolInputNote", "toolOutputNote"]),
    );
    expectClean("command line", said.join("\n"), runId, secrets);
    expectClean("store", kept.items, runId, KEYS);
    const canaries = { ...PAYLOAD, ...secrets };
    expectClean("log", kept.logs, new RegExp(`"ERROR".*${runId}`), canaries);
    expectClean("traces", kept.segments, runId, canaries);
    expectClean("notifications", await readFile(join(cli.dataDir, "notifications.jsonl"), "utf8"), runId, canaries);
    expectClean("webhook", posted.join("\n"), runId, canaries);
  });
});

/** What a data directory keeps, as it is kept. */
async function storedOf(path: string) {
  const database = new ClassicLevel<string, string>(path);
  const entries = await database.iterator().all();
  await database.close();
  const inside = (sublevel: string) => entries.filter(([key]) => key.startsWith(`!${sublevel}!`)).join("\n");
  return { items: inside("items"), logs: inside("logs"), segments: inside("segments") };
}
