// What the binary weighs, and what a run of it costs beside bare Node and other programs. Prints a report.
//   npm run bench:binary
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtPath, runCommand, whyNotBuilt } from "../binary/built.ts";
import { stripElf } from "../binary/strip.ts";
import { readArguments } from "../read-arguments.ts";
import { tellSizes } from "./binary-sizes.ts";
import { formatGoal, type Goal } from "./goals.ts";
import { type Cost, measureAll, ROUNDS, whyNoMeter } from "./measure.ts";
import { BOTO3, installedRivals } from "./rivals.ts";

readArguments({
  command: "npm run bench:binary",
  help: "Reports what the binary of dist weighs, and what a run of it costs beside bare Node and other programs.",
});

const BARE = "bare Node, stripped";
const VERSION = "--version";
const UNCHANGED = "update, unchanged";
const PUBLISHED = "update, published";
/** Of bare Node's. */
const MOST_CPU = { [UNCHANGED]: 1.4, [PUBLISHED]: 3.5 };
const MOST_PEAK = 1.6;
const LEAST_CPU_OF_BOTO3 = 3;
const folder = mkdtempSync(join(tmpdir(), "update-route53-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const tell = (line: string) => process.stdout.write(`${line}\n`);

async function serve(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() };
}

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

type Medians = ReadonlyMap<string, Cost>;
const ratio = (medians: Medians, key: keyof Cost, name: string, to = BARE) =>
  (medians.get(name)?.[key] ?? Number.NaN) / (medians.get(to)?.[key] ?? Number.NaN);

function tellCosts(medians: Medians): void {
  tell(`medians of ${ROUNDS} runs; CPU is user and system; x is the ratio to ${BARE}\n`);
  for (const [name, { cpuMs, peakMiB }] of medians) {
    const [cpu, peak] = (["cpuMs", "peakMiB"] as const).map((key) => ratio(medians, key, name).toFixed(2));
    const cells = [`${cpuMs.toFixed(1)} ms`, `${cpu} x`, `${peakMiB.toFixed(1)} MiB`, `${peak} x`];
    tell(name.padEnd(26) + cells.map((cell) => cell.padStart(11)).join(""));
  }
  tell("");
}

function costGoals(medians: Medians): readonly Goal[] {
  const cpu = Object.entries(MOST_CPU).map(([name, limit]) => ({
    what: `${name}: CPU`,
    found: ratio(medians, "cpuMs", name),
    limit,
  }));
  const peak = [VERSION, UNCHANGED, PUBLISHED].map((name) => ({
    what: `${name}: peak resident`,
    found: ratio(medians, "peakMiB", name),
    limit: MOST_PEAK,
  }));
  const boto3 = {
    what: `${BOTO3}: CPU`,
    found: medians.has(BOTO3) ? ratio(medians, "cpuMs", BOTO3, PUBLISHED) : undefined,
    limit: LEAST_CPU_OF_BOTO3,
    isAtLeast: true,
    unit: `x that of ${PUBLISHED}`,
    without: "it is not installed",
  };
  return [...[...cpu, ...peak].map((goal) => ({ ...goal, unit: `x that of ${BARE}` })), boto3];
}

async function main(): Promise<void> {
  const reason = whyNotBuilt() ?? whyNoMeter();
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

  const medians = await measureAll(
    [
      { name: BARE, command: [node, empty] },
      { name: VERSION, command: [binary, "--version"] },
      { name: UNCHANGED, command: update },
      { name: PUBLISHED, command: [...update, "--force"] },
      ...installedRivals(folder, `http://${stream.host}`, dyndns.host),
    ],
    environment,
  );
  stream.close();
  dyndns.close();
  const sizeGoals = tellSizes(tell, folder);
  tellCosts(medians);
  for (const goal of [...sizeGoals, ...costGoals(medians)]) tell(formatGoal(goal));
}

await main();
