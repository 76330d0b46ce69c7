import fc from "fast-check";
import { assert, describe } from "../scripts/describe.ts";
import type { AuthorizedUpdate } from "./authorize.ts";
import { coalesce, overrulingsIn, type RrsetUpdates } from "./coalesce.ts";
import { parseAddress } from "./contract/address.ts";
import { parseFqdn } from "./contract/fqdn.ts";

interface Asked {
  readonly position: number;
  readonly device?: string;
  /** The second in which it was issued. */
  readonly issued?: number;
  readonly name?: string;
  readonly family?: "ipv4" | "ipv6";
}

/** An update as `authorize` gives it; devices whose names begin with k have a key. */
function authorized({ position, device, issued, name = "a", family = "ipv4" }: Asked): AuthorizedUpdate {
  const update = {
    fqdn: parseFqdn(`${name}.example.com`),
    address: parseAddress(family === "ipv4" ? `81.2.3.${position % 250}` : `2600::${position}`),
    uuid: `00000000-0000-4000-8000-${String(position).padStart(12, "0")}`,
    ...(device !== undefined && { device }),
    ...(issued !== undefined && { issuedAt: new Date(issued * 1000).toISOString() }),
  };
  return {
    update,
    arrival: { position, sequenceNumber: String(position), arrivedAtMs: 0 },
    zone: { apex: parseFqdn("example.com"), id: "Z1" },
    rrtype: family === "ipv4" ? "A" : "AAAA",
    ttlSeconds: 60,
    isSigned: device?.startsWith("k") ?? false,
  };
}

function winnersOf(rrsets: readonly RrsetUpdates[]): string[] {
  return rrsets
    .map(({ winner }) => `${winner.rrtype} ${winner.update.fqdn} ${winner.arrival.position}`)
    .toSorted();
}

const winnerAmong = (...asked: Asked[]) =>
  coalesce(asked.map(authorized)).map(({ winner }) => winner.arrival.position);

const batch = fc
  .array(
    fc.record({
      device: fc.constantFrom(undefined, "plain", "k1", "k2"),
      issued: fc.nat(5),
      name: fc.constantFrom("a", "b", "*"),
      family: fc.constantFrom("ipv4" as const, "ipv6" as const),
    }),
    { maxLength: 12 },
  )
  .map((all) =>
    all.map(({ device, ...asked }, position) =>
      authorized({ ...asked, position, ...(device && { device }) }),
    ),
  );

describe("coalesce", (test) => {
  test("lets the last update of a name win", () => {
    assert.equal(winnerAmong({ position: 1 }, { position: 2 }, { position: 3 }), [3]);
  });

  test("goes by the order of the shard, not by that of its argument", () => {
    assert.equal(winnerAmong({ position: 10 }, { position: 9 }), [10]);
  });

  test("keeps names and types apart", () => {
    assert.equal(
      winnerAmong({ position: 1 }, { position: 2, family: "ipv6" }, { position: 3, name: "*" }),
      [1, 2, 3],
    );
  });

  test("lets no update win over a later one that the same device signed", () => {
    assert.equal(
      winnerAmong({ position: 1, device: "k1", issued: 5 }, { position: 2, device: "k1", issued: 4 }),
      [1],
    );
  });

  test("lets the later of two updates win that were issued in the same instant", () => {
    assert.equal(
      winnerAmong({ position: 1, device: "k1", issued: 5 }, { position: 2, device: "k1", issued: 5 }),
      [2],
    );
  });

  test("compares no clocks of different devices", () => {
    assert.equal(
      winnerAmong({ position: 1, device: "k1", issued: 5 }, { position: 2, device: "k2", issued: 4 }),
      [2],
    );
  });

  test("trusts no time that nobody signed", () => {
    assert.equal(
      winnerAmong({ position: 1, device: "plain", issued: 5 }, { position: 2, device: "plain", issued: 4 }),
      [2],
    );
    assert.equal(winnerAmong({ position: 1, issued: 5 }, { position: 2, issued: 4 }), [2]);
  });

  test("lets no replayed update return when another device came between", () => {
    const asked = [
      { position: 1, device: "k1", issued: 5 },
      { position: 2, device: "k2", issued: 9 },
      { position: 3, device: "k1", issued: 3 },
    ];
    assert.equal(winnerAmong(...asked), [2]);
  });

  test("keeps every update of a name, in order", () => {
    fc.assert(
      fc.property(batch, (updates) => {
        const rrsets = coalesce(updates);
        const positions = rrsets.flatMap(({ members }) => members.map(({ arrival }) => arrival.position));
        assert.equal(
          positions.toSorted((a, b) => a - b),
          updates.map(({ arrival }) => arrival.position),
        );
        for (const { members } of rrsets) {
          const own = members.map(({ arrival }) => arrival.position);
          assert.equal(
            own,
            own.toSorted((a, b) => a - b),
          );
        }
      }),
    );
  });

  test("gives the same however the updates are shuffled or repeated", () => {
    const shuffled = batch.chain((updates) =>
      fc.tuple(
        fc.constant(updates),
        fc.shuffledSubarray([...updates, ...updates], { minLength: updates.length * 2 }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([updates, again]) =>
        assert.equal(winnersOf(coalesce(again)), winnersOf(coalesce(updates))),
      ),
    );
  });

  test("gives the same whether a batch is folded at once or in parts", () => {
    fc.assert(
      fc.property(batch, fc.nat(12), fc.nat(12), (updates, one, two) => {
        const [from, to] = [Math.min(one, two), Math.max(one, two)];
        const parts = [updates.slice(0, from), updates.slice(from, to), updates.slice(to)];
        const contenders = parts.flatMap((part) => coalesce(part).flatMap((rrset) => rrset.contenders));
        assert.equal(winnersOf(coalesce(contenders)), winnersOf(coalesce(updates)));
      }),
      { numRuns: 1000 },
    );
  });

  test("tells what overruled a later update, and nothing else", () => {
    const asked = [
      { position: 1, device: "k1", issued: 5 },
      { position: 2, device: "k2", issued: 9 },
      { position: 3, device: "k1", issued: 3 },
      { position: 4, device: "k2", issued: 9 },
      { position: 5, device: "plain", issued: 7 },
      { position: 6, device: "plain", issued: 6 },
    ];
    const overrulings = coalesce(asked.map(authorized)).flatMap(overrulingsIn);
    assert.equal(
      overrulings.map(({ winner, overruled }) => [winner.position, overruled.position]),
      [[1, 3]],
    );
  });

  test("changes nothing the second time", () => {
    fc.assert(
      fc.property(batch, (updates) => {
        const once = coalesce(updates);
        assert.equal(winnersOf(coalesce(once.map(({ winner }) => winner))), winnersOf(once));
      }),
    );
  });
});
