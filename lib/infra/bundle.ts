import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Code } from "aws-cdk-lib/aws-lambda";
import { build, type Plugin } from "esbuild";

/** Source text of each function's entry module, by the function's key. */
export type Entries = Readonly<Record<string, string>>;

/** The deployable code of a function, by its key. @throws RangeError for a key that was not bundled. */
export type FunctionCode = (key: string) => Code;

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Source maps name sources relative to this place, so that they are the same wherever bundles are written to. */
const NOMINAL_OUTDIR = join(ROOT, "bundle");
const NAMESPACE = "holdfast";

// CommonJS dependencies call `require` for what Node has built in; an ES module has no `require` of its own.
const REQUIRE =
  'import{createRequire as holdfastRequire}from"node:module";const require=holdfastRequire(import.meta.url);';

/**
 * Bundles functions for Lambda, all in one go: one folder per function, holding an ES module and its source map. The same
 * sources give the same bytes, wherever checkout and `outdir` lie.
 *
 * @param outdir replaced as a whole.
 * @throws BuildFailure of esbuild, which names file and line.
 */
export async function bundle(entries: Entries, outdir: string): Promise<FunctionCode> {
  const { outputFiles } = await build({
    entryPoints: Object.keys(entries).map((key) => ({ in: `${NAMESPACE}:${key}`, out: join(key, "index") })),
    plugins: [inMemory(entries), credentialsOfLambda, noSchemaCompiler, noOauth],
    outdir: NOMINAL_OUTDIR,
    write: false,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    banner: { js: REQUIRE },
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: "none",
    logLevel: "silent",
  });
  await rm(outdir, { recursive: true, force: true });
  for (const { path, contents } of outputFiles) {
    const file = join(outdir, relative(NOMINAL_OUTDIR, path));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, contents);
  }
  return (key) => {
    if (Object.hasOwn(entries, key)) return Code.fromAsset(join(outdir, key));
    throw new RangeError(`No function ${key} was bundled. Bundled: ${Object.keys(entries).join(", ")}.`);
  };
}

/** Entry modules that exist in memory only, so that bundling leaves nothing in the source tree. */
const inMemory = (entries: Entries): Plugin => ({
  name: NAMESPACE,
  setup(build) {
    build.onResolve({ filter: /^holdfast:/ }, ({ path }) => ({
      path: path.slice(NAMESPACE.length + 1),
      namespace: NAMESPACE,
    }));
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
      contents: entries[path] ?? "",
      resolveDir: ROOT,
    }));
  },
});

/**
 * Lambda hands a function its credentials in the environment. What the SDK would try next (profiles, single sign-on, STS,
 * instance metadata) is a third of a bundle, and nothing that should ever be found there.
 */
const credentialsOfLambda: Plugin = {
  name: "credentials-of-lambda",
  setup(build) {
    const filter = /^@aws-sdk\/credential-provider-node$/;
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: "credentials" }));
    build.onLoad({ filter, namespace: "credentials" }, () => ({
      contents: 'export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";',
      resolveDir: ROOT,
    }));
  },
};

/**
 * The client of MCP brings a compiler of JSON Schema to JavaScript, for the schemas that servers list. Holdfast validates by
 * what is declared, so it would be 135 KB that never run, and code made of a stranger's text if they did.
 */
const noSchemaCompiler: Plugin = {
  name: "no-schema-compiler",
  setup(build) {
    build.onResolve({ filter: /\/validation\/ajv-provider\.js$/ }, ({ path }) => ({ path, namespace: "no-compiler" }));
    build.onLoad({ filter: /.*/, namespace: "no-compiler" }, () => ({
      contents: "export class AjvJsonSchemaValidator {}",
    }));
  },
};

/** The client of MCP brings a client of OAuth, for people at a browser. Servers are given the credentials that are declared. */
const noOauth: Plugin = {
  name: "no-oauth",
  setup(build) {
    build.onResolve({ filter: /^\.\/auth\.js$/ }, ({ path, importer }) =>
      /\/sdk\/dist\/esm\/client\//.test(importer) ? { path, namespace: "no-oauth" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "no-oauth" }, () => ({
      contents: `export class UnauthorizedError extends Error {}
        export const auth = undefined, extractWWWAuthenticateParams = undefined;`,
    }));
  },
};
