// Bundles the agent, so that it starts fast: one file for what every run needs, others for what only some do.
//   npm run build:agent [-- FOLDER]
import { execFileSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** When the commit was made, which makes two builds of it the same; now, where there is no commit. */
function buildTime(): string {
  try {
    const [seconds = ""] = execFileSync("git", ["log", "-1", "--format=%ct"], {
      cwd: root,
      encoding: "utf8",
    }).split("\n");
    return new Date(Number(seconds) * 1000).toISOString();
  } catch {
    return new Date().toISOString();
  }
}

/** Writes `update-route53.mjs` and the files it loads to the folder; gives its path. */
export async function buildAgent(outDir: string): Promise<string> {
  await rm(outDir, { recursive: true, force: true });
  await build({
    entryPoints: [{ in: `${root}agent/main.ts`, out: "update-route53" }],
    outdir: outDir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // What is imported when needed becomes a file of its own: the AWS SDK is not read where nothing changed.
    splitting: true,
    platform: "node",
    target: "node24",
    format: "esm",
    minify: true,
    keepNames: true,
    mainFields: ["module", "main"],
    define: { BUILD_TIME: JSON.stringify(buildTime()) },
    // The SDK has CommonJS parts, which esbuild turns into calls of a `require` that ESM does not have.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    legalComments: "none",
    logLevel: "warning",
  });
  return `${outDir}/update-route53.mjs`;
}

if (import.meta.main) {
  const path = await buildAgent(process.argv[2] ?? `${root}dist/agent`);
  process.stdout.write(`${path}\n`);
}
