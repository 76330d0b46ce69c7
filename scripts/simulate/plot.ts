/** A line of the plot: points from left to right, both axes logarithmic. */
export interface Line {
  readonly name: string;
  readonly color: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Axes {
  readonly title: string;
  readonly xTitle: string;
  /** Powers of ten: the first and the last. */
  readonly xDecades: readonly [number, number];
  /** Marks on the vertical axis. */
  readonly yMarks: readonly (readonly [y: number, text: string])[];
}

const WIDTH = 870;
const HEIGHT = 520;
const LEFT = 90;
const RIGHT = 40;
const TOP = 60;
const BOTTOM = 60;

/** Draws lines over logarithmic axes as an SVG document. */
export function drawLogPlot(lines: readonly Line[], { title, xTitle, xDecades, yMarks }: Axes): string {
  const [firstDecade, lastDecade] = xDecades;
  const heights = yMarks.map(([y]) => Math.log10(y));
  const [lowest, highest] = [Math.min(...heights), Math.max(...heights)];
  const across = (value: number) =>
    LEFT + ((Math.log10(value) - firstDecade) / (lastDecade - firstDecade)) * (WIDTH - LEFT - RIGHT);
  const up = (value: number) =>
    HEIGHT - BOTTOM - ((Math.log10(value) - lowest) / (highest - lowest)) * (HEIGHT - TOP - BOTTOM);
  const text = (x: number, y: number, content: string, more = "") =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}"${more}>${content}</text>`;
  const rule = (x1: number, y1: number, x2: number, y2: number) =>
    `<path d="M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}" stroke="#ddd"/>`;
  const decades = Array.from(
    { length: lastDecade - firstDecade + 1 },
    (_, index) => 10 ** (firstDecade + index),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(LEFT, 24, title, ' font-size="16" font-weight="bold"'),
    ...decades.flatMap((value) => [
      rule(across(value), TOP, across(value), HEIGHT - BOTTOM),
      text(across(value), HEIGHT - BOTTOM + 20, value.toLocaleString("en"), ' text-anchor="middle"'),
    ]),
    ...yMarks.flatMap(([value, label]) => [
      rule(LEFT, up(value), WIDTH - RIGHT, up(value)),
      text(LEFT - 8, up(value) + 4, label, ' text-anchor="end"'),
    ]),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, xTitle, ' text-anchor="middle"'),
    ...lines.flatMap(({ name, color, points }, index) => [
      `<polyline fill="none" stroke="${color}" stroke-width="2.5" points="${points
        .map(([x, y]) => `${across(x).toFixed(1)},${up(y).toFixed(1)}`)
        .join(" ")}"/>`,
      ...points.map(
        ([x, y]) => `<circle cx="${across(x).toFixed(1)}" cy="${up(y).toFixed(1)}" r="3.5" fill="${color}"/>`,
      ),
      `<rect x="${LEFT + 16}" y="${TOP + 17 + index * 20}" width="18" height="4" fill="${color}"/>`,
      text(LEFT + 42, TOP + 23 + index * 20, name),
    ]),
    "</svg>",
    "",
  ].join("\n");
}
