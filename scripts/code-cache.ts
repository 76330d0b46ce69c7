// Keeps what V8 compiles of the bundled agent in its usual runs, so that later ones need not compile it.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Loaded before the launcher: writes the code of each script that it makes, with all functions that have run. */
const RECORDER = `
const vm = require("node:vm");
const { writeFileSync } = require("node:fs");
const made = [];
vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    made.push([options.filename.replace(/js$/, "cache"), this]);
  }
};
process.on("exit", () => {
  for (const [path, script] of made) writeFileSync(path, script.createCachedData());
});`;

/** Runs the agent, against a stream that accepts everything, and writes `NAME.cache` beside each part. */
export async function writeCodeCaches(launcher: string): Promise<void> {
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
    const args = ["--require", join(folder, "recorder.cjs"), launcher, "--config", config, "--ip", "1.2.3.4"];
    const environment = {
      AWS_ENDPOINT_URL_KINESIS: `http://127.0.0.1:${port}`,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    };
    // The second run finds the address unchanged, and adds what only that takes to what the first has kept.
    for (const what of ["publish", "find the address unchanged"]) {
      const child = spawn(process.execPath, args, {
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
