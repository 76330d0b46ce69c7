import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parseAddress } from "../../lambda/contract/address.ts";
import { parseFqdn } from "../../lambda/contract/fqdn.ts";
import { assert, describe } from "../../scripts/describe.ts";
import { createScheduledClock } from "../../scripts/fixtures/scheduled-clock.ts";
import type { World } from "../cycle.ts";
import type { Detection } from "../detect/detect.ts";
import { detectionsOfGiven } from "../detect/given-address.ts";
import { ExpectedFailure, exitCode } from "../exit-code.ts";
import type { Job, Trigger } from "../job.ts";
import type { HandedRequest, Instance } from "../lock/instance.ts";
import type { Outcome } from "../outcome.ts";
import { createMemory } from "../state/memory.ts";
import { readFingerprint } from "./fingerprint.ts";
import { startLoop } from "./loop.ts";
import { createNews } from "./news.ts";

const folder = mkdtempSync(join(tmpdir(), "loop-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const START_MS = Date.UTC(2027, 0, 1);
const INTERVAL_SECONDS = 300;
const asked: Trigger = { kind: "asked" };

function createJob(trigger: Trigger, domain = "home.example.com"): Job {
  return {
    trigger,
    settings: {
      families: ["ipv4"],
      stream: "s",
      interval_seconds: INTERVAL_SECONDS,
      refresh_hours: 8_760,
      state_directory: mkdtempSync(join(folder, "state-")),
    },
    domains: [{ fqdn: parseFqdn(domain) }],
    credentials: undefined,
    authorities: undefined,
    configPath: undefined,
    isForced: false,
    device: undefined,
  };
}

interface Circumstances {
  readonly address?: string;
  readonly random?: () => number;
  readonly detectionMs?: number;
  readonly isHanging?: boolean;
  readonly problem?: string;
  /** What fails, by the address given. */
  readonly failures?: Readonly<Record<string, Error>>;
  readonly tickMs?: number;
  readonly readFingerprint?: () => string;
}

function failAsGiven(trigger: Trigger, { failures = {} }: Circumstances): void {
  const failure = trigger.kind === "given" && failures[trigger.addresses.map(({ text }) => text).join()];
  if (failure) throw failure;
}

/** Starts the real loop where a test moves the clock, the network and the kernel. */
function start(given: Circumstances = {}) {
  const clock = createScheduledClock(START_MS, given.random);
  const ending = new AbortController();
  const queue: HandedRequest[] = [];
  const jobs: Job[] = [];
  const instance: Instance = { take: () => queue.splice(0), release: () => true, onRequest: () => {} };
  const hang = Promise.withResolvers<void>();
  const seen = {
    address: given.address ?? "1.2.3.4",
    fingerprint: "",
    checks: [] as number[],
    reports: [] as string[],
    published: [] as string[],
    errors: [] as string[],
    /** What is wrong with the configuration, as found while working. */
    problem: given.problem ?? "",
    aliveMs: 0,
  };
  const tell = (outcome: Outcome) =>
    void seen.reports.push("ip" in outcome ? `${outcome.outcome} ${outcome.ip}` : outcome.outcome);
  const silent = { debug() {}, info() {}, warn() {}, error: (line: string) => void seen.errors.push(line) };
  const detect: World["detect"] = async ({ trigger, signal }) => {
    seen.checks.push(clock.now());
    if (seen.problem) throw new ExpectedFailure(exitCode.configuration, seen.problem);
    if (given.isHanging) await hang.promise;
    if (given.detectionMs) await clock.sleep(given.detectionMs, signal);
    failAsGiven(trigger, given);
    if (trigger.kind === "given") return detectionsOfGiven(trigger.addresses);
    return [detection(signal.aborted ? "" : seen.address)];
  };
  const publish: World["publish"] = async (_, publications) =>
    publications.map((publication) => {
      const { fqdn, address, uuid } = publication;
      seen.published.push(`${fqdn} ${address.text}`);
      const about = { fqdn, family: address.family, ip: address.text, uuid };
      return { publication, outcome: { ...about, outcome: "published", sequenceNumber: "1", shardId: "0" } };
    });
  const loop = startLoop({
    own: createJob(asked),
    instance,
    createJob({ argv }) {
      if (argv.length === 0) throw new TypeError("cannot be read");
      return jobs[Number(argv[0])] as Job;
    },
    reload: () => undefined,
    report: createNews({ report: tell, recovered: tell }).tell,
    world: {
      clock,
      log: silent,
      memory: createMemory(silent),
      earliestMs: 0,
      stop: ending.signal,
      detect,
      publish,
    },
    fingerprint: given.readFingerprint ?? (() => seen.fingerprint),
    alive: (ms) => {
      seen.aliveMs += ms;
    },
    tickMs: given.tickMs ?? 5_000,
  });
  return Object.assign(seen, {
    clock,
    loop,
    unhang: hang.resolve,
    hand(job: Job) {
      queue.push({ argv: [String(jobs.push(job) - 1)], environment: {}, directory: "" });
      instance.onRequest();
    },
    handBroken() {
      queue.push({ argv: [], environment: {}, directory: "" });
      instance.onRequest();
    },
    end() {
      ending.abort();
      return loop.ended;
    },
  });
}

function detection(text: string): Detection {
  const from = "check";
  if (!text) {
    const finding = { from, state: "unavailable", reason: "nobody knows", answers: [] } as const;
    return { family: "ipv4", state: "unavailable", reason: finding.reason, findings: [finding] };
  }
  const address = parseAddress(text);
  const finding = { from, state: "known", address, answers: [] } as const;
  return { family: "ipv4", state: "known", address, findings: [finding] };
}

const seconds = (times: readonly number[]) => times.map((ms) => (ms - START_MS) / 1000);

describe("the loop", (test) => {
  test("checks at start, and then at every interval", async () => {
    const world = start();
    await world.clock.runUntil(() => world.checks.length === 4);
    assert.equal(seconds(world.checks), [0, 300, 600, 900]);
    assert.equal(world.reports, ["published 1.2.3.4"]);
    await world.end();
  });

  test("waits up to 10 % less or more", async () => {
    let drawn = 0;
    const world = start({
      random() {
        drawn = (drawn + 7) % 11;
        return drawn / 10;
      },
    });
    await world.clock.runUntil(() => world.checks.length > 5);
    const waits = seconds(world.checks).map((at, index, all) => at - (all[index - 1] ?? 0));
    assert.ok(waits.slice(1).every((wait) => wait >= 270 && wait <= 330));
    assert.ok(new Set(waits).size > 2, String(waits));
    await world.end();
  });

  test("tries sooner after a failure, each time a little later, until the interval", async () => {
    const world = start({ address: "" });
    await world.clock.runUntil(() => world.checks.length === 9);
    assert.equal(seconds(world.checks), [0, 7.5, 22.5, 52.5, 112.5, 232.5, 457.5, 682.5, 907.5]);
    assert.equal(world.reports, ["unavailable"]);
    world.address = "8.8.8.8";
    await world.clock.runUntil(() => world.checks.length === 11);
    assert.equal(seconds(world.checks).slice(-2), [1132.5, 1432.5]);
    assert.equal(world.reports, ["unavailable", "published 8.8.8.8"]);
    await world.end();
  });

  test("checks at once when the kernel's addresses change", async () => {
    const world = start();
    await world.clock.runUntil(() => world.clock.now() >= START_MS + 20_000);
    world.address = "8.8.8.8";
    world.fingerprint = "ipv4 wan 8.8.8.8";
    await world.clock.runUntil(() => world.checks.length === 2);
    assert.ok((world.checks[1] ?? 0) - START_MS <= 25_000);
    assert.equal(world.reports, ["published 1.2.3.4", "published 8.8.8.8"]);
    await world.end();
  });

  for (const [what, jumpMs] of [
    ["after the machine was suspended", 3_600_000],
    ["when the clock is set years ahead", 50 * 365 * 86_400_000],
    ["when the clock is set back", -86_400_000],
  ] as const) {
    test(`checks at once ${what}, and goes on as before`, async () => {
      const world = start();
      await world.clock.runUntil(() => world.clock.monotonicMs() >= 20_000);
      world.clock.jump(jumpMs);
      await world.clock.runUntil(() => world.checks.length === 2);
      assert.ok(world.clock.monotonicMs() <= 25_000);
      const from = world.clock.monotonicMs();
      await world.clock.runUntil(() => world.checks.length === 3);
      assert.is(world.clock.monotonicMs() - from, 300_000);
      await world.end();
    });
  }

  test("is not alive any more when a job hangs, and lives again when it ends", async () => {
    const world = start({ isHanging: true });
    await world.clock.runUntil(() => world.clock.monotonicMs() >= 110_000);
    const alive = world.aliveMs;
    assert.ok(alive >= 105_000, String(alive));
    await world.clock.runUntil(() => world.clock.monotonicMs() >= 1_000_000);
    assert.ok(world.aliveMs <= 125_000, String(world.aliveMs));
    world.unhang();
    const before = world.aliveMs;
    await world.clock.runUntil(() => world.clock.monotonicMs() >= 1_100_000);
    assert.ok(world.aliveMs - before >= 90_000);
    await world.end();
  });

  test("finishes a job although events never end", async () => {
    const world = start({ detectionMs: 8_000 });
    for (let second = 1; world.reports.length === 0 && second < 120; second += 1) {
      await world.clock.runUntil(() => world.clock.monotonicMs() >= second * 1_000);
      world.loop.checkNow();
    }
    assert.equal(world.reports, ["published 1.2.3.4"]);
    await world.end();
  });

  test("does what is handed over, once for a storm, and the last address wins", async () => {
    const world = start();
    await world.clock.runUntil(() => world.clock.monotonicMs() >= 10_000);
    for (let count = 1; count <= 50; count += 1) {
      world.hand(createJob({ kind: "given", addresses: [parseAddress(`8.8.8.${count}`)] }));
      if (count % 10 === 0) await world.clock.runUntil(() => true);
    }
    await world.clock.runUntil(() => world.clock.monotonicMs() >= 20_000);
    assert.equal(world.reports.slice(1).at(-1), "published 8.8.8.50");
    assert.ok(world.reports.length <= 3, world.reports.join());
    await world.end();
  });

  test("tries what a hook asked again until it works", async () => {
    const world = start();
    await world.clock.runUntil(() => world.clock.monotonicMs() >= 10_000);
    world.address = "";
    world.hand(createJob({ kind: "hook", interface: "wan2", hint: undefined }, "other.example.com"));
    await world.clock.runUntil(() => world.clock.monotonicMs() >= 60_000);
    world.address = "8.8.8.8";
    await world.clock.runUntil(() => world.clock.monotonicMs() >= 200_000);
    assert.ok(world.reports.includes("published 8.8.8.8"), world.reports.join());
    assert.ok(world.published.includes("other.example.com. 8.8.8.8"), world.published.join());
    await world.end();
  });

  test("ends where the configuration is wrong at the first check", async () => {
    const world = start({ problem: "region: expected an AWS region, found none" });
    await assert.rejects(
      world.loop.ended as Promise<unknown>,
      /^region: expected an AWS region, found none$/,
    );
    await world.end().catch(() => {});
  });

  test("outlives every failure of what was handed over, the first thing that it does included", async () => {
    for (const failure of [
      new ExpectedFailure(exitCode.configuration, "no region"),
      new Error("no such thing"),
    ]) {
      const world = start({ failures: { "9.9.9.9": failure } });
      world.hand(createJob({ kind: "given", addresses: [parseAddress("9.9.9.9")] }, "other.example.com"));
      world.handBroken();
      await world.clock.runUntil(() => world.checks.length >= 3);
      assert.equal(world.errors, ["cannot be read", failure.message]);
      assert.equal(world.reports, ["published 1.2.3.4"]);
      await world.end();
    }
  });

  test("tells once what is found wrong at every later check, and goes on", async () => {
    const world = start();
    await world.clock.runUntil(() => world.checks.length === 1);
    world.problem = "no such key";
    await world.clock.runUntil(() => world.checks.length === 4);
    assert.equal(world.errors, ["no such key"]);
    Object.assign(world, { problem: "", address: "8.8.8.8" });
    await world.clock.runUntil(() => world.checks.length === 5);
    assert.equal(world.reports, ["published 1.2.3.4", "published 8.8.8.8"]);
    await world.end();
  });

  test("ends at once in the middle of a job", async () => {
    const world = start({ detectionMs: 8_000 });
    await world.clock.runUntil(() => world.checks.length === 1);
    await world.end();
    assert.is(world.clock.monotonicMs(), 0);
    assert.equal(world.reports, []);
  });
});

/** So much a heap may grow by in 9,000 cycles: what is kept for each cycle would cost far more. */
const MOST_GROWTH_BYTES = 300_000;

describe("the memory of the loop", (test) => {
  test("does not grow over 10,000 cycles", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const world = start({
      tickMs: 400_000,
      readFingerprint: () => readFingerprint({ families: ["ipv4", "ipv6"] }),
    });
    const heapUsed: number[] = [];
    let checks = 0;
    let publications = 0;
    for (const cycle of [1_000, 10_000]) {
      await world.clock.runUntil(() => {
        checks += world.checks.splice(0).length;
        publications += world.published.splice(0).length;
        world.reports.length = 0;
        // Now and then the address changes, nobody knows it, or a hook fires.
        world.address = checks % 50 === 49 ? "" : `8.8.${Math.floor(checks / 100) % 250}.1`;
        return checks >= cycle;
      });
      collect();
      heapUsed.push(process.memoryUsage().heapUsed);
    }
    const [early = 0, late = 0] = heapUsed;
    process.stdout.write(
      `heap after ${checks} cycles and ${publications} publications: ${early} -> ${late} bytes\n`,
    );
    assert.ok(late - early < MOST_GROWTH_BYTES, `grew by ${late - early} bytes`);
    await world.end();
  });
});
