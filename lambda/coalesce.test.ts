import fc from "fast-check";
import { authorizedUpdate, type Place, type Statement } from "../scripts/bench/lambda/updates.ts";
import { assert, describe } from "../scripts/describe.ts";
import { coalesce } from "./coalesce.ts";

type Asked = Statement & Place;

const winnerAmong = (...asked: Asked[]) =>
  coalesce(asked.map(authorizedUpdate)).map(({ winner }) => winner.arrival.position);

const overrulingsAmong = (...asked: Asked[]) =>
  coalesce(asked.map(authorizedUpdate))
    .flatMap(({ overrulings }) => overrulings)
    .map(({ winner, overruled }) => [winner.position, overruled.position]);

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

  test("goes by the time of issue among what one device signed, and by place in the same instant", () => {
    const first = { position: 1, device: "k1", issued: 5 };
    assert.equal(winnerAmong(first, { position: 2, device: "k1", issued: 4 }), [1]);
    assert.equal(winnerAmong(first, { position: 2, device: "k1", issued: 5 }), [2]);
  });

  test("takes a signed update for the first time only, whatever came between", () => {
    const moved = { number: 7, device: "k1", issued: 5 };
    const other = { position: 2, device: "k2", issued: 1 };
    assert.equal(winnerAmong({ ...moved, position: 1 }, other, { ...moved, position: 3 }), [2]);
    assert.equal(winnerAmong({ ...moved, position: 3 }, other, { ...moved, position: 1 }), [2]);
    assert.equal(winnerAmong({ ...moved, position: 1 }, { ...moved, position: 3 }), [1]);
  });

  test("takes what nobody signed each time for what it is", () => {
    const moved = { number: 7, device: "plain", issued: 5 };
    const other = { position: 2, device: "plain", issued: 6 };
    assert.equal(winnerAmong({ ...moved, position: 1 }, other, { ...moved, position: 3 }), [3]);
  });

  test("lets an update win over one before it, issued by the same clock while it was ahead", () => {
    const ahead = { position: 1, device: "k1", issued: 300, arrived: 10 };
    assert.equal(winnerAmong(ahead, { position: 2, device: "k1", issued: 20, arrived: 20 }), [2]);
    assert.equal(winnerAmong(ahead, { position: 2, device: "k1", issued: 10, arrived: 20 }), [2]);
    assert.equal(winnerAmong(ahead, { position: 2, device: "k1", issued: 9, arrived: 20 }), [1]);
  });

  test("goes by the first arrival of what was issued by a clock that was ahead", () => {
    const ahead = { number: 7, device: "k1", issued: 300 };
    const corrected = { position: 2, device: "k1", issued: 20, arrived: 20 };
    assert.equal(
      winnerAmong({ ...ahead, position: 1, arrived: 10 }, corrected, { ...ahead, position: 3, arrived: 30 }),
      [2],
    );
  });

  test("lets no replay win over what was issued and sent after it, however wrong the clock", () => {
    const times = fc
      .array(fc.nat(9), { minLength: 1, maxLength: 6 })
      .map((all) => all.toSorted((a, b) => a - b));
    const replays = fc.array(fc.record({ of: fc.nat(5), arrived: fc.nat(9) }), { maxLength: 4 });
    fc.assert(
      fc.property(times, fc.integer({ min: -20, max: 20 }), replays, (seconds, aheadBy, again) => {
        const said = seconds.map((at, number) => ({ number, device: "k1", issued: at + 20 + aheadBy }));
        const sent = said.map((one, index) => ({ ...one, arrived: (seconds[index] ?? 0) + 20 }));
        const replayed = again.map(({ of, arrived }) => ({
          ...said[of % said.length],
          arrived: arrived + 29,
        }));
        const [first, ...all] = [...sent, ...replayed].map((one, position) => ({ ...one, position }));
        assert.equal(winnerAmong(...(first ? [first, ...all] : [])), [sent.length - 1]);
      }),
    );
  });

  test("lets a replay win only where a clock was ahead by more than the two are apart", () => {
    // The first arrival of the older one, issued 5 s before the newer one, was in an earlier batch.
    const replayWins = (aheadBy: number) => {
      const older = { position: 2, device: "k1", issued: 10 + aheadBy, arrived: 40 };
      const newer = { position: 1, device: "k1", issued: 15 + aheadBy, arrived: 15 };
      return winnerAmong(newer, older)[0] === 2;
    };
    assert.equal([0, 4, 5, 30].map(replayWins), [false, false, true, true]);
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

  test("tells what overruled a later update, and nothing else", () => {
    const overrulings = overrulingsAmong(
      { position: 1, device: "k1", issued: 5 },
      { position: 2, device: "k2", issued: 9 },
      { position: 3, device: "k1", issued: 3 },
      { position: 4, device: "k2", issued: 9 },
      { position: 5, device: "plain", issued: 7 },
      { position: 6, device: "plain", issued: 6 },
    );
    assert.equal(overrulings, [[1, 3]]);
  });

  test("tells of every replay where it first stood, and what its device issued later", () => {
    const old = { number: 0, device: "k1", issued: 1 };
    const latest = { number: 1, device: "k1", issued: 2 };
    const overrulings = overrulingsAmong(
      { ...old, position: 0 },
      { ...old, position: 1 },
      { ...latest, position: 2 },
      { ...old, position: 3 },
      { ...latest, position: 4 },
    );
    assert.equal(overrulings, [
      [0, 1],
      [0, 3],
      [2, 3],
      [2, 4],
    ]);
  });
});
