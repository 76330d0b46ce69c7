// How long a storm of changed addresses takes until every name is changed.
//   npm run simulate [-- --seconds 60] [--most 1000000]
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { drawLogPlot, type Line } from "./simulate-plot.ts";
import { naiveSeconds, simulateStorm, ZONE_QUOTA } from "./simulate-storm.ts";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "60" }, most: { type: "string", default: "1000000" } },
});
const [seconds, most] = [values.seconds, values.most].map(Number) as [number, number];
if (!(seconds >= 1) || !(most >= 1) || most > 1_000_000) {
  process.stderr.write("simulate: expected --seconds of at least 1 and --most from 1 to 1000000\n");
  process.exit(64);
}

const svgPath = fileURLToPath(new URL("../dist/simulate.svg", import.meta.url));
const say = (line: string) => process.stdout.write(`${line}\n`);

function duration(value: number): string {
  if (value < 120) return `${value.toFixed(1)} s`;
  if (value < 7_200) return `${(value / 60).toFixed(1)} min`;
  return `${(value / 3_600).toFixed(1)} h`;
}

const sizes = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000].filter((devices) => devices <= most);
const oneZone: [number, number][] = [];
const fullZones: [number, number][] = [];
const naive: [number, number][] = [];

say(`Devices change their address within ${seconds} s. The name of the last one is changed after:`);
say("   devices      one zone    calls   median   zones of 10,000    calls   a call for each record");
for (const devices of sizes) {
  const inOne = await simulateStorm({ devices, seconds, zones: 1 });
  const zones = Math.ceil(devices / ZONE_QUOTA);
  const inMany = zones === 1 ? inOne : await simulateStorm({ devices, seconds, zones });
  const plain = naiveSeconds({ devices, seconds, zones });
  oneZone.push([devices, inOne.allAppliedSeconds]);
  fullZones.push([devices, inMany.allAppliedSeconds]);
  naive.push([devices, plain]);
  const columns = [
    devices.toLocaleString("en").padStart(10),
    duration(inOne.allAppliedSeconds).padStart(13),
    String(inOne.route53Calls).padStart(8),
    duration(inOne.medianSeconds).padStart(8),
    duration(inMany.allAppliedSeconds).padStart(17),
    String(inMany.route53Calls).padStart(8),
    duration(plain).padStart(24),
  ];
  say(columns.join(" "));
}

const lines: Line[] = [
  { name: "one call for each record", color: "#c0392b", points: naive },
  { name: "update-route53, zones of 10,000 names", color: "#e69f00", points: fullZones },
  { name: "update-route53, one zone", color: "#0072b2", points: oneZone },
];
const svg = drawLogPlot(lines, {
  title: `Time until all names are changed, addresses changed within ${seconds} s`,
  xTitle: "devices",
  xDecades: [0, Math.max(1, Math.log10(sizes.at(-1) ?? 1))],
  yMarks: [
    [0.1, "0.1 s"],
    [1, "1 s"],
    [10, "10 s"],
    [60, "1 min"],
    [600, "10 min"],
    [3_600, "1 h"],
    [36_000, "10 h"],
    [360_000, "100 h"],
  ],
});
await mkdir(fileURLToPath(new URL("../dist", import.meta.url)), { recursive: true });
await writeFile(svgPath, svg);
say(`plotted to ${svgPath}`);
