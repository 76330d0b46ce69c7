import fc from "fast-check";
import { kinesisEvent } from "../scripts/bench/lambda/event.ts";
import { assert, describe } from "../scripts/describe.ts";
import { type ChangeBatch, commentOf, planChangeBatches, splitRefused } from "./change-batch.ts";
import { planChanges } from "./plan.ts";
import { parseSettings } from "./settings.ts";
import { streamRecordsOf } from "./stream-records.ts";

const settings = parseSettings({
  zones: Array.from({ length: 20 }, (_, index) => ({ name: `z${index}.test`, id: `Z${index}` })),
  unsignedDomains: Array.from({ length: 20 }, (_, index) => `**.z${index}.test`),
});

/** The batches for updates written `NAME ADDRESS`, as the handler plans them. */
function batchesFor(updates: readonly string[]): readonly ChangeBatch[] {
  const event = kinesisEvent(
    updates.map((text, index) => {
      const [domain, ip] = text.split(" ");
      return JSON.stringify({
        ip,
        domain,
        uuid: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
      });
    }),
  );
  const { batches, refused } = planChanges(streamRecordsOf(event).records, settings);
  assert.equal(refused, []);
  return batches;
}

const namesOf = ({ rrsets }: ChangeBatch) => rrsets.map(({ winner }) => winner.update.fqdn);
const sizesOf = (batches: readonly ChangeBatch[]) =>
  batches.map(({ zone, rrsets }) => `${zone.id} ${rrsets.length}`);
const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

/** As AWS counts them for UPSERT. */
function charactersIn({ rrsets }: ChangeBatch): number {
  return 2 * rrsets.reduce((sum, { winner }) => sum + winner.update.address.text.length, 0);
}

function onlyBatch(updates: readonly string[]): ChangeBatch {
  const [batch, ...others] = batchesFor(updates);
  if (!batch || others.length > 0) throw new Error(`expected one batch, got ${others.length + 1}`);
  return batch;
}

describe("planChangeBatches", (test) => {
  test("plans nothing for nothing", () => assert.equal(planChangeBatches([]), []));

  test("puts up to 500 names of a zone into one call", () => {
    assert.equal(sizesOf(batchesFor(times(500, (index) => `n${index}.z1.test 81.2.3.4`))), ["Z1 500"]);
    assert.equal(sizesOf(batchesFor(times(501, (index) => `n${index}.z1.test 81.2.3.4`))), [
      "Z1 500",
      "Z1 1",
    ]);
  });

  test("counts the characters of long addresses, twice, up to 32,000", () => {
    const address = "2600:1111:1111:1111:1111:1111:1111:1111";
    const sizes = sizesOf(batchesFor(times(500, (index) => `n${index}.z1.test ${address}`)));
    assert.is(address.length * 2 * 410, 31_980);
    assert.equal(sizes, ["Z1 410", "Z1 90"]);
  });

  test("keeps within both limits, loses nothing, and starts no call before the last is full", () => {
    const update = fc.record({
      zone: fc.nat(2),
      address: fc.constantFrom("81.2.3.4", "2600::1", "2600:1111:1111:1111:1111:1111:1111:1111"),
    });
    fc.assert(
      fc.property(fc.array(update, { maxLength: 2000, size: "max" }), (updates) => {
        const batches = batchesFor(
          updates.map(({ zone, address }, index) => `n${index}.z${zone}.test ${address}`),
        );
        assert.is(batches.flatMap(namesOf).length, updates.length);
        for (const [index, batch] of batches.entries()) {
          assert.ok(batch.rrsets.length > 0 && batch.rrsets.length <= 500 && charactersIn(batch) <= 32_000);
          assert.ok(batch.rrsets.every(({ winner }) => winner.zone === batch.zone));
          const next = batches[index + 1];
          if (next?.zone !== batch.zone) continue;
          const withNext = charactersIn({ ...batch, rrsets: [...batch.rrsets, ...next.rrsets.slice(0, 1)] });
          assert.ok(batch.rrsets.length === 500 || withNext > 32_000);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("needs 20 calls for 10,000 names in 20 zones, and one a zone for 10,000 updates of 10 names", () => {
    const distinct = batchesFor(times(10_000, (index) => `n${index}.z${index % 20}.test 81.2.3.4`));
    assert.equal(
      distinct.map(({ rrsets }) => rrsets.length),
      times(20, () => 500),
    );
    const repeated = batchesFor(times(10_000, (index) => `n${index % 10}.z${index % 2}.test 81.2.3.4`));
    assert.equal(sizesOf(repeated), ["Z0 5", "Z1 5"]);
  });
});

describe("splitRefused", (test) => {
  const batch = onlyBatch(times(5, (index) => `${index === 4 ? "*" : `n${index}`}.z1.test 81.2.3.4`));
  const cases: [said: string, first: string[], second: string[]][] = [
    ["", ["n0", "n1", "n2"], ["n3", "*"]],
    ["something about n1.z2.test.", ["n0", "n1", "n2"], ["n3", "*"]],
    ["[RRSet of type A with DNS name n1.z1.test. is not permitted]", ["n0", "n2", "n3", "*"], ["n1"]],
    ["[name='N0.z1.test', type='A'], [name='n3.z1.test.', type='A']", ["n1", "n2", "*"], ["n0", "n3"]],
    ["[RRSet with DNS name \\052.z1.test. is not permitted]", ["n0", "n1", "n2", "n3"], ["*"]],
    ["n0.z1.test n1.z1.test n2.z1.test n3.z1.test *.z1.test", ["n0", "n1", "n2"], ["n3", "*"]],
  ];
  for (const [said, first, second] of cases) {
    test(`splits ${first.join()} from ${second.join()} where Route 53 says "${said}"`, () => {
      const parts = splitRefused(batch, said);
      assert.equal(
        parts.map(namesOf),
        [first, second].map((names) => names.map((name) => `${name}.z1.test.`)),
      );
    });
  }
});

describe("commentOf", (test) => {
  const uuid = (index: number) => `00000000-0000-4000-8000-00000000000${index}`;
  const commentFor = (count: number) =>
    commentOf(onlyBatch(times(count, (index) => `n${index}.z1.test 81.2.3.4`)));

  test("names the uuids that fit in 256 characters, and counts the rest", () => {
    assert.is(commentFor(1), `update-route53 ${uuid(0)}`);
    assert.is(commentFor(6), `update-route53 ${times(6, uuid).join(" ")}`);
    assert.is(commentFor(7), `update-route53 ${times(6, uuid).join(" ")} and 1 more`);
    assert.is(commentFor(500), `update-route53 ${times(6, uuid).join(" ")} and 494 more`);
    assert.ok(commentFor(500).length <= 256);
  });
});
