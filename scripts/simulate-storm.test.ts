import { assert, describe } from "./describe.ts";
import { drawLogPlot } from "./simulate-plot.ts";
import { naiveSeconds, simulateStorm } from "./simulate-storm.ts";

describe("simulateStorm", (test) => {
  test("takes one call for one device, as soon as it is polled", async () => {
    const outcome = await simulateStorm({ devices: 1, seconds: 60, zones: 1 });
    assert.equal([outcome.route53Calls, outcome.invocations], [1, 1]);
    assert.ok(outcome.allAppliedSeconds < 0.2);
  });

  test("coalesces what comes in a second into one call a zone", async () => {
    const one = await simulateStorm({ devices: 2_000, seconds: 10, zones: 1 });
    // Polled at 0 s and then every second: eleven invocations.
    assert.equal([one.invocations, one.route53Calls], [11, 11]);
    const two = await simulateStorm({ devices: 2_000, seconds: 10, zones: 2 });
    assert.equal([two.invocations, two.route53Calls], [11, 21]);
  });

  test("waits for the shard, which takes a thousand records a second", async () => {
    const { allAppliedSeconds, route53Calls } = await simulateStorm({ devices: 5_000, seconds: 1, zones: 1 });
    assert.ok(allAppliedSeconds > 5 && allAppliedSeconds < 7, `${allAppliedSeconds} s`);
    assert.ok(route53Calls >= 10 && route53Calls <= 16, `${route53Calls} calls`);
  });

  test("needs, without coalescing, a fifth of a second for each device", () => {
    assert.is(naiveSeconds({ devices: 10_000, seconds: 60, zones: 1 }), 2_000);
    assert.is(naiveSeconds({ devices: 1, seconds: 60, zones: 1 }), 0.2);
  });
});

describe("drawLogPlot", (test) => {
  test("puts every point where its logarithms say", () => {
    const line = {
      name: "line",
      color: "#000",
      points: [[1, 1] as const, [10, 10] as const, [100, 100] as const],
    };
    const yMarks = [[1, "one"] as const, [100, "hundred"] as const];
    const svg = drawLogPlot([line], { title: "t", xTitle: "x", xDecades: [0, 2], yMarks });
    // The plot spans 90 to 830 across, and 460 to 60 up.
    assert.match(svg, /points="90\.0,460\.0 460\.0,260\.0 830\.0,60\.0"/);
    assert.match(svg, /^<svg [^>]*>\n[\s\S]*<\/svg>\n$/);
  });
});
