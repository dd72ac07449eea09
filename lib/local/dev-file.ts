import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** How other processes of this user reach the one that has a data directory open. */
export interface DevAddress {
  /** On loopback. */
  readonly endpoint: string;
  readonly pid: number;
  /** Requests name it: who knows it can read the data directory, and means this one. */
  readonly key: string;
}

const SHAPE = z.object({
  endpoint: z.string().regex(/^http:\/\/127\.0\.0\.1:\d+$/),
  pid: z.int().positive(),
  key: z.string().min(1),
});

const fileOf = (dataDir: string) => join(dataDir, "dev.json");

/** Appears whole, and for this user alone. One that a killed process left behind is replaced. */
export async function writeDevFile(dataDir: string, address: DevAddress): Promise<void> {
  const temporary = `${fileOf(dataDir)}.part`;
  await rm(temporary, { force: true });
  await writeFile(temporary, `${JSON.stringify(address)}\n`, { mode: 0o600, flag: "wx" });
  await rename(temporary, fileOf(dataDir));
}

export const removeDevFile = (dataDir: string): Promise<void> => rm(fileOf(dataDir), { force: true });

/** Undefined where there is none, or what is there is none. */
export async function readDevFile(dataDir: string): Promise<DevAddress | undefined> {
  try {
    return SHAPE.safeParse(JSON.parse(await readFile(fileOf(dataDir), "utf8"))).data;
  } catch {
    return undefined;
  }
}
