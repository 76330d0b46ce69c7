import { assert, describe } from "../scripts/describe.ts";
import { createVirtualClock } from "../scripts/simulate/clock.ts";
import { batchOf, sdkError, zoneNamed } from "../scripts/simulate/route53.ts";
import { applyChangeBatches } from "./apply.ts";
import { createDenials } from "./apply-memory.ts";
import { createPace } from "./pace.ts";

const HOUR_MS = 3_600_000;

describe("a clock that is set back an hour", (test) => {
  test("neither makes a call wait, in this invocation and the next, nor counts for what was measured", async () => {
    const clock = createVirtualClock();
    let timeOfDayMs = HOUR_MS;
    let calls = 0;
    const send = async () => {
      await clock.sleep(100);
      calls += 1;
      if (calls === 3 || calls === 8) timeOfDayMs -= HOUR_MS;
      if (calls === 3) throw sdkError("Throttling", 400);
      return "C1";
    };
    const world = {
      now: () => timeOfDayMs + clock.now(),
      elapsedMs: clock.now,
      sleep: clock.sleep,
      random: () => 1,
      pace: createPace(5, 1_000),
      denials: createDenials(),
      send,
    };
    const invoke = async () => {
      const endsAtMs = clock.now() + 5_000;
      const batches = Array.from({ length: 8 }, (_, index) => batchOf(zoneNamed(`z${index}`), 1));
      return Array.fromAsync(applyChangeBatches(batches, world, () => endsAtMs - clock.now()));
    };
    const first = await invoke();
    const second = await invoke();
    const applied = [...first, ...second].flatMap((outcome) =>
      outcome.kind === "applied" ? [outcome.atMs] : [],
    );
    assert.is(applied.length, 16);
    assert.ok(clock.now() < 6_000, `${clock.now()} ms`);
    assert.equal(applied.slice(0, 2), [HOUR_MS + 100, HOUR_MS + 200]);
    assert.ok((applied[2] ?? HOUR_MS) < HOUR_MS);
  });
});
