import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import pc from "picocolors";
import { main } from "../../lib/cli/index.ts";

const EVENTS = "functions/invoice-desk/fixtures/events";

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command line in this process, over a data directory of its own. */
export async function commandLine() {
  const directory = await mkdtemp(join(tmpdir(), "holdfast-cli-"));
  const dataDir = join(directory, "data");
  const payments = join(directory, "payments");

  const answered =
    (answers: readonly string[]) =>
    async (...args: string[]): Promise<Said> => {
      const left = [...answers];
      const said = { out: [] as string[], err: [] as string[] };
      const code = await main(["--data-dir", dataDir, ...args], {
        out: (text) => said.out.push(text),
        err: (text) => said.err.push(text),
        colors: pc.createColors(false),
        ...(answers.length === 0 ? {} : { ask: async () => left.shift() ?? "" }),
      });
      return { code, out: said.out.join("\n"), err: said.err.join("\n") };
    };

  const holdfast = answered([]);

  let files = 0;
  const file = async (content: string | Uint8Array, name = `file-${++files}.json`) => {
    const path = join(directory, name);
    await writeFile(path, content);
    return path;
  };

  return {
    directory,
    dataDir,
    holdfast,
    /** The same with somebody at the terminal, who answers so. */
    answered,
    file,
    /** A fixture's event with absolute URIs, whose payments go to a folder of this test; `detail` replaces parts of it. */
    async event(name: string, detail: Record<string, unknown> = {}) {
      const fixture = JSON.parse(await readFile(join(EVENTS, `${name}.json`), "utf8"));
      const base = pathToFileURL(join(EVENTS, `${name}.json`)).href;
      const absolute = (uri: string) => new URL(uri, base).href;
      const own = {
        ...fixture.detail,
        document: absolute(fixture.detail.document),
        erpExport: absolute(fixture.detail.erpExport),
        payments: pathToFileURL(payments).href,
        ...detail,
      };
      return file(JSON.stringify({ ...fixture, detail: own }));
    },
    /** The payment objects there are; of one that a dying process left half written, there is no object. */
    async payments(): Promise<Record<string, unknown>[]> {
      const names = (await readdir(payments).catch(() => [])).filter((name) => !name.endsWith(".part"));
      return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(payments, name), "utf8"))));
    },
    remove: () => rm(directory, { recursive: true }),
  };
}
