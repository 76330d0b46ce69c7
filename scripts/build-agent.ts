// Bundles the agent, so that it starts fast: npm run build:agent -- --help
import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Metafile, type Plugin, transform } from "esbuild";
import { writeCodeCaches } from "./code-cache.ts";
import { readArguments } from "./read-arguments.ts";

const MAIN = "update-route53";
/** What esbuild tells of the bundle, and so which packages are in it. */
export const METAFILE = "metafile.json";
const root = fileURLToPath(new URL("..", import.meta.url));

/** What is built. Two builds of a commit are the same, so the time is the commit's; now, where there is none. */
export function sourceState(): { readonly time: string; readonly commit: string } {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: root, stdio: "pipe" }).toString().trim();
  try {
    const seconds = Number(git("log", "-1", "--format=%ct"));
    const commit = git("rev-parse", "--short=12", "HEAD");
    const isChanged = git("status", "--porcelain", "--untracked-files=no") !== "";
    return { time: new Date(seconds * 1000).toISOString(), commit: isChanged ? `${commit}+changes` : commit };
  } catch {
    return { time: new Date().toISOString(), commit: "unknown" };
  }
}

/** The files of agent/hooks by their names, but for what is about them. */
async function readHookFiles(): Promise<Record<string, string>> {
  const folder = `${root}agent/hooks/`;
  const names = (await readdir(folder)).filter((name) => !/\.(?:ts|md)$/.test(name)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(`${folder}${name}`, "utf8")] as const)),
  );
}

const whenCalled = (name: string) => `(...args) => require("node:fs").promises.${name}(...args)`;

/** What the AWS SDK imports of Node, and a publication does not need: costly to load, so not loaded for it. */
const replaced: Readonly<Record<string, string>> = {
  // For requests by HTTP/2, which the agent makes none of. When they are loaded, the SDK and undici read this of it.
  "node:http2": "export const constants = {}; export default { constants };",
  // For credentials in files.
  "node:fs/promises": `export const readFile = ${whenCalled("readFile")};
    export default { readFile, mkdir: ${whenCalled("mkdir")}, writeFile: ${whenCalled("writeFile")} };`,
};

const leaveOut: Plugin = {
  name: "leave-out",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:(?:http2|fs\/promises)$/ }, ({ path }) => ({ path, namespace: "replaced" }));
    onLoad({ filter: /.*/, namespace: "replaced" }, ({ path }) => ({ contents: replaced[path] ?? "" }));
  },
};

/**
 * Bundles the agent; gives the path of the file to run. Beside it are two parts, each with V8's compiled code:
 * `always.js`, what every run loads, and `rest.js`, what the source imports when needed. So where nothing
 * changed, the AWS SDK is not even read; and where the Node is the one of this build, nothing is compiled.
 *
 * The parts are CommonJS, because to import a module of Node's by ESM runs all of its getters, and so loads half
 * of Node. That takes two steps: esbuild splits ESM only.
 */
export async function buildAgent(outDir: string): Promise<string> {
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  const { time, commit } = sourceState();
  const { outputFiles, metafile } = await build({
    entryPoints: [{ in: `${root}agent/main.ts`, out: MAIN }],
    // Where nothing is written: what esbuild makes of it must not depend on where the output goes.
    outdir: root,
    absWorkingDir: root,
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    mainFields: ["module", "main"],
    define: {
      BUILD_TIME: JSON.stringify(time),
      BUILD_COMMIT: JSON.stringify(commit),
      // The text of an object, as a text of the program.
      HOOK_FILES: JSON.stringify(JSON.stringify(await readHookFiles())),
    },
    legalComments: "none",
    logLevel: "warning",
    plugins: [leaveOut],
  });
  const chunks = await Promise.all(
    outputFiles.map(async ({ path, text }) => ({ name: basename(path), code: await toCommonJs(text) })),
  );
  const always = staticallyImported(metafile, `${MAIN}.js`);
  const path = join(outDir, `${MAIN}.js`);
  await writeFile(join(outDir, "package.json"), '{"type":"commonjs"}\n');
  await writeFile(join(outDir, "always.js"), joinChunks(chunks.filter(({ name }) => always.has(name))));
  await writeFile(join(outDir, "rest.js"), joinChunks(chunks.filter(({ name }) => !always.has(name))));
  await writeFile(path, await readFile(`${root}scripts/agent-launcher.cjs`, "utf8"));
  await writeFile(join(outDir, METAFILE), JSON.stringify(metafile));
  await writeCodeCaches(path, [process.execPath]);
  return path;
}

/** The files that are loaded with the given one, itself included. */
function staticallyImported({ outputs }: Metafile, name: string): ReadonlySet<string> {
  const found = new Set([name]);
  for (const each of found) {
    const imports = outputs[each]?.imports ?? [];
    for (const { path, kind } of imports) if (kind === "import-statement" && outputs[path]) found.add(path);
  }
  return found;
}

interface Chunk {
  readonly name: string;
  readonly code: string;
}

/** A table of the chunks, each a function as Node makes of a CommonJS file. The launcher reads it. */
function joinChunks(chunks: readonly Chunk[]): string {
  const entries = chunks.map(({ name, code }) => `"./${name}":(exports,require,module)=>{${code}\n}`);
  return `({${entries.join(",")}})`;
}

async function toCommonJs(esm: string): Promise<string> {
  const { code } = await transform(esm.replace(/^#!.*/, ""), {
    format: "cjs",
    platform: "node",
    target: "node24",
    // An import() becomes a require(): it stays in the same world of modules.
    supported: { "dynamic-import": false },
    minify: true,
    keepNames: true,
  });
  return code;
}

if (import.meta.main) {
  const { positionals } = readArguments({
    command: "npm run build:agent",
    synopsis: "[-- FOLDER]",
    help: `Bundles the agent, so that it starts fast, in FOLDER, which is emptied first (default: dist/agent).`,
    words: 1,
  });
  const path = await buildAgent(resolve(positionals[0] ?? `${root}dist/agent`));
  process.stdout.write(`${path}\n`);
}
