import type { ChangeBatch } from "../../lambda/change-batch.ts";
import { parseAddress } from "../../lambda/contract/address.ts";
import { assert, describe } from "../describe.ts";
import { createVirtualClock } from "./clock.ts";
import { batchOf, zoneNamed } from "./route53.ts";
import { createRoute53Model, createShardModel, createSlidingWindow } from "./services.ts";

const zone = zoneNamed("one");

/** What the model says to batches, each sent so long after the start. */
async function answersTo(calls: readonly (readonly [atMs: number, batch: ChangeBatch])[]) {
  let accepted = 0;
  const answers: string[] = [];
  const clock = createVirtualClock();
  const { send, counts } = createRoute53Model(clock, ({ rrsets }) => {
    accepted += rrsets.length;
  });
  for (const [atMs, batch] of calls) {
    await clock.sleep(atMs - clock.now());
    answers.push(await send(batch, AbortSignal.abort()).catch((error: Error) => error.name));
  }
  return { answers, counts, accepted };
}

const withAddress = (size: number, address: string): ChangeBatch => ({
  zone,
  rrsets: batchOf(zone, size).rrsets.map((rrset) => {
    const update = { ...rrset.winner.update, address: parseAddress(address) };
    return { ...rrset, winner: { ...rrset.winner, update } };
  }),
});

describe("createSlidingWindow", (test) => {
  test("allows so many in any period, whenever it begins", () => {
    const isAllowed = createSlidingWindow(2, 1_000);
    assert.equal([0, 900, 1_000, 1_899].map(isAllowed), [true, true, true, false]);
  });

  test("counts what it does not allow", () => {
    const isAllowed = createSlidingWindow(1, 1_000);
    assert.equal([0, 999, 1_998, 2_998].map(isAllowed), [true, false, false, true]);
  });
});

describe("the model of Route 53", (test) => {
  test("throttles the sixth call of a second, and counts it", async () => {
    const batch = batchOf(zone, 1);
    const early = [0, 100, 200, 300, 400, 999].map((atMs) => [atMs, batch] as const);
    const { answers, counts, accepted } = await answersTo(early);
    assert.equal(answers, ["C1", "C2", "C3", "C4", "C5", "Throttling"]);
    assert.equal(counts, { calls: 6, throttled: 1, refused: 0 });
    assert.is(accepted, 5);
    const late = [0, 100, 200, 300, 400, 1_000].map((atMs) => [atMs, batch] as const);
    assert.is((await answersTo(late)).counts.throttled, 0);
  });

  test("refuses more than 500 UPSERTs, or 32,000 characters, each counted twice", async () => {
    const [short, long] = ["81.2.3.4", "2600:1111:1111:1111:1111:1111:1111:1111"];
    const cases: [number, string, string][] = [
      [500, short, "C1"],
      [501, short, "InvalidChangeBatch"],
      [410, long, "C1"],
      [411, long, "InvalidChangeBatch"],
    ];
    for (const [size, address, expected] of cases) {
      const { answers, counts } = await answersTo([[0, withAddress(size, address)]]);
      assert.equal(answers, [expected], `${size} of ${address}`);
      assert.is(counts.refused, expected === "C1" ? 0 : 1);
    }
  });
});

describe("the model of the shard", (test) => {
  const positionsIn = ({ Records }: { Records: readonly { kinesis: { data: string } }[] }) =>
    Records.map(({ kinesis }) => Buffer.from(kinesis.data, "base64").toString());

  test("gives each poll what has arrived since, up to the size of a batch", () => {
    const shard = createShardModel(String);
    for (const atMs of [0, 10, 500, 1_500]) shard.put(atMs);
    assert.equal(positionsIn(shard.poll(600, 2)), ["0", "1"]);
    assert.equal(positionsIn(shard.poll(1_600, 10_000)), ["2", "3"]);
  });

  test("takes a thousand records in any second, and one poll", () => {
    const shard = createShardModel(String);
    for (let index = 0; index < 1_000; index += 1) shard.put(500);
    assert.throws(() => shard.put(1_499), /^expected at most 1000 records a second, got more at 1499 ms$/);
    shard.poll(2_000, 1);
    assert.throws(() => shard.poll(2_999, 1), /^expected at most one poll a second, got one at 2999 ms$/);
  });

  test("gives an invocation at most 10,000 records, and 6 MiB", () => {
    const many = createShardModel(String);
    const large = createShardModel(() => "x".repeat(1_000));
    for (let atMs = 0; atMs < 12_000; atMs += 1) for (const shard of [many, large]) shard.put(atMs);
    assert.is(many.poll(12_000, 20_000).Records.length, 10_000);
    const event = large.poll(12_000, 10_000);
    const [record] = event.Records;
    const bytes = JSON.stringify(event).length;
    assert.ok(bytes <= 6_291_456 && bytes + JSON.stringify(record).length + 1 > 6_291_456, `${bytes} bytes`);
  });
});
