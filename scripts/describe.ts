// The only importer of uvu. A suite always runs, `only` does not exist, every skip is told and counted,
// and a file whose tests did not all run fails.
import { type Context, suite } from "uvu";
import * as uvuAssert from "uvu/assert";

interface Test {
  (name: string, run: () => void | Promise<void>): void;
  /** Skips the test, visibly, where `reason` is a string; runs it where it is undefined. */
  unless(reason: string | undefined, name: string, run: () => void | Promise<void>): void;
  before(run: () => void | Promise<void>): void;
  after(run: () => void | Promise<void>): void;
}

const count = { registered: 0, passed: 0, failed: 0, skipped: 0 };

/** Defines and runs a suite of tests. The names of suite and tests together read as a sentence. */
export function describe(name: string, define: (test: Test) => void): void {
  const tests = suite<Context>(name);
  const test = ((title: string, run: () => void | Promise<void>) => {
    count.registered += 1;
    tests(title, async () => {
      try {
        await run();
        count.passed += 1;
      } catch (error) {
        count.failed += 1;
        throw error instanceof Error ? error : new Error(`a test threw ${String(error)}`);
      }
    });
  }) as Test;
  test.unless = (reason, title, run) => {
    if (reason === undefined) return test(title, run);
    count.skipped += 1;
    process.stdout.write(`SKIPPED ${name} ${title}: ${reason}\n`);
  };
  test.before = (run) => tests.before(run);
  test.after = (run) => tests.after(run);
  define(test);
  tests.run();
}

process.on("exit", () => {
  const { registered, passed, failed, skipped } = count;
  const complete = registered === passed + failed && registered + skipped > 0;
  if (!complete) process.exitCode = 1;
  // Read by scripts/test.ts.
  process.stdout.write(`\n${passed} passed, ${complete ? failed : failed + 1} failed, ${skipped} skipped\n`);
});

/** uvu's assertions, without the form of `throws` that passes on any error. */
export const assert: Omit<typeof uvuAssert, "throws"> & {
  throws(run: () => unknown, expected: RegExp): void;
  rejects(run: Promise<unknown>, expected: RegExp): Promise<void>;
} = {
  ...uvuAssert,
  throws: (run, expected) => uvuAssert.throws(run, expected),
  async rejects(run, expected) {
    const outcome = await run.then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (outcome === undefined) throw new Error(`expected a rejection matching ${expected}, found none`);
    uvuAssert.match(outcome, expected);
  },
};
