import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, describe } from "../describe.ts";
import { runAgent } from "./agent-process.ts";
import { LOCAL_REGION, type LocalCloud, startCloud } from "./cloud.ts";
import { queryDns } from "./dns-query.ts";

const folder = mkdtempSync(join(tmpdir(), "signed-"));
const keyPath = join(folder, "attic.key");

/** The configuration file of a device; all devices have the same credentials of the stream. */
function configOf(name: string, domain: string, device: string): string {
  const path = join(folder, `${name}.toml`);
  const toml = `
domains = ["${domain}"]
region = "${LOCAL_REGION}"
access_key_id = "LOCAL"
secret_access_key = "local"
state_directory = "${join(folder, name)}"
${device}`;
  writeFileSync(path, toml, { mode: 0o600 });
  return path;
}

describe("a device with a key,", (test) => {
  let cloud: LocalCloud;
  test.before(async () => {
    const { stdout } = await runAgent(["keygen", "--out", keyPath, "--json"]);
    const { publicKey } = JSON.parse(stdout);
    cloud = await startCloud({
      settings: {
        zones: [{ name: "example.com", id: "Z0LOCALEXAMPLE" }],
        devices: [
          { name: "attic", domains: ["attic.example.com"], publicKeys: [publicKey] },
          { name: "cabin", domains: ["cabin.example.com"] },
        ],
      },
    });
  });
  test.after(async () => {
    await cloud.close();
    rmSync(folder, { recursive: true });
  });

  /** Publishes, waits for the function, and gives what DNS says then and why a record was refused. */
  async function publish(config: string, ip: string) {
    const logged = cloud.function.logLines.length;
    const environment = { AWS_ENDPOINT_URL_KINESIS: cloud.kinesis.url };
    const { exitCode, stderr } = await runAgent(["--config", config, "--ip", ip], environment);
    assert.is(exitCode, 0, stderr);
    await cloud.mapping.idle();
    const reasons = cloud.function.logLines.slice(logged).map((line) => JSON.parse(line).reason);
    const { host, port } = cloud.nameServer;
    const answers = ["attic", "cabin"].map(async (name) => {
      return (await queryDns({ host, port, name: `${name}.example.com`, type: "A" })).values.join();
    });
    const [attic, cabin] = await Promise.all(answers);
    return { attic, cabin, refused: reasons.filter(Boolean).join() };
  }

  test("moves its names by signing, from the command that made the key to DNS", async () => {
    const config = configOf(
      "attic",
      "attic.example.com",
      `[device]\nname = "attic"\nprivate_key_file = "${keyPath}"`,
    );
    assert.equal(await publish(config, "1.2.3.4"), { attic: "1.2.3.4", cabin: "", refused: "" });
    assert.match(readFileSync(keyPath, "utf8"), /^-----BEGIN PRIVATE KEY-----\n/);
  });

  test("loses none of them to a thief of the stream's credentials", async () => {
    const nameless = configOf("thief-1", "attic.example.com", "");
    assert.is((await publish(nameless, "6.6.6.1")).refused, "name-not-allowed");
    const asAttic = configOf("thief-2", "attic.example.com", '[device]\nname = "attic"');
    assert.is((await publish(asAttic, "6.6.6.2")).refused, "signature-missing");
    const ownKey = join(folder, "thief.key");
    await runAgent(["keygen", "--out", ownKey]);
    const forged = configOf(
      "thief-3",
      "attic.example.com",
      `[device]\nname = "attic"\nprivate_key_file = "${ownKey}"`,
    );
    assert.is((await publish(forged, "6.6.6.3")).refused, "signature-invalid");
    const asCabin = configOf("thief-4", "attic.example.com", '[device]\nname = "cabin"');
    assert.equal(await publish(asCabin, "6.6.6.4"), {
      attic: "1.2.3.4",
      cabin: "",
      refused: "name-not-allowed",
    });
  });

  test("stands beside one without, which moves its own names unsigned", async () => {
    const config = configOf("cabin", "cabin.example.com", '[device]\nname = "cabin"');
    assert.equal(await publish(config, "8.8.8.8"), { attic: "1.2.3.4", cabin: "8.8.8.8", refused: "" });
  });
});
