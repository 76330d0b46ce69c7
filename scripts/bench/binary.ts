// What the binary weighs, and what a run of it costs beside bare Node and other programs. Prints a report.
//   npm run bench:binary
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtPath, runCommand, whyNotBuilt } from "../binary/built.ts";
import { findProgram } from "../binary/command.ts";
import { stripElf } from "../binary/strip.ts";
import { targets } from "../binary/targets.ts";
import { installedRivals } from "./rivals.ts";

const ROUNDS = 15;
const MIB = 1024 * 1024;
const meter = fileURLToPath(new URL("meter.py", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "update-route53-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const tell = (line: string) => process.stdout.write(`${line}\n`);

interface Subject {
  readonly name: string;
  readonly command: readonly string[];
  readonly cpuGoal?: number;
}

interface Cost {
  readonly cpuMs: number;
  readonly peakMiB: number;
}

async function measure(command: readonly string[], environment: NodeJS.ProcessEnv): Promise<Cost> {
  const python = findProgram("python3") ?? "";
  const { stdout, stderr } = await runCommand([python, meter, ...command], environment);
  const [cpuMs = Number.NaN, peakKiB = 0, exitCode] = stdout.split(" ").map(Number);
  if (exitCode !== 0)
    throw new Error(`${command.join(" ")}: expected exit code 0, got ${exitCode} ${stderr}`);
  return { cpuMs, peakMiB: peakKiB / 1024 };
}

async function serve(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/**
 * The kernel keeps a file that was just written in larger pieces than one that was read, and counts the whole of a
 * piece as resident. On a device the binary is read from flash: so it is here, where `dd` can ask for that.
 */
function readFromDisk(paths: readonly string[]): void {
  for (const path of paths) {
    spawnSync("sync", [path]);
    spawnSync("dd", [`if=${path}`, "iflag=nocache", "count=0"]);
  }
}

function tellSizes(): void {
  tell("size in MiB          binary      .gz      .xz");
  for (const target of targets) {
    const path = builtPath(target);
    const cells = [path, `${path}.gz`, `${path}.xz`].map((each) =>
      existsSync(each) ? (statSync(each).size / MIB).toFixed(1) : "-",
    );
    tell(`linux-${target.arch}`.padEnd(18) + cells.map((cell) => cell.padStart(9)).join(""));
  }
  const whole = statSync(process.execPath).size / MIB;
  tell(`(bare Node ${process.versions.node} with its symbols: ${whole.toFixed(1)})\n`);
}

function tellCosts(subjects: readonly Subject[], costs: ReadonlyMap<string, readonly Cost[]>): void {
  const medians = new Map(
    [...costs].map(([name, all]) => [
      name,
      { cpuMs: median(all.map(({ cpuMs }) => cpuMs)), peakMiB: median(all.map(({ peakMiB }) => peakMiB)) },
    ]),
  );
  const baseline = medians.get(subjects[0]?.name ?? "");
  if (!baseline) return;
  tell(`medians of ${ROUNDS} runs; CPU is user and system; x is the ratio to ${subjects[0]?.name}\n`);
  for (const { name, cpuGoal } of subjects) {
    const { cpuMs, peakMiB } = medians.get(name) ?? { cpuMs: Number.NaN, peakMiB: Number.NaN };
    const ratio = cpuMs / baseline.cpuMs;
    const goal = cpuGoal === undefined ? "" : `  goal ${cpuGoal} x: ${ratio <= cpuGoal ? "met" : "MISSED"}`;
    const cells = [`${cpuMs.toFixed(1)} ms`, `${ratio.toFixed(2)} x`, `${peakMiB.toFixed(1)} MiB`];
    const peakRatio = `${(peakMiB / baseline.peakMiB).toFixed(2)} x`;
    tell(name.padEnd(26) + [...cells, peakRatio].map((cell) => cell.padStart(11)).join("") + goal);
  }
}

async function main(): Promise<void> {
  const reason =
    whyNotBuilt() ?? (findProgram("python3") ? undefined : "there is no python3 to measure with");
  if (reason !== undefined) {
    tell(`SKIPPED the benchmark of the binary: ${reason}`);
    return;
  }
  const stream = await serve((request, response) => {
    request.resume();
    response.end('{"SequenceNumber":"1","ShardId":"shardId-000000000000"}');
  });
  const dyndns = await serve((_, response) => response.end("good 1.2.3.4"));
  const environment = {
    PATH: process.env.PATH,
    HOME: folder,
    AWS_ENDPOINT_URL_KINESIS: `http://${stream.host}`,
    AWS_REGION: "eu-west-1",
    AWS_DEFAULT_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    NO_PROXY: "*",
  };
  const node = join(folder, "node");
  writeFileSync(node, stripElf(readFileSync(process.execPath)), { mode: 0o755 });
  const empty = join(folder, "empty.js");
  writeFileSync(empty, "");
  const binary = builtPath({ arch: process.arch === "arm64" ? "arm64" : "x64" });
  const state = join(folder, "state");
  const update = [binary, "--domain", "home.example.com", "--ip", "1.2.3.4", "--state-directory", state];
  readFromDisk([node, binary]);
  await runCommand(update, environment);

  const subjects: readonly Subject[] = [
    { name: "bare Node, stripped", command: [node, empty] },
    { name: "--version", command: [binary, "--version"] },
    { name: "update, unchanged", command: update, cpuGoal: 1.4 },
    { name: "update, published", command: [...update, "--force"], cpuGoal: 3.5 },
    ...installedRivals(folder, `http://${stream.host}`, dyndns.host),
  ];
  const costs = new Map<string, Cost[]>(subjects.map(({ name }) => [name, []]));
  // Round by round, so that a machine that is busy for a while is busy for all of them.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, command } of subjects) costs.get(name)?.push(await measure(command, environment));
  }
  stream.close();
  dyndns.close();
  tellSizes();
  tellCosts(subjects, costs);
}

await main();
