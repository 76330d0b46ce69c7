import { assert, describe } from "../describe.ts";
import { drawLogPlot } from "./plot.ts";

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
