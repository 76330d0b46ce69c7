import { parseAddress } from "../lambda/contract/address.ts";
import { parseFqdn } from "../lambda/contract/fqdn.ts";
import { assert, describe } from "../scripts/describe.ts";
import type { World } from "./cycle.ts";
import type { Detection } from "./detect/detect.ts";
import type { Job } from "./job.ts";
import type { Instance } from "./lock/instance.ts";
import type { Clock } from "./publish/retry.ts";
import { settle } from "./settle.ts";
import { emptyState } from "./state/state.ts";

const address = parseAddress("1.2.3.4");
const job: Job = {
  trigger: { kind: "asked" },
  settings: { deadline_seconds: 10, families: ["ipv4"] } as Job["settings"],
  domains: [{ fqdn: parseFqdn("home.example.com") }],
  credentials: undefined,
  authorities: undefined,
  configPath: undefined,
  isForced: false,
  device: undefined,
};
const instance = { take: () => [], release: () => true, onRequest: () => {} } as unknown as Instance;

/** How often a job publishes where every look finds something to publish, and how long it goes on. */
async function countLooks(from: string) {
  let elapsedMs = 0;
  let count = 0;
  const clock: Clock = {
    now: () => 0,
    monotonicMs: () => elapsedMs,
    after: () => () => {},
    random: () => 1,
    sleep: async (ms) => {
      elapsedMs += ms;
    },
  };
  const detection: Detection = {
    family: "ipv4",
    state: "known",
    address,
    findings: [{ from, state: "known", address, answers: [] }],
  };
  const world = {
    clock,
    earliestMs: 0,
    log: { debug: () => {} } as unknown as World["log"],
    // What is forgotten at once is published again.
    memory: { load: () => emptyState, save: () => {} },
    detect: async () => [{ family: "ipv6", state: "absent" } as const, detection],
    publish: async (_job, publications) => {
      count += 1;
      if (count > 100) throw new Error("without end");
      return publications.map((publication) => {
        const about = { fqdn: publication.fqdn, family: "ipv4" as const, ip: "1.2.3.4", uuid: "u" };
        const receipt = { sequenceNumber: "1", shardId: "s" };
        return { publication, outcome: { ...about, outcome: "published" as const, ...receipt } };
      });
    },
  } satisfies World;
  const createJob = () => job;
  await settle(job, { instance, createJob, report: () => {}, world });
  return { count, elapsedMs };
}

describe("further looks", (test) => {
  test("are three at once, then ever rarer, and none after the deadline", async () => {
    const { count, elapsedMs } = await countLooks("interface eth0");
    assert.ok(count > 3 && count <= 6, `${count}`);
    assert.ok(elapsedMs < 10_000, `${elapsedMs}`);
  });

  test("are not taken at echo services that have told a moment ago", async () => {
    assert.equal(await countLooks("check"), { count: 1, elapsedMs: 0 });
  });
});
