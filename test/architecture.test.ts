import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

/** The text of every source file, by its path from the root. */
type Sources = ReadonlyMap<string, string>;
/** What is wrong, one line each. */
type Rule = (sources: Sources) => string[];

interface Layer {
  readonly layers: readonly string[];
  /** Layers of which only types are imported: nothing of them gets into a bundle. */
  readonly types?: readonly string[];
  /** Said only of layers that are kept pure. */
  readonly packages?: readonly string[];
}

/** Who may import whom. */
const LAYERS: Readonly<Record<string, Layer>> = {
  "lib/contract": { layers: [], packages: [] },
  "lib/definition": {
    layers: ["lib/contract"],
    packages: [
      ...["zod", "yaml", "@standard-schema/spec", "@cfworker/json-schema"],
      ...["node:crypto", "node:fs", "node:fs/promises", "node:path", "node:url"],
    ],
  },
  "lib/compiler": { layers: ["lib/contract", "lib/definition"], packages: ["node:crypto"] },
  "lib/ports": { layers: ["lib/contract"], packages: [] },
  "lib/runtime": {
    layers: ["lib/contract", "lib/definition", "lib/ports"],
    packages: ["@cfworker/json-schema", "cockatiel", "node:crypto", "temporal-polyfill"],
  },
  "lib/aws": { layers: ["lib/contract", "lib/ports"] },
  "lib/http": { layers: ["lib/ports"], packages: ["node:http", "node:https", "node:stream", "node:zlib"] },
  "lib/models": { layers: ["lib/contract", "lib/ports"], packages: ["zod", "yaml", "node:crypto", "node:fs"] },
  "lib/tools": { layers: ["lib/contract", "lib/ports"], packages: ["@modelcontextprotocol/sdk"] },
  "lib/infra": { layers: ["lib/contract", "lib/definition", "lib/compiler", "lib/models"] },
  "lib/local": {
    layers: ["contract", "definition", "compiler", "ports", "runtime", "http", "models", "tools"].map(
      (name) => `lib/${name}`,
    ),
  },
  "lib/cli": {
    layers: ["contract", "definition", "compiler", "ports", "runtime", "aws", "local"].map((name) => `lib/${name}`),
  },
  "functions/platform": {
    layers: ["contract", "ports", "runtime", "aws", "http", "models", "tools"].map((name) => `lib/${name}`),
    types: ["lib/definition"],
  },
  "functions/*": { layers: ["lib/definition", "lib/runtime", "lib/contract"] },
  bin: { layers: ["lib/cli", "lib/infra", "lib/definition"] },
};

/** Imports past a layer's index.ts, each with why. */
const PAST_THE_INDEX: ReadonlyMap<string, string> = new Map([
  ["lib/cli/with-platform.ts -> lib/aws/powertools-log.ts", "A run on this machine loads no client of AWS."],
  ["lib/cli/with-platform.ts -> lib/aws/powertools-tracer.ts", "A run on this machine loads no client of AWS."],
  ["lib/cli/commands/runs.ts -> lib/local/run-list.ts", "Listing runs loads no engine."],
  ["lib/cli/agents.ts -> lib/local/script-problems.ts", "Checking an agent loads no engine."],
  ["lib/cli/agent-names.ts -> lib/definition/find-agents.ts", "Listing runs loads no schema library."],
]);

const MAY_BUILD_ADAPTERS = [
  ...["functions/platform/", "lib/local/", "lib/aws/", "lib/models/", "lib/tools/"],
  "lib/cli/with-platform.ts",
];
const ADAPTERS = [
  ...["DynamoRunStore", "s3BlobStore", "snsNotifier", "stepFunctionsExecutions", "emfMetrics"],
  ...["powertoolsLog", "secretsManager", "sqsDeadLetters", "EmbeddedRunStore", "fileBlobStore", "environmentSecrets"],
  ...["httpTool", "mcpServer", "httpLine", "stdioLine", "bedrockModelClient", "openAiModelClient"],
  ...["lambdaTool", "environmentAws"],
];
const MAY_TELL_TIME = ["functions/platform/", "lib/local/", "lib/aws/"];
const TIME_AND_CHANCE = /\bDate\.now\b|\bMath\.random\b|\bnew Date\(\s*\)|\bcrypto\.randomUUID\b/;
const LONGEST_FILE = 400;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;

const isTest = (path: string) => /^(test|bench)\/|\/test\/|\.test\.ts$/.test(path);
const isProduct = ([path]: readonly [string, string]) => !isTest(path);
const startsWithAny = (path: string, prefixes: readonly string[]) => prefixes.some((prefix) => path.startsWith(prefix));
const codeOf = (text: string) => text.split("\n").filter((line) => !/^\s*(\*|\/\/|\/\*)/.test(line));

/** What a module imports or re-exports, types included: packages by name, files by their path from the root. */
function importsOf(path: string, text: string): string[] {
  const said = [
    ...text.matchAll(/^[ \t]*(?:import|export)\b[^;'"`]*?\bfrom\s*["']([^"']+)["']/gm),
    ...text.matchAll(/^[ \t]*import\s*["']([^"']+)["']/gm),
    ...text.matchAll(/\bimport\(\s*["']([^"']+)["']/g),
  ].map((match) => match[1] ?? "");
  return said.map((name) => (name.startsWith(".") ? posix.join(posix.dirname(path), name) : name));
}

const withoutTypes = (text: string) => text.replaceAll(/^[ \t]*(import|export) type\b[^;]*;/gm, "");

function layerOf(path: string): string | undefined {
  const [first = "", second = ""] = path.split("/");
  if (first === "functions") return second === "platform" ? "functions/platform" : "functions/*";
  return first === "lib" ? `lib/${second}` : first === "bin" ? "bin" : undefined;
}

const folderOf = (path: string) => path.split("/").slice(0, 2).join("/");
const isFile = (name: string) => /^(lib|functions|bin|test|bench)\//.test(name);
const packageOf = (name: string) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name;

const importsOnlyItsLayers: Rule = (sources) =>
  [...sources].filter(isProduct).flatMap(([path, text]) => {
    const layer = layerOf(path) ?? "";
    const allowed = LAYERS[layer];
    if (allowed === undefined) return [`${path} is in no layer`];
    return importsOf(path, text).flatMap((name) => {
      if (!isFile(name)) {
        const known = allowed.packages?.some((each) => each === name || each === packageOf(name)) ?? true;
        return known ? [] : [`${path} imports the package ${name}`];
      }
      const target = layerOf(name) ?? "";
      const within = target === layer && (layer !== "functions/*" || folderOf(name) === folderOf(path));
      const asType = allowed.types?.includes(target) && !importsOf(path, withoutTypes(text)).includes(name);
      return within || asType || allowed.layers.includes(target) ? [] : [`${path} imports ${name}`];
    });
  });

const importsLayersByTheirIndex: Rule = (sources) =>
  [...sources].filter(isProduct).flatMap(([path, text]) =>
    importsOf(path, text)
      .filter(
        (name) => name.startsWith("lib/") && layerOf(name) !== layerOf(path) && name !== `${folderOf(name)}/index.ts`,
      )
      .map((name) => `${path} -> ${name}`)
      .filter((way) => !PAST_THE_INDEX.has(way)),
  );

const hasNoCycles: Rule = (sources) => {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    const index = way.indexOf(path);
    if (index >= 0) cycles.push([...way.slice(index), path].join(" -> "));
    if (index >= 0 || done.has(path)) return;
    for (const next of importsOf(path, sources.get(path) ?? "").filter(isFile)) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of sources.keys()) visit(path, []);
  return cycles;
};

const linesOf = (text: string) => text.split("\n").length - 1;

const isShort: Rule = (sources) =>
  [...sources].flatMap(([path, text]) => (linesOf(text) > LONGEST_FILE ? [`${path} has ${linesOf(text)} lines`] : []));

const asksPortsForTimeAndChance: Rule = (sources) =>
  [...sources]
    .filter((source) => isProduct(source) && !startsWithAny(source[0], MAY_TELL_TIME))
    .flatMap(([path, text]) => {
      const isStep = /^functions\/(?!platform\/)/.test(path);
      const found = codeOf(text).map((line) => TIME_AND_CHANCE.exec(line)?.[0]);
      return found
        .filter((what) => what !== undefined && !(isStep && what === "crypto.randomUUID"))
        .map((what) => `${path} calls ${what}`);
    });

const buildsAdaptersAtTheEdges: Rule = (sources) => {
  const built = new RegExp(`\\b(?:new\\s+)?(${ADAPTERS.join("|")})\\(`);
  return [...sources]
    .filter((source) => isProduct(source) && !startsWithAny(source[0], MAY_BUILD_ADAPTERS))
    .flatMap(([path, text]) =>
      codeOf(text)
        .flatMap((line) => built.exec(line)?.[1] ?? [])
        .map((name) => `${path} builds ${name}`),
    );
};

const isNamedInKebabCase: Rule = (sources) =>
  [...sources.keys()].filter((path) => !path.split("/").every((part) => KEBAB.test(part)));

const exportsByName: Rule = (sources) =>
  [...sources].flatMap(([path, text]) =>
    codeOf(text).some((line) => /^\s*export (default\b|\{[^}]*\bas default\b)/.test(line)) ? [path] : [],
  );

/** What lets an error go: a handler that puts a constant in its place, or results of which nobody asks whether they failed. */
const LETS_GO =
  /\.catch\(\(\) =>\s*(?:undefined|null|true|false|\[\]|\(?\{|["'`\d])|\bcatch \{|^\s*(?:await )?Promise\.allSettled\(/;
const COMMENT = /^\s*\/\/|\S\s+\/\/ \S/;
const UNREADABLE = "That it cannot be read is the answer.";
const SAID_ABOVE = "Its purpose is to let errors go, as its docstring says.";
/** Where one function does nothing but try, each with why. */
const LET_GO: ReadonlyMap<string, string> = new Map([
  ["functions/invoice-desk/erp/text.ts } catch {", "What is not UTF-8 is of the older encoding."],
  ["functions/invoice-desk/payment-folder.ts } catch {", UNREADABLE],
  ["functions/support-desk/shop.ts } catch {", UNREADABLE],
  ["lib/aws/x-ray-span.ts } catch {", SAID_ABOVE],
  ["lib/cli/commands/run.ts const info = await stat(file).catch(() => undefined);", UNREADABLE],
  ["lib/contract/json.ts } catch {", UNREADABLE],
  ["lib/definition/check/tools.ts } catch {", "What is wrong with the schema is a problem of its own."],
  ["lib/definition/check/triggers.ts } catch {", "What is wrong with the schema is a problem of its own."],
  ["lib/definition/time-zone.ts } catch {", UNREADABLE],
  ["lib/local/dev-file.ts } catch {", UNREADABLE],
  ["lib/runtime/actions.ts } catch {", SAID_ABOVE],
  ["lib/runtime/classify/read.ts } catch {", SAID_ABOVE],
  ["lib/runtime/people/schema-marks.ts } catch {", SAID_ABOVE],
  [
    'lib/runtime/tools/breaker.ts if (next !== "refuse" && (await write(found, next).catch(() => false))) return { passes: true, probe };',
    SAID_ABOVE,
  ],
  [
    "lib/runtime/tools/breaker.ts return { admit, report: (fault, probe) => report(fault, probe).catch(() => undefined) };",
    SAID_ABOVE,
  ],
  ["lib/runtime/tools/valid.ts } catch {", UNREADABLE],
  ["lib/tools/bounded.ts } catch {", SAID_ABOVE],
  ["lib/tools/bounded.ts await reader.cancel(error).catch(() => undefined);", "Why it is cancelled says more."],
  ["lib/tools/bounded.ts await reader?.cancel().catch(() => undefined);", SAID_ABOVE],
  ["lib/tools/mcp/connection.ts await this.#client.close().catch(() => undefined);", "It is over, however it ended."],
  ["lib/tools/mcp/connection.ts listing.catch(() => {", "Whoever waits for the listing is told."],
]);

/** A comment right before it or in its first line; what is thrown instead; or a reason in the list. */
const saysWhyItLetsErrorsGo: Rule = (sources) =>
  [...sources].filter(isProduct).flatMap(([path, text]) => {
    const lines = text.split("\n");
    return lines.flatMap((line, index) => {
      if (!LETS_GO.test(line) || COMMENT.test(line)) return [];
      const around = [lines[index - 1] ?? "", lines[index + 1] ?? ""];
      const isSaid = around.some((each) => COMMENT.test(each)) || /^\s*throw /.test(around[1] ?? "");
      return isSaid ? [] : [`${path} ${line.trim()}`];
    });
  });

const opensWithAnIndex: Rule = (sources) => {
  const folders = new Set([...sources.keys()].filter((path) => path.startsWith("lib/")).map(folderOf));
  return [...folders].filter((folder) => !sources.has(`${folder}/index.ts`));
};

const root = fileURLToPath(new URL("..", import.meta.url));
const sources: Sources = new Map(
  ["lib", "functions", "bin", "test", "bench"].flatMap((folder) =>
    readdirSync(`${root}/${folder}`, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path): [string, string] => [`${folder}/${path}`, readFileSync(`${root}/${folder}/${path}`, "utf8")]),
  ),
);

/** A rule, and a file or two that break it. */
const RULES: readonly [
  name: string,
  rule: Rule,
  planted: Readonly<Record<string, string>>,
  found: readonly string[],
][] = [
  [
    "layers import only those below them",
    importsOnlyItsLayers,
    {
      "lib/contract/a.ts": 'import { z } from "zod";',
      "lib/compiler/b.ts":
        'import type { X } from "../runtime/index.ts";\nimport { readFile } from "node:fs/promises";',
      "lib/local/c.ts": 'export * from "../aws/index.ts";\nexport {\n  type A,\n  b,\n} from "../cli/index.ts";',
      "lib/cli/d.ts": 'const infra = await import("../infra/index.ts");',
      "functions/one/e.ts": 'import { f } from "../two/f.ts";\nimport "../../lib/aws/index.ts";',
      "lib/elsewhere/f.ts": "export const f = 1;",
      "functions/platform/g.ts": 'import type { A } from "../../lib/definition/index.ts";',
      "functions/platform/h.ts": 'import { type A, b } from "../../lib/definition/index.ts";',
      "functions/one/i.ts": 'import { f } from "./f.ts";\nimport { sql } from "any-package";',
    },
    [
      "lib/contract/a.ts imports the package zod",
      "lib/compiler/b.ts imports lib/runtime/index.ts",
      "lib/compiler/b.ts imports the package node:fs/promises",
      "lib/local/c.ts imports lib/aws/index.ts",
      "lib/local/c.ts imports lib/cli/index.ts",
      "lib/cli/d.ts imports lib/infra/index.ts",
      "functions/one/e.ts imports functions/two/f.ts",
      "functions/one/e.ts imports lib/aws/index.ts",
      "lib/elsewhere/f.ts is in no layer",
      "functions/platform/h.ts imports lib/definition/index.ts",
    ],
  ],
  [
    "other layers are imported by their index only",
    importsLayersByTheirIndex,
    {
      "lib/runtime/a.ts":
        'import { b } from "../ports/b.ts";\nimport { c } from "./c.ts";\nimport { d } from "../ports/index.ts";',
    },
    ["lib/runtime/a.ts -> lib/ports/b.ts"],
  ],
  [
    "no module imports itself, however far around",
    hasNoCycles,
    {
      "lib/a/one.ts": 'import type { two } from "./two.ts";',
      "lib/a/two.ts": 'export { three } from "./three.ts";',
      "lib/a/three.ts": 'import { one } from "./one.ts";',
    },
    ["lib/a/one.ts -> lib/a/two.ts -> lib/a/three.ts -> lib/a/one.ts"],
  ],
  [
    `no file is longer than ${LONGEST_FILE} lines`,
    isShort,
    { "lib/a/a.ts": "\n".repeat(401), "lib/a/b.ts": "\n".repeat(400) },
    ["lib/a/a.ts has 401 lines"],
  ],
  [
    "time and chance come through ports",
    asksPortsForTimeAndChance,
    {
      "lib/runtime/a.ts":
        "const now = Date.now();\nconst then = new Date( );\n// Date.now() in words\nconst at = new Date(now);",
      "lib/aws/b.ts": "const now = Date.now();",
      "functions/one/c.ts": "const id = crypto.randomUUID();\nconst roll = Math.random();",
      "test/d.ts": "const now = Date.now();",
    },
    ["lib/runtime/a.ts calls Date.now", "lib/runtime/a.ts calls new Date( )", "functions/one/c.ts calls Math.random"],
  ],
  [
    "adapters are built at the edges only",
    buildsAdaptersAtTheEdges,
    {
      "lib/runtime/a.ts": "const store = new DynamoRunStore(client, table);",
      "functions/platform/b.ts": "const store = new DynamoRunStore(client, table);",
      "lib/cli/c.ts": "const blobs = s3BlobStore(client);",
    },
    ["lib/runtime/a.ts builds DynamoRunStore", "lib/cli/c.ts builds s3BlobStore"],
  ],
  [
    "files and folders are named in kebab-case",
    isNamedInKebabCase,
    { "lib/a/runStore.ts": "", "lib/Big/a.ts": "", "lib/a/run_store.ts": "", "lib/a/run-store.test.ts": "" },
    ["lib/a/runStore.ts", "lib/Big/a.ts", "lib/a/run_store.ts"],
  ],
  [
    "modules export by name",
    exportsByName,
    {
      "lib/a/a.ts": "export default 1;",
      "lib/a/b.ts": 'export { b as default } from "./c.ts";',
      "lib/a/c.ts": "export const b = 1;",
    },
    ["lib/a/a.ts", "lib/a/b.ts"],
  ],
  [
    "what lets an error go says why",
    saysWhyItLetsErrorsGo,
    {
      "lib/a/a.ts":
        "await work().catch(() => undefined);\nwork().catch((error) => tell(error));\nwork().catch(() => count());",
      "lib/a/b.ts": "try {\n  work();\n} catch {\n  return undefined;\n}",
      "lib/a/c.ts": "await Promise.allSettled(all);\nconst told = await Promise.allSettled(all);",
      "lib/a/d.ts": "// It is gone already.\nawait stop().catch(() => undefined);",
      "lib/a/e.ts": "try {\n  work();\n} catch {\n  // No JSON is no answer.\n  return undefined;\n}",
      "lib/a/f.ts": "try {\n  work();\n} catch {\n  throw new TypeError();\n}",
    },
    [
      "lib/a/a.ts await work().catch(() => undefined);",
      "lib/a/b.ts } catch {",
      "lib/a/c.ts await Promise.allSettled(all);",
    ],
  ],
  ["folders of lib open with an index", opensWithAnIndex, { "lib/a/a.ts": "", "lib/b/index.ts": "" }, ["lib/a"]],
];

describe.each(RULES)("%s", (_name, rule, planted, found) => {
  test("here", () => {
    expect(rule(sources).filter((found) => !LET_GO.has(found))).toEqual([]);
  });

  test("and a planted violation is found", () => {
    expect(rule(new Map(Object.entries(planted)))).toEqual(found);
  });
});

test("every reason to import past an index is in use", () => {
  const ways = [...sources].flatMap(([path, text]) => importsOf(path, text).map((name) => `${path} -> ${name}`));
  expect([...PAST_THE_INDEX.keys()].filter((way) => !ways.includes(way))).toEqual([]);
});

test("every reason to let an error go is in use", () => {
  const found = saysWhyItLetsErrorsGo(sources);
  expect([...LET_GO.keys()].filter((place) => !found.includes(place))).toEqual([]);
});

test("the median file is short", () => {
  const lengths = [...sources].filter(isProduct).map(([, text]) => linesOf(text));
  const median = lengths.sort((a, b) => a - b)[Math.floor(lengths.length / 2)] ?? 0;
  console.info(`${lengths.length} files of the product, of ${median} lines in the middle`);
  expect(median).toBeLessThan(90);
});
