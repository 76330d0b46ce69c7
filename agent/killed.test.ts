import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { assert, describe } from "../scripts/describe.ts";
import { createDeviceDirectory, type DeviceDirectory } from "../scripts/fixtures/device-directory.ts";
import { startStreamStandIn } from "../scripts/fixtures/stream-stand-in.ts";
import { parseState } from "./state/state.ts";

const RUNS = 200;
const LONGEST_LIFE_MS = 1200;

/** Park and Miller's generator: the same numbers for the same seed. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

async function killSoon(device: DeviceDirectory, ip: string, lifeMs: number): Promise<boolean> {
  const { child, ended } = device.start(["--ip", ip]);
  const timer = setTimeout(() => child.kill("SIGKILL"), lifeMs);
  const { exitCode } = await ended;
  clearTimeout(timer);
  return exitCode === null;
}

function assertWhole({ statePath, stateDirectory }: DeviceDirectory, about: string): void {
  const names = readdirSync(stateDirectory);
  if (names.includes("state.json")) {
    const { problem } = parseState(readFileSync(statePath, "utf8"), "update-route53@eu-west-1");
    assert.is(problem, undefined, about);
  }
  // At most one file is left over of each kind, however often it happens.
  assert.ok(names.filter((name) => name.startsWith("state.json")).length <= 2, names.join(" "));
}

describe("an agent that is killed at any point", (test) => {
  const seed = (Date.now() % 1_000_000) + 1;

  test(`leaves a whole state and no lock, ${RUNS} times (seed ${seed})`, async () => {
    const random = createRandom(seed);
    const stream = await startStreamStandIn();
    let killed = 0;
    const runs = Array.from({ length: RUNS }, (_, index) => ({
      ip: `1.1.${index}.1`,
      lifeMs: random() * LONGEST_LIFE_MS,
    })).values();
    const work = async () => {
      const device = createDeviceDirectory(stream.url);
      for (const { ip, lifeMs } of runs) {
        if (await killSoon(device, ip, lifeMs)) killed += 1;
        assertWhole(device, `seed ${seed}, ${ip} killed after ${lifeMs} ms`);
      }
      // The next one is not kept waiting, and what it remembers is true.
      const { exitCode, stdout, stderr } = await device.run(["--ip", "8.8.8.8"]);
      assert.equal([exitCode, stderr], [0, ""]);
      assert.match(stdout, /A 8\.8\.8\.8 accepted/);
      assert.is(device.readState().published["home.example.com. ipv4"].ip, "8.8.8.8");
    };
    await Promise.all(Array.from({ length: availableParallelism() }, work));
    await stream.close();
    process.stdout.write(`killed ${killed} of ${RUNS}, seed ${seed}\n`);
    assert.ok(killed > RUNS / 10, String(killed));
  });
});
