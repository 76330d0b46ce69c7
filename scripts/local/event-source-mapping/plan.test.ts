import fc from "fast-check";
import { assert, describe } from "../../describe.ts";
import type { Batch } from "./batch.ts";
import { batchOf, failures, indexOf, sequenceNumber, show } from "./fixture.ts";
import { type Outcome, planNext } from "./plan.ts";
import { type EventSourceMappingSettings, parseSettings } from "./settings.ts";

const settingsOf = (args: Partial<EventSourceMappingSettings> = {}) =>
  parseSettings({ startingPosition: "TRIM_HORIZON", ...args });
const reporting = { functionResponseTypes: ["ReportBatchItemFailures"] as const };

function decide(batch: Batch, outcome: Outcome, args: Partial<EventSourceMappingSettings> = {}): string {
  const plan = planNext(batch, outcome, settingsOf(args));
  return plan.kind === "continue"
    ? `continue ${plan.batches.map(show).join(" then ")}`.trim()
    : `${plan.kind} ${show(plan.batch)}`;
}

describe("planNext", (test) => {
  const returned = (payload: unknown): Outcome => ({ kind: "returned", payload });
  const failed: Outcome = { kind: "failed" };
  const refused: Outcome = { kind: "refused" };
  const bisecting = { bisectBatchOnFunctionError: true };
  const partly = returned(failures(sequenceNumber(2), sequenceNumber(3)));
  const first = returned(failures(sequenceNumber(0)));

  test("goes on after a complete success", () => {
    assert.is(decide(batchOf(4), returned(null)), "continue");
    assert.is(decide(batchOf(4), returned(failures()), reporting), "continue");
  });

  test("does not look at what is returned unless ReportBatchItemFailures is on", () => {
    assert.is(decide(batchOf(4), partly), "continue");
    assert.is(decide(batchOf(4), partly, bisecting), "continue");
  });

  test("retries all after a failure, without end by default", () => {
    assert.is(decide(batchOf(4), failed), "retry 0 1 2 3 (retry 1, invoked 1)");
    assert.is(
      decide(batchOf(2, { retryCount: 50_000, invokeCount: 50_001 }), failed),
      "retry 0 1 (retry 50001, invoked 50002)",
    );
  });

  test("retries from the lowest reported record, and counts that as a retry", () => {
    assert.is(decide(batchOf(5), partly, reporting), "retry 2 3 4 (retry 1, invoked 1)");
    assert.is(decide(batchOf(5), first, reporting), "retry 0 1 2 3 4 (retry 1, invoked 1)");
  });

  test("gives up on all that is left when the retries are used", () => {
    const two = { maximumRetryAttempts: 2 };
    assert.is(
      decide(batchOf(2, { retryCount: 1, invokeCount: 2 }), failed, two),
      "retry 0 1 (retry 2, invoked 3)",
    );
    assert.is(
      decide(batchOf(2, { retryCount: 2, invokeCount: 3 }), failed, two),
      "discard 0 1 (retry 2, invoked 4)",
    );
    assert.is(decide(batchOf(2), failed, { maximumRetryAttempts: 0 }), "discard 0 1 (retry 0, invoked 1)");
    assert.is(
      decide(batchOf(5), partly, { ...reporting, maximumRetryAttempts: 0 }),
      "discard 2 3 4 (retry 0, invoked 1)",
    );
  });

  test("splits a failed batch in two, which is no retry", () => {
    const none = { ...bisecting, maximumRetryAttempts: 0 };
    assert.is(
      decide(batchOf(4), failed, none),
      "continue 0 1 (retry 0, invoked 1) then 2 3 (retry 0, invoked 1)",
    );
    assert.is(
      decide(batchOf(3), failed, none),
      "continue 0 1 (retry 0, invoked 1) then 2 (retry 0, invoked 1)",
    );
    assert.is(
      decide(batchOf(2), failed, none),
      "continue 0 (retry 0, invoked 1) then 1 (retry 0, invoked 1)",
    );
    assert.is(decide(batchOf(1), failed, none), "discard 0 (retry 0, invoked 1)");
    assert.is(decide(batchOf(1), failed, bisecting), "retry 0 (retry 1, invoked 1)");
  });

  test("splits a failed batch in two also when failures can be reported", () => {
    assert.is(
      decide(batchOf(2), failed, { ...bisecting, ...reporting }),
      "continue 0 (retry 0, invoked 1) then 1 (retry 0, invoked 1)",
    );
  });

  test("splits where the first failure is reported and goes on with the rest, which is no retry", () => {
    const both = { ...bisecting, ...reporting, maximumRetryAttempts: 0 };
    assert.is(decide(batchOf(5), partly, both), "continue 2 3 4 (retry 0, invoked 1)");
  });

  test("splits in two when the very first record is reported, for nothing succeeded", () => {
    const both = { ...bisecting, ...reporting, maximumRetryAttempts: 0 };
    assert.is(
      decide(batchOf(3), first, both),
      "continue 0 1 (retry 0, invoked 1) then 2 (retry 0, invoked 1)",
    );
    assert.is(decide(batchOf(1), first, both), "discard 0 (retry 0, invoked 1)");
  });

  test("repeats what was throttled, which is neither a retry nor an invocation", () => {
    const none = { ...bisecting, maximumRetryAttempts: 0 };
    assert.is(decide(batchOf(2), refused, none), "retry 0 1 (retry 0, invoked 0)");
  });
});

interface Scenario {
  readonly poison: readonly boolean[];
  readonly isReporting: boolean;
  readonly isBisecting: boolean;
  readonly maximumRetryAttempts: number;
}

/** What a function returns that fails for the poisonous records, and reports them where it can. */
function outcomeOf(batch: Batch, { poison, isReporting }: Scenario): Outcome {
  const bad = batch.streamRecords.map(indexOf).filter((index) => poison[index]);
  const isFailed = bad.length > 0 && !isReporting;
  return isFailed ? { kind: "failed" } : { kind: "returned", payload: failures(...bad.map(sequenceNumber)) };
}

/** Follows the plans for one batch to the end. Each step has what was delivered and what is left of it. */
function follow(scenario: Scenario) {
  const settings = settingsOf({
    bisectBatchOnFunctionError: scenario.isBisecting,
    maximumRetryAttempts: scenario.maximumRetryAttempts,
    ...(scenario.isReporting && reporting),
  });
  const steps: { delivered: number[]; kept: number[]; discarded: number[] }[] = [];
  let left: readonly Batch[] = [batchOf(scenario.poison.length)];
  for (let [batch, ...others] = left; batch; [batch, ...others] = left) {
    assert.ok(steps.length < 500, "does not end");
    const plan = planNext(batch, outcomeOf(batch, scenario), settings);
    const next = plan.kind === "continue" ? plan.batches : [plan.batch];
    const indices = next.flatMap((one) => one.streamRecords.map(indexOf));
    const isDiscarded = plan.kind === "discard";
    const delivered = batch.streamRecords.map(indexOf);
    steps.push({ delivered, kept: isDiscarded ? [] : indices, discarded: isDiscarded ? indices : [] });
    left = isDiscarded ? others : [...next, ...others];
  }
  return steps;
}

describe("the plans for a batch", (test) => {
  const scenarios = fc.record({
    poison: fc.array(fc.boolean(), { minLength: 1, maxLength: 24 }),
    isReporting: fc.boolean(),
    isBisecting: fc.boolean(),
    maximumRetryAttempts: fc.nat(3),
  });

  test("settle every record once and in order", () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        let settled = 0;
        for (const { delivered, kept } of follow(scenario)) {
          assert.is(delivered[0], settled, "delivered out of order");
          assert.equal(kept, delivered.slice(delivered.length - kept.length), "lost or repeated");
          settled += delivered.length - kept.length;
        }
        assert.is(settled, scenario.poison.length);
      }),
      { numRuns: 500 },
    );
  });

  test("with bisection give up on each poisonous record, alone, and on nothing else", () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const steps = follow({ ...scenario, isBisecting: true });
        const discarded = steps.map((step) => step.discarded).filter((indices) => indices.length > 0);
        const poisonous = Array.from(scenario.poison.keys()).filter((index) => scenario.poison[index]);
        assert.equal(
          discarded,
          poisonous.map((index) => [index]),
        );
      }),
      { numRuns: 500 },
    );
  });

  test("give up on something if and only if something is poisonous", () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const discarded = follow(scenario).flatMap((step) => step.discarded);
        assert.is(discarded.length > 0, scenario.poison.includes(true));
      }),
    );
  });
});
