import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";
import { ErrorClass, HoldfastError } from "../contract/index.ts";
import { type DevAddress, readDevFile } from "./dev-file.ts";
import type { Database } from "./embedded-run-store.ts";

/**
 * Opens what a data directory keeps, for this process alone.
 *
 * @throws Holdfast.InvalidInput, codes `data-dir-busy` (another process has it open) and `data-dir-unusable`
 */
export async function openDatabase(dataDir: string): Promise<Database> {
  try {
    await mkdir(dataDir, { recursive: true });
    const database = new ClassicLevel<string, string>(join(dataDir, "store"));
    await database.open();
    return database;
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const locked = reason instanceof Error && "code" in reason && reason.code === "LEVEL_LOCKED";
    throw locked ? busy(dataDir, await readDevFile(dataDir)) : unusable(dataDir, reason);
  }
}

/** @param dev may be what a killed process left behind. */
function busy(dataDir: string, dev: DevAddress | undefined): HoldfastError {
  const said =
    dev === undefined || !isAlive(dev.pid)
      ? `Another process works in ${dataDir}. Wait until it is done,`
      : `holdfast dev works in ${dataDir} (process ${dev.pid}), and goes on with its runs. Start runs by events there (PutEvents at ${dev.endpoint}),`;
  return new HoldfastError(ErrorClass.InvalidInput, "data-dir-busy", `${said} or name another folder with --data-dir.`);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // There is none, or it is another user's.
    return false;
  }
}

const unusable = (dataDir: string, reason: unknown) =>
  new HoldfastError(
    ErrorClass.InvalidInput,
    "data-dir-unusable",
    `${dataDir} cannot be used as a data directory: ${reason instanceof Error ? reason.message : reason}. Name another folder with --data-dir.`,
  );
