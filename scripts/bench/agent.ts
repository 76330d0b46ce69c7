// What a run of the agent costs, beside bare Node. Prints a report; says, but does not judge, whether the goals are met.
//   npm run bench:agent
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildAgent } from "../build-agent.ts";
import { readArguments } from "../read-arguments.ts";
import { median } from "./median.ts";

readArguments({
  command: "npm run bench:agent",
  help: "Reports what a run of the agent costs, beside bare Node.",
});

const ROUNDS = 20;
const ADDRESS = "1.2.3.4";

interface Cost {
  /** User and system time of the process, from its start to its exit event. */
  readonly cpuMs: number;
  readonly peakMiB: number;
}

/** Loaded into every measured process alike: tells at its end what it has cost. */
const METER = `
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  const cost = { cpuMs: (user + system) / 1000, peakMiB: process.resourceUsage().maxRSS / 1024 };
  require("node:fs").writeFileSync(process.env.METER_FILE, JSON.stringify(cost));
});`;

const folder = mkdtempSync(join(tmpdir(), "update-route53-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

async function run(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Cost> {
  const meterFile = join(folder, "cost.json");
  const child = spawn(process.execPath, ["--require", join(folder, "meter.cjs"), ...args], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { PATH: process.env.PATH, METER_FILE: meterFile, ...environment },
  });
  const exitCode = await new Promise((resolve) => child.once("close", resolve));
  if (exitCode !== 0) throw new Error(`expected exit code 0 of ${args.join(" ")}, got ${exitCode}`);
  return JSON.parse(readFileSync(meterFile, "utf8"));
}

/** A stream that accepts everything at once: what is measured is the agent. */
async function startStream() {
  const server = createServer((request, response) => {
    request.resume();
    response.end('{"SequenceNumber":"1","ShardId":"shardId-000000000000"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

const stream = await startStream();
writeFileSync(join(folder, "meter.cjs"), METER);
const configPath = join(folder, "update-route53.toml");
writeFileSync(
  configPath,
  `domains = ["home.example.com"]
region = "eu-west-1"
access_key_id = "LOCAL"
secret_access_key = "local"
state_directory = ${JSON.stringify(join(folder, "state"))}
`,
  { mode: 0o600 },
);
const bundle = await buildAgent(join(folder, "agent"));
const environment = { AWS_ENDPOINT_URL_KINESIS: stream.url };
const update = [bundle, "--config", configPath, "--ip", ADDRESS];
await run(update, environment);

const subjects: readonly { name: string; args: readonly string[]; goal?: number }[] = [
  { name: "node -e 0", args: ["-e", "0"] },
  { name: "--version", args: [bundle, "--version"] },
  { name: "update, unchanged", args: update, goal: 1.4 },
  { name: "update, published", args: [...update, "--force"], goal: 3.5 },
];
const costs = new Map<string, Cost[]>(subjects.map(({ name }) => [name, []]));
// Round by round, so that a machine that is busy for a while is busy for all of them.
for (let round = 0; round < ROUNDS; round += 1) {
  for (const { name, args } of subjects) costs.get(name)?.push(await run(args, environment));
}
stream.close();

const baseline = median((costs.get("node -e 0") ?? []).map(({ cpuMs }) => cpuMs));
process.stdout.write(`Node ${process.versions.node}, medians of ${ROUNDS} runs, CPU is user and system\n\n`);
for (const { name, goal } of subjects) {
  const all = costs.get(name) ?? [];
  const cpuMs = median(all.map((cost) => cost.cpuMs));
  const peakMiB = median(all.map((cost) => cost.peakMiB));
  const ratio = cpuMs / baseline;
  const told = goal === undefined ? "" : `  goal ${goal} x: ${ratio <= goal ? "met" : "MISSED"}`;
  const cells = [
    `${cpuMs.toFixed(1)} ms`.padStart(10),
    `${ratio.toFixed(2)} x`.padStart(8),
    `${peakMiB.toFixed(0)} MiB`.padStart(8),
  ];
  process.stdout.write(`${name.padEnd(20)}${cells.join("")}${told}\n`);
}
