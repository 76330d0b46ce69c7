import fc from "fast-check";
import { kinesisEvent, sequenceNumberAt } from "../scripts/bench/lambda/event.ts";
import { assert, describe } from "../scripts/describe.ts";
import { streamRecordsOf } from "./stream-records.ts";

const sequenceNumbersOf = (event: unknown) =>
  streamRecordsOf(event).records.map(({ arrival }) => arrival.sequenceNumber);

describe("streamRecordsOf", (test) => {
  test("gives each record its place, its number, its time in milliseconds and its data", () => {
    const event = kinesisEvent([{ data: "one", arrivedAtMs: 1_543_618_890_885 }, "two"]);
    assert.equal(streamRecordsOf(event), {
      malformed: 0,
      records: [
        {
          arrival: { sequenceNumber: sequenceNumberAt(0), arrivedAtMs: 1_543_618_890_885, position: 0 },
          data: "b25l",
        },
        {
          arrival: { sequenceNumber: sequenceNumberAt(1), arrivedAtMs: 1_543_618_890_885, position: 1 },
          data: "dHdv",
        },
      ],
    });
  });

  test("puts records in the order of their numbers, not of the digits", () => {
    const event = kinesisEvent(
      ["100", "99", "9", "10"].map((sequenceNumber) => ({ data: "", sequenceNumber })),
    );
    assert.equal(sequenceNumbersOf(event), ["9", "10", "99", "100"]);
    const positions = streamRecordsOf(event).records.map(({ arrival }) => arrival.position);
    assert.equal(positions, [0, 1, 2, 3]);
  });

  test("orders numbers of any length as BigInt does", () => {
    const sequenceNumber = fc.bigInt({ min: 0n, max: 10n ** 60n }).map(String);
    const some = fc.array(fc.oneof(sequenceNumber, fc.nat(20).map(String)), { maxLength: 20 });
    fc.assert(
      fc.property(some, (numbers) => {
        const found = sequenceNumbersOf(
          kinesisEvent(numbers.map((number) => ({ data: "", sequenceNumber: number }))),
        );
        const sorted = numbers.map(BigInt).toSorted((a, b) => (a < b ? -1 : Number(a > b)));
        assert.equal(found, sorted.map(String));
      }),
    );
  });

  const kinesis = kinesisEvent(["x"]).Records[0]?.kinesis;
  const elements: [name: string, element: unknown][] = [
    ["null", null],
    ["a text", "x"],
    ["an element of another service", { Sns: {} }],
    ["an element whose kinesis is a list", { kinesis: [] }],
    ["a record with no sequence number", { kinesis: { ...kinesis, sequenceNumber: undefined } }],
    ["a sequence number with a leading zero", { kinesis: { ...kinesis, sequenceNumber: "01" } }],
    ["a sequence number that is none", { kinesis: { ...kinesis, sequenceNumber: "1 OR 1" } }],
    ["a record with no arrival", { kinesis: { ...kinesis, approximateArrivalTimestamp: undefined } }],
    ["an arrival beyond all time", { kinesis: { ...kinesis, approximateArrivalTimestamp: 1e300 } }],
  ];
  for (const [name, element] of elements) {
    test(`counts ${name} as malformed and keeps the rest`, () => {
      const { records, malformed } = streamRecordsOf({ Records: [element, { kinesis }] });
      assert.is(malformed, 1);
      assert.equal(records.length, 1);
    });
  }

  for (const event of [undefined, null, 5, "text", {}, { Records: {} }]) {
    test(`finds no record in ${JSON.stringify(event)}`, () => {
      assert.equal(streamRecordsOf(event), { records: [], malformed: 1 });
    });
  }
});
