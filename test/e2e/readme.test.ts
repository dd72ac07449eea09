import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const dataDir = await mkdtemp(join(tmpdir(), "holdfast-readme-"));
afterAll(() => rm(dataDir, { recursive: true }));

const readme = await readFile("README.md", "utf8");
const commands = [...readme.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = ""]) => block.trim().split("\n"));

/** Installing is what let this test run. */
const INSTALLED = ["npm ci"];
/** A machine that knows no AWS account. */
const NO_ACCOUNT = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"))),
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
};
/** What a comment behind a command announces, other than exit status 0. */
const ANNOUNCED: Readonly<Record<string, number>> = { killed: 137, waits: 3 };

describe("the commands of the README, in their order", () => {
  it("are there", () => expect(commands.length).toBeGreaterThan(10));

  it.each(commands.filter((command) => !INSTALLED.includes(command)))("%s", async (line) => {
    const [command = "", announced = ""] = line.split(" # ");
    const env = { ...NO_ACCOUNT, HOLDFAST_DATA_DIR: dataDir, NO_COLOR: "1" };
    const { status, output } = await shell(command.replace(/^npx holdfast/, "node bin/holdfast.mjs"), env);
    expect({ status, output }).toEqual({ status: ANNOUNCED[announced] ?? 0, output: expect.any(String) });
  });
});

function shell(command: string, env: NodeJS.ProcessEnv): Promise<{ status: number; output: string }> {
  return new Promise((resolve) => {
    execFile("bash", ["-c", command], { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const status =
        error === null ? 0 : typeof error.code === "number" ? error.code : error.signal === "SIGKILL" ? 137 : -1;
      resolve({ status, output: stdout + stderr });
    });
  });
}
