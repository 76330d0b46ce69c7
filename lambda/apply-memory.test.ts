import { assert, describe } from "../scripts/describe.ts";
import { createVirtualClock } from "../scripts/simulate/clock.ts";
import { batchOf, namesOf, sdkError, zoneNamed } from "../scripts/simulate/route53.ts";
import { applyChangeBatches } from "./apply.ts";
import { createDenials } from "./apply-memory.ts";
import type { ChangeBatch } from "./change-batch.ts";
import { createPace } from "./pace.ts";

const zone = zoneNamed("one");

/** A process whose role is denied a zone, until `policy` says otherwise. */
function createProcess() {
  const clock = createVirtualClock();
  const shared = { pace: createPace(5, 1_000), denials: createDenials() };
  const policy = { allows: (_name: string) => false };
  const invoke = async () => {
    const calls: number[] = [];
    const applied: string[] = [];
    const send = async (batch: ChangeBatch) => {
      await clock.sleep(100);
      calls.push(batch.rrsets.length);
      if (!namesOf(batch).every(policy.allows)) throw sdkError("AccessDenied", 403);
      applied.push(...namesOf(batch));
      return "C1";
    };
    const world = { ...clock, ...shared, random: () => 1, send };
    await Array.fromAsync(applyChangeBatches([batchOf(zone, 100)], world, () => 60_000));
    return { calls, applied };
  };
  return { clock, policy, invoke };
}

describe("a zone that was found denied", (test) => {
  test("costs one call an invocation for some minutes, and is then found out about again", async () => {
    const { clock, invoke } = createProcess();
    assert.is((await invoke()).calls.length, 16);
    assert.equal((await invoke()).calls, [100]);
    await clock.sleep(170_000);
    assert.equal((await invoke()).calls, [100]);
    await clock.sleep(10_000);
    assert.is((await invoke()).calls.length, 16);
  });

  test("is applied as soon as the policy allows it, and presumed nothing of from then on", async () => {
    const { policy, invoke } = createProcess();
    await invoke();
    policy.allows = () => true;
    assert.is((await invoke()).applied.length, 100);
    policy.allows = (name) => name !== "n7.one.test";
    assert.is((await invoke()).applied.length, 99);
  });

  test("is not the concern of another process", async () => {
    await createProcess().invoke();
    assert.is((await createProcess().invoke()).calls.length, 16);
  });
});
