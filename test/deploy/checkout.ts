import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const PARTS = ["bin", "cdk.json", "docs", "functions", "lib", "package.json", "test/deploy", "tsconfig.json"];
const execute = promisify(execFile);

/** A copy of this project, whose steps a test may change. */
export async function checkout(env: NodeJS.ProcessEnv) {
  const root = await mkdtemp(join(tmpdir(), "holdfast-deploy-"));
  for (const part of PARTS) await cp(join(PROJECT, part), join(root, part), { recursive: true });
  await symlink(join(PROJECT, "node_modules"), join(root, "node_modules"));
  return {
    root,
    /** Runs a command there. @returns the seconds that it took. */
    async run(command: string): Promise<number> {
      const begun = performance.now();
      await execute("bash", ["-c", command], { cwd: root, env, maxBuffer: 64 * 1024 * 1024 });
      return (performance.now() - begun) / 1_000;
    },
    /** Replaces text of a file, which must have it. */
    async edit(file: string, text: string, by: string): Promise<void> {
      const path = join(root, file);
      const source = await readFile(path, "utf8");
      if (!source.includes(text)) throw new RangeError(`${file} has no ${JSON.stringify(text)}.`);
      await writeFile(path, source.replace(text, by));
    },
    move: (from: string, to: string) => rename(join(root, from), join(root, to)),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
