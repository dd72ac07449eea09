import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";
import { ErrorClass, HoldfastError } from "../contract/index.ts";
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
    throw unusable(dataDir, error);
  }
}

function unusable(dataDir: string, error: unknown): HoldfastError {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const locked = reason instanceof Error && "code" in reason && reason.code === "LEVEL_LOCKED";
  return new HoldfastError(
    ErrorClass.InvalidInput,
    locked ? "data-dir-busy" : "data-dir-unusable",
    locked
      ? `Another process works in ${dataDir}. Wait until it is done, or name another folder with --data-dir.`
      : `${dataDir} cannot be used as a data directory: ${reason instanceof Error ? reason.message : reason}. Name another folder with --data-dir.`,
  );
}
