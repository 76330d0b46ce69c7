import fc from "fast-check";
import { anyBatch } from "../scripts/bench/lambda/updates.ts";
import { assert, describe } from "../scripts/describe.ts";
import { coalesce, type RrsetUpdates } from "./coalesce.ts";
import { returnPoint } from "./respond.ts";

function winnersOf(rrsets: readonly RrsetUpdates[]): string[] {
  return rrsets
    .map(({ winner }) => `${winner.rrtype} ${winner.update.fqdn} ${winner.arrival.position}`)
    .toSorted();
}

/** What some updates say, each where it first stands: known by its uuid, where it was signed. */
const withoutReplays = (members: RrsetUpdates["members"]) =>
  members.filter(
    ({ isSigned, update }, index) =>
      !isSigned || members.findIndex((other) => other.update.uuid === update.uuid) === index,
  );

describe("a batch of any updates", (test) => {
  test("keeps every update of a name, in order", () => {
    fc.assert(
      fc.property(anyBatch, (updates) => {
        const rrsets = coalesce(updates);
        const positions = rrsets.flatMap(({ members }) => members.map(({ arrival }) => arrival.position));
        assert.equal(
          positions.toSorted((a, b) => a - b),
          updates.map(({ arrival }) => arrival.position),
        );
        for (const { members, overrulings } of rrsets) {
          assert.ok(overrulings.length <= 2 * members.length);
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
    const shuffled = anyBatch.chain((updates) =>
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
      fc.property(anyBatch, fc.nat(14), fc.nat(14), (updates, one, two) => {
        const [from, to] = [Math.min(one, two), Math.max(one, two)];
        const parts = [updates.slice(0, from), updates.slice(from, to), updates.slice(to)];
        const kept = parts.flatMap((part) =>
          coalesce(part).flatMap(({ members }) => withoutReplays(members)),
        );
        assert.equal(winnersOf(coalesce(kept)), winnersOf(coalesce(updates)));
        const known = coalesce([...(parts[2] ?? []), ...(parts[1] ?? [])]).flatMap(({ members }) => members);
        assert.equal(winnersOf(coalesce([...known, ...(parts[0] ?? [])])), winnersOf(coalesce(updates)));
      }),
      { numRuns: 1000 },
    );
  });

  test("changes nothing the second time", () => {
    fc.assert(
      fc.property(anyBatch, (updates) => {
        const once = coalesce(updates);
        assert.equal(winnersOf(coalesce(once.map(({ winner }) => winner))), winnersOf(once));
      }),
    );
  });

  test("has the same winners where only the end of it comes again", () => {
    const anyReturn = anyBatch
      .filter((updates) => updates.length > 0)
      .chain((updates) => fc.tuple(fc.constant(updates), fc.subarray(updates, { minLength: 1 })));
    fc.assert(
      fc.property(anyReturn, ([updates, left]) => {
        const rrsets = coalesce(updates);

        const { from } = returnPoint({
          start: updates[0]?.arrival,
          unapplied: left.toReversed().map(({ arrival }) => arrival),
          overrulings: rrsets.flatMap(({ overrulings }) => overrulings),
          isCutShort: false,
        });
        const again = winnersOf(coalesce(updates.slice(from?.position)));
        const before = new Set(winnersOf(rrsets));
        assert.equal(
          again.filter((winner) => !before.has(winner)),
          [],
        );
        assert.ok(left.every(({ arrival }) => arrival.position >= (from?.position ?? 0)));
      }),
      { numRuns: 5_000 },
    );
  });
});
