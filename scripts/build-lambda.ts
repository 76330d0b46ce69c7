// Bundles the Lambda function to one file, with its source map:
//   npm run build:lambda [-- FOLDER]
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const entryPoint = fileURLToPath(new URL("../lambda/main.ts", import.meta.url));
const defaultOutDir = fileURLToPath(new URL("../dist/lambda", import.meta.url));

// The SDK has CommonJS parts, which esbuild turns into calls of a `require` that ESM does not have.
const banner = `import { createRequire as __createRequire } from "node:module";
const require = __createRequire(import.meta.url);`;

/** Writes `index.mjs` and `index.mjs.map` to the folder; gives the path of the bundle. */
export async function buildLambda(outDir: string): Promise<string> {
  const bundlePath = `${outDir}/index.mjs`;
  await build({
    entryPoints: [entryPoint],
    outfile: bundlePath,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    minify: true,
    keepNames: true,
    sourcemap: "linked",
    sourcesContent: false,
    mainFields: ["module", "main"],
    banner: { js: banner },
    legalComments: "none",
    logLevel: "warning",
  });
  return bundlePath;
}

if (import.meta.main) {
  const bundlePath = await buildLambda(process.argv[2] ?? defaultOutDir);
  process.stdout.write(`${bundlePath}\n`);
}
