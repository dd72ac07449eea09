import { HoldfastError } from "../contract/index.ts";
import { type RunList, runSummaryOf } from "../ports/index.ts";
import { openDatabase } from "./database.ts";
import { EmbeddedRunStore } from "./embedded-run-store.ts";

/**
 * The runs of a data directory, or where `holdfast dev` has it open, those that it tells of. No engine is loaded for it,
 * and no run taken up.
 *
 * @throws Holdfast.InvalidInput, codes `data-dir-busy` and `data-dir-unusable`
 */
export async function withRunList<Result>(dataDir: string, use: (list: RunList) => Promise<Result>): Promise<Result> {
  const { list, close } = await openRunList(dataDir);
  try {
    return await use(list);
  } finally {
    await close();
  }
}

async function openRunList(dataDir: string): Promise<{ readonly list: RunList; readonly close: () => Promise<void> }> {
  try {
    const database = await openDatabase(dataDir);
    const store = new EmbeddedRunStore(database);
    const list = {
      runs: async (query) => (await store.runs(query)).map(runSummaryOf),
      now: Date.now,
    } satisfies RunList;
    return { list, close: () => database.close() };
  } catch (error) {
    if (!(error instanceof HoldfastError && error.code === "data-dir-busy")) throw error;
    const { servedDesk } = await import("./desk-client.ts");
    const list = await servedDesk(dataDir, error);
    if (list === undefined) throw error;
    return { list, close: async () => undefined };
  }
}
