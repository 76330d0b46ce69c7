// Keeps what V8 compiles of the bundled agent in its usual runs, so that later ones need not compile it.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * So that the same source gives the same bytes. V8 keeps the hashes of names with the code, made with a seed that is
 * another in each process (it computes them anew when it reads the code), and which functions its baseline compiler
 * has been at, which depends on how busy the machine is.
 */
const STEADY_FLAGS = ["--hash-seed=1", "--no-sparkplug"];

/**
 * Loaded before the launcher: writes the code of each script that it makes, with all functions that have run.
 * V8 refuses code that was made with other flags than its own, so the flags above are taken back first.
 */
const RECORDER = `
const vm = require("node:vm");
const { setFlagsFromString } = require("node:v8");
const { writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const made = [];
vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    made.push([options.filename.replace(/js$/, "cache"), this]);
  }
};
process.on("exit", () => {
  for (const usual of ["--hash-seed=0", "--sparkplug"]) setFlagsFromString(usual);
  const folder = dirname(process.argv[1]);
  for (const [name, script] of made) writeFileSync(join(folder, name), script.createCachedData());
});`;

/**
 * Runs the agent, against a stream that accepts everything, and writes `NAME.cache` beside each part.
 * @param node the command that runs Node: V8 accepts only what the same build of it has made, with the same flags
 */
export async function writeCodeCaches(launcher: string, node: readonly string[]): Promise<void> {
  const [program = "", ...emulated] = node;
  const folder = await mkdtemp(join(tmpdir(), "update-route53-"));
  const server = createServer((request, response) => {
    request.resume();
    response.end('{"SequenceNumber":"1","ShardId":"shardId-000000000000"}');
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  try {
    const config = join(folder, "config.toml");
    await writeFile(config, `domains = ["home.example.com"]\nstate_directory = ${JSON.stringify(folder)}\n`);
    await writeFile(join(folder, "recorder.cjs"), RECORDER);
    const flags = [...STEADY_FLAGS, "--require", join(folder, "recorder.cjs")];
    const args = [...emulated, ...flags, launcher, "--config", config, "--ip", "1.2.3.4"];
    const environment = {
      AWS_ENDPOINT_URL_KINESIS: `http://127.0.0.1:${port}`,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    };
    // The second run finds the address unchanged, and adds what only that takes to what the first has kept.
    for (const what of ["publish", "find the address unchanged"]) {
      const child = spawn(program, args, {
        env: environment,
        stdio: ["ignore", "ignore", "inherit"],
      });
      const exitCode = await new Promise((ended) => child.once("close", ended));
      if (exitCode !== 0) throw new Error(`expected the bundled agent to ${what}, got exit code ${exitCode}`);
    }
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
}
