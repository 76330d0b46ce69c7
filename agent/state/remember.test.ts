import { parseAddress } from "../../lambda/contract/address.ts";
import { parseFqdn } from "../../lambda/contract/fqdn.ts";
import { assert, describe } from "../../scripts/describe.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import type { Publication } from "../publish/stream-record.ts";
import { announce, type Published, remember } from "./remember.ts";
import { emptyState, type State, stateKey } from "./state.ts";

const NOW = 1_000_000;
const fqdn = parseFqdn("home.example.com");
const key = stateKey(fqdn, "ipv4");
const options = { nowMs: NOW, refreshMs: 10_000, random: 0, isGiven: false };

const publication = (ip: string, ttlSeconds?: number): Publication => ({
  fqdn,
  address: parseAddress(ip),
  ttlSeconds,
  uuid: "u",
});

function accepted(ip: string, ttlSeconds?: number): Published {
  const { family } = parseAddress(ip);
  const about = { fqdn, family, ip, uuid: "u", sequenceNumber: "1", shardId: "s" };
  return { publication: publication(ip, ttlSeconds), outcome: { ...about, outcome: "published" } };
}

function failed(ip: string, code: ExitCode): Published {
  const { family } = parseAddress(ip);
  const about = { fqdn, family, ip, uuid: "u", reason: "", exitCode: code };
  return { publication: publication(ip), outcome: { ...about, outcome: "failed" } };
}

const before: State = {
  published: new Map([[key, { ip: "1.1.1.1", publishedAtMs: 1, refreshAtMs: 2 }]]),
  pending: new Map([[key, { ip: "2.2.2.2", sinceMs: 3 }]]),
};

/** What is remembered of the name. */
const after = (state: State, result: Published, more: Partial<typeof options> = {}) => {
  const { published, pending } = remember(state, [result], { ...options, ...more });
  return { published: published.get(key), pending: pending.get(key) };
};

describe("remember", (test) => {
  test("has what was accepted as published, and nothing as pending", () => {
    const published = { ip: "3.3.3.3", publishedAtMs: NOW, refreshAtMs: NOW + 10_000 };
    assert.equal(after(before, accepted("3.3.3.3")), { published, pending: undefined });
  });

  test("has the TTL that was asked for", () => {
    assert.is(after(before, accepted("3.3.3.3", 60)).published?.ttlSeconds, 60);
  });

  test("spreads the refreshes over the last tenth of their time", () => {
    assert.is(after(before, accepted("3.3.3.3"), { random: 1 }).published?.refreshAtMs, NOW + 9_000);
    assert.is(after(before, accepted("3.3.3.3"), { random: 0.5 }).published?.refreshAtMs, NOW + 9_500);
  });

  test("has what may work later as pending, beside what was published", () => {
    const published = before.published.get(key);
    assert.equal(after(before, failed("3.3.3.3", exitCode.tryAgain)), {
      published,
      pending: { ip: "3.3.3.3", sinceMs: NOW },
    });
  });

  test("has the same as pending since it was first tried", () => {
    assert.equal(after(before, failed("2.2.2.2", exitCode.tryAgain)).pending, { ip: "2.2.2.2", sinceMs: 3 });
  });

  test("has it as given once a person gave it, whoever tries again", () => {
    const pending = { ip: "2.2.2.2", sinceMs: 3, isGiven: true } as const;
    const given = after(before, failed("2.2.2.2", exitCode.tryAgain), { isGiven: true });
    assert.equal(given.pending, pending);
    const state = { ...before, pending: new Map([[key, pending]]) };
    assert.equal(after(state, failed("2.2.2.2", exitCode.tryAgain)).pending, pending);
  });

  test("forgets what AWS refuses, and what may have been overwritten by an attempt before", () => {
    const nothing = { published: undefined, pending: undefined };
    assert.equal(after(before, failed("2.2.2.2", exitCode.noPermission)), nothing);
  });

  test("keeps what was published where AWS refuses the only attempt", () => {
    const state = { ...before, pending: new Map() };
    const expected = { published: before.published.get(key), pending: undefined };
    assert.equal(after(state, failed("1.1.1.1", exitCode.configuration)), expected);
  });

  test("changes nothing of other names and families", () => {
    const { published, pending } = remember(before, [accepted("2600::1")], options);
    assert.equal(
      [published.get(key), pending.get(key)],
      [before.published.get(key), before.pending.get(key)],
    );
    assert.is(published.get(stateKey(fqdn, "ipv6"))?.ip, "2600::1");
  });
});

describe("announce", (test) => {
  const settled = { ...before, pending: new Map() };

  test("has as pending what is about to move a name", () => {
    const { published, pending } = announce(settled, [publication("3.3.3.3")], { ...options, isGiven: true });
    assert.equal(pending.get(key), { ip: "3.3.3.3", sinceMs: NOW, isGiven: true });
    assert.is(published, settled.published);
  });

  test("is the same state where no name moves, so that nothing is written", () => {
    assert.is(announce(settled, [publication("1.1.1.1")], options), settled);
    assert.is(announce(emptyState, [publication("1.1.1.1")], options), emptyState);
    assert.is(announce(before, [publication("2.2.2.2")], options), before);
  });

  test("puts a newer address in the place of what is pending", () => {
    const { pending } = announce(before, [publication("3.3.3.3")], options);
    assert.equal(pending.get(key), { ip: "3.3.3.3", sinceMs: NOW });
  });
});
