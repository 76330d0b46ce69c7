import { parseAddress } from "../../lambda/contract/address.ts";
import { parseFqdn } from "../../lambda/contract/fqdn.ts";
import { assert, describe } from "../../scripts/describe.ts";
import { type DnsLiar, type Lie, respond, startDnsLiar } from "../../scripts/fixtures/dns-liar.ts";
import { startDnsServer } from "../../scripts/local/dns/server.ts";
import { createStore, submitChangeBatch } from "../../scripts/local/route53/store.ts";
import type { ServerAnswer } from "./ask-name-servers.ts";
import { describeAuthoritativeAnswer } from "./authoritative-answer.ts";
import type { NameServer } from "./authority.ts";
import { type Sighting, untilVisible, type WaitOptions } from "./visible.ts";

const fqdn = parseFqdn("home.example.com");
const address = parseAddress("1.2.3.4");
const has = (...data: string[]): Lie => ({
  answers: data.map((text) => ({ name: "home.example.com", type: "A", data: text })),
});
const serversAt = (...servers: { host: string; port: number }[]): readonly NameServer[] =>
  servers.map(({ host, port }, index) => ({ name: `ns-${index}`, addresses: [{ host, port }] }));

const words = (answers: readonly ServerAnswer[]) => answers.map(describeAuthoritativeAnswer).join(", ");
const told = ({ isVisible, answers }: Sighting) =>
  `${isVisible ? "visible" : "not visible"}: ${words(answers)}`;

/** A clock on which only sleep takes time; what was slept, and a deadline that comes when that much was. */
function fakeTime(deadlineMs = 60_000) {
  const deadline = new AbortController();
  const slept: number[] = [];
  let nowMs = 5_000;
  const options = {
    signal: deadline.signal,
    nowMs: () => nowMs,
    async sleep(ms: number) {
      slept.push(ms);
      nowMs += ms;
      if (nowMs >= 5_000 + deadlineMs) deadline.abort();
    },
  } satisfies WaitOptions;
  return { options, slept, deadline };
}

/** Calls after so many turns of the event loop, each of which brings what has arrived at a socket. */
function afterSomeTurns(turns: number, call: () => void): void {
  setImmediate(turns === 0 ? call : () => afterSomeTurns(turns - 1, call));
}

/** Servers that say the first on the first question, the second on the second, and the last ever after. */
async function withServers(
  scripts: readonly (readonly Lie[])[],
  run: (servers: readonly NameServer[], liars: readonly DnsLiar[]) => Promise<void>,
): Promise<void> {
  const start = (lies: readonly Lie[]) => {
    const left = [...lies];
    return startDnsLiar({
      udp: (query, send) => send(respond(query, left.length > 1 ? left.shift() : left[0])),
    });
  };
  const liars = await Promise.all(scripts.map(start));
  try {
    await run(serversAt(...liars), liars);
  } finally {
    await Promise.all(liars.map((liar) => liar.close()));
  }
}

describe("untilVisible", (test) => {
  test("is there at once where all servers have the address, without a pause", async () => {
    const { options, slept } = fakeTime();
    await withServers([[has("1.2.3.4")], [has("1.2.3.4")]], async (servers) => {
      assert.is(told(await untilVisible({ fqdn, address, servers }, options)), "visible: 1.2.3.4, 1.2.3.4");
    });
    assert.equal(slept, []);
  });

  test("goes on until the last server has it and none but it, and tells of each round", async () => {
    const { options, slept } = fakeTime();
    const rounds: string[] = [];
    const onProgress = (sighting: Sighting) => rounds.push(`${sighting.elapsedMs} ${told(sighting)}`);
    const scripts = [
      [has("8.8.8.8"), has("1.2.3.4")],
      [has(), { rcode: 5 }, has("8.8.8.8", "1.2.3.4"), has("1.2.3.4")],
    ];
    await withServers(scripts, async (servers) => {
      const last = await untilVisible({ fqdn, address, servers }, { ...options, onProgress });
      assert.is(`${last.elapsedMs} ${told(last)}`, "4750 visible: 1.2.3.4, 1.2.3.4");
    });
    assert.equal(rounds, [
      "0 not visible: 8.8.8.8, no such record",
      "1000 not visible: 1.2.3.4, it answers REFUSED",
      "2500 not visible: 1.2.3.4, 1.2.3.4 and 8.8.8.8",
    ]);
    assert.equal(slept, [1000, 1500, 2250]);
  });

  test("is not there while two servers have it only in turn", async () => {
    const { options } = fakeTime(3_000);
    const scripts = [
      [has("1.2.3.4"), has(), has("1.2.3.4"), has()],
      [has(), has("1.2.3.4"), has(), has("1.2.3.4")],
    ];
    await withServers(scripts, async (servers) => {
      const { isVisible } = await untilVisible({ fqdn, address, servers }, options);
      assert.not.ok(isVisible);
    });
  });

  test("asks less and less often, but at least every five seconds, until the deadline", async () => {
    const { options, slept } = fakeTime(20_000);
    await withServers([[has("8.8.8.8")]], async (servers, [liar]) => {
      assert.is(told(await untilVisible({ fqdn, address, servers }, options)), "not visible: 8.8.8.8");
      assert.is(liar?.received.length, slept.length);
    });
    assert.equal(slept, [1000, 1500, 2250, 3375, 5000, 5000, 5000]);
  });

  test("tells what each server said last, where the deadline cuts one short", async () => {
    const deadline = new AbortController();
    const slow = await startDnsLiar({
      udp: (query, send) => {
        if (slow.received.length === 1) send(respond(query, has("8.8.8.8")));
      },
    });
    const quick = await startDnsLiar({
      udp: (query, send) => {
        const isSecond = quick.received.length === 2;
        send(respond(query, has(isSecond ? "1.2.3.4" : "9.9.9.9")));
        // Once the answer is where it goes.
        if (isSecond) afterSomeTurns(10, () => deadline.abort());
      },
    });
    const options = { signal: deadline.signal, sleep: async () => undefined };
    assert.is(
      told(await untilVisible({ fqdn, address, servers: serversAt(slow, quick) }, options)),
      "not visible: 8.8.8.8, 1.2.3.4",
    );
    await Promise.all([slow.close(), quick.close()]);
  });

  test("ends its pause at the signal", async () => {
    const deadline = new AbortController();
    await withServers([[has("8.8.8.8")]], async (servers) => {
      const onProgress = () => setImmediate(() => deadline.abort());
      const options = { signal: deadline.signal, pollMs: 600_000, onProgress };
      assert.is(told(await untilVisible({ fqdn, address, servers }, options)), "not visible: 8.8.8.8");
    });
  });

  test("sees nothing where there is nobody to ask", async () => {
    const { options, slept } = fakeTime();
    assert.is(told(await untilVisible({ fqdn, address, servers: [] }, options)), "not visible: ");
    assert.equal(slept, []);
  });

  test("sees a change of Route 53 once it is in sync", async () => {
    const store = createStore([{ name: "example.com", id: "Z1" }], 2_000);
    const { options, slept } = fakeTime();
    const ResourceRecordSet = { Name: "home.example.com", Type: "A" as const, TTL: 60 };
    const Change = { ...ResourceRecordSet, ResourceRecords: [{ Value: "1.2.3.4" }] };
    const changeBatch = { Changes: [{ Action: "UPSERT" as const, ResourceRecordSet: Change }] };
    submitChangeBatch(store, { id: "Z1", changeBatch, nowMs: options.nowMs() });
    const server = await startDnsServer({ store, visibility: "insync", now: options.nowMs });
    assert.is(
      told(await untilVisible({ fqdn, address, servers: serversAt(server) }, options)),
      "visible: 1.2.3.4",
    );
    assert.equal(slept, [1000, 1500]);
    await server.close();
  });
});
