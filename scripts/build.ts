// Makes the binaries, with what belongs beside them: npm run build -- --help
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Binary, buildBinary } from "./binary/build-binary.ts";
import { bundledFolders, readPackages } from "./binary/bundled.ts";
import { formatChecksums } from "./binary/checksums.ts";
import { findProgram } from "./binary/command.ts";
import { gzip, xz } from "./binary/compress.ts";
import { formatLicences } from "./binary/licences.ts";
import { type Archive, buildOpenwrtArchives, whyNoArchives } from "./binary/openwrt.ts";
import { createSbom } from "./binary/sbom.ts";
import { installPkg } from "./binary/sea.ts";
import { nodeVersion, targets } from "./binary/targets.ts";
import { buildAgent, METAFILE, sourceState } from "./build-agent.ts";
import { readArguments, refuse } from "./read-arguments.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const tell = (line: string) => process.stdout.write(`${line}\n`);

interface Outputs {
  readonly outDir: string;
  readonly agentDir: string;
  readonly binaries: readonly Binary[];
}

const readBundled = ({ agentDir }: Outputs) =>
  readPackages(root, bundledFolders(JSON.parse(readFileSync(join(agentDir, METAFILE), "utf8"))));

function writeLicences(outputs: Outputs): string {
  const path = join(outputs.outDir, "THIRD-PARTY-LICENSES.txt");
  const nodeLicence = readFileSync(outputs.binaries[0]?.licencePath ?? "", "utf8");
  writeFileSync(path, formatLicences(readBundled(outputs), nodeVersion, nodeLicence));
  return path;
}

/** Writes the bill of materials of the binaries, and one of the archives where there are any; gives their paths. */
function writeSboms(outputs: Outputs, archives: readonly Archive[]): readonly string[] {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const product = {
    version,
    ...sourceState(),
    nodeVersions: process.versions,
    targets: outputs.binaries.map(({ target }) => target),
  };
  const bundled = readBundled(outputs);
  const debianPackages = archives.flatMap(({ packages }) => packages);
  const documents = [
    { name: "sbom.cdx.json", text: createSbom(product, bundled) },
    { name: "sbom-openwrt.cdx.json", text: createSbom(product, bundled, debianPackages) },
  ].slice(0, archives.length > 0 ? 2 : 1);
  for (const { name, text } of documents) writeFileSync(join(outputs.outDir, name), text);
  return documents.map(({ name }) => join(outputs.outDir, name));
}

/** What earlier builds have left is of another commit, and the checksums would not cover it. */
function removeEarlier(outDir: string): void {
  const made =
    /^(?:update-route53-(?:linux|openwrt)-.*|THIRD-PARTY-LICENSES.*|sbom.*\.cdx\.json|SHA256SUMS)$/;
  for (const name of readdirSync(outDir)) if (made.test(name)) rmSync(join(outDir, name));
}

function checkVersion(): void {
  if (process.versions.node === nodeVersion) return;
  throw new Error(
    `scripts/binary/targets.ts: expected the version of the node package, ${process.versions.node}`,
  );
}

function tellSizes(files: readonly string[]): void {
  for (const file of files) {
    const bytes = statSync(file).size.toLocaleString("en").padStart(12);
    tell(`${bytes}  ${basename(file)}`);
  }
}

function tellWhatIsMissing(binaries: readonly Binary[]): void {
  for (const { target, hasCodeCache } of binaries) {
    if (!hasCodeCache)
      tell(`notice: no code cache for ${target.arch}, whose Node cannot run here: it starts slower`);
  }
  if (findProgram("xz") === undefined) tell("notice: no .xz files, because there is no xz command");
}

async function main(outDir: string, { openwrt, quick }: { openwrt: boolean; quick: boolean }): Promise<void> {
  checkVersion();
  const startedAt = Date.now();
  const temporaryDir = mkdtempSync(join(tmpdir(), "update-route53-build-"));
  process.on("exit", () => rmSync(temporaryDir, { recursive: true, force: true }));
  mkdirSync(outDir, { recursive: true });
  removeEarlier(outDir);
  const cacheDir = join(root, ".cache", "binary");
  mkdirSync(cacheDir, { recursive: true });
  const agentDir = join(temporaryDir, "agent");
  tell("bundling the agent");
  await buildAgent(agentDir);
  const workshop = { agentDir, pkgFolder: installPkg(cacheDir), cacheDir, temporaryDir, outDir };

  const binaries: Binary[] = [];
  for (const target of targets) binaries.push(await buildBinary(target, workshop, tell));
  const outputs = { outDir, agentDir, binaries };
  const licencesPath = writeLicences(outputs);
  const archives = openwrt ? buildOpenwrtArchives(binaries, { temporaryDir, licencesPath }, tell) : [];
  if (!quick || openwrt) tell("compressing");
  const compressed = await Promise.all([
    ...(quick ? [] : binaries.flatMap(({ path }) => [gzip(path, outDir), xz(path)])),
    // busybox unpacks no other.
    ...archives.map(({ path }) => gzip(path, outDir)),
  ]);

  const files = [
    ...binaries.map(({ path }) => path),
    ...compressed.filter((path) => path !== undefined),
    licencesPath,
    ...writeSboms(outputs, archives),
  ];
  const sums = join(outDir, "SHA256SUMS");
  writeFileSync(sums, formatChecksums(files));
  tellSizes(files);
  tellWhatIsMissing(binaries);
  tell(`${outDir}: done in ${Math.round((Date.now() - startedAt) / 1000)} s`);
}

const command = "npm run build";
const { values, positionals } = readArguments({
  command,
  synopsis: "[-- [FOLDER] [--openwrt] [--quick]]",
  help: `Makes the binaries, with what belongs beside them, in FOLDER (default: dist).
  --openwrt  also an archive for each kind of OpenWrt router; needs Debian
  --quick    compresses no binary`,
  options: { openwrt: { type: "boolean", default: false }, quick: { type: "boolean", default: false } },
  words: 1,
});
const why = values.openwrt ? whyNoArchives() : undefined;
if (why !== undefined) refuse(command, `--openwrt: ${why}`);
await main(resolve(positionals[0] ?? `${root}dist`), values);
