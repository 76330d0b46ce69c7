// How long a storm of changed addresses takes until every name is changed: npm run simulate -- --help
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { readArguments, refuse } from "../read-arguments.ts";
import { drawLogPlot, type Line } from "./plot.ts";
import { type StormOutcome, simulateStorm, ZONE_QUOTA } from "./storm.ts";

const command = "npm run simulate";
const { values } = readArguments({
  command,
  synopsis: "[-- [--seconds 60] [--most 1000000] [--batch-size 10000]]",
  help: `Tells how long a storm of changed addresses takes until every name is changed, and plots it to dist/simulate.svg.
  --seconds     within which the addresses change
  --most        how many devices in the largest storm
  --batch-size  how many records the function is given at once`,
  options: {
    seconds: { type: "string", default: "60" },
    most: { type: "string", default: "1000000" },
    "batch-size": { type: "string", default: "10000" },
  },
});
const [seconds, most, batchSize] = [values.seconds, values.most, values["batch-size"]].map(Number) as [
  number,
  number,
  number,
];
const isWithin = (value: number, greatest: number) => value >= 1 && value <= greatest;
if (!isWithin(seconds, 86_400) || !isWithin(most, 1_000_000) || !isWithin(batchSize, 10_000)) {
  refuse(
    command,
    "expected --seconds from 1 to 86400, --most from 1 to 1000000, --batch-size from 1 to 10000",
  );
}

const svgPath = fileURLToPath(new URL("../../dist/simulate.svg", import.meta.url));
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
const total = { calls: 0, throttled: 0, refused: 0 };

/** Runs a storm and adds its calls to the total. */
async function simulate(devices: number, zones: number, isNaive = false): Promise<StormOutcome> {
  const outcome = await simulateStorm({ devices, seconds, zones }, { isNaive, batchSize });
  total.calls += outcome.route53.calls;
  total.throttled += outcome.route53.throttled;
  total.refused += outcome.route53.refused;
  return outcome;
}

say(`Devices change their address within ${seconds} s; one invocation takes up to ${batchSize} records.`);
say("The name of the last one is changed after:");
say("   devices      one zone    calls   median   zones of 10,000    calls   a call for each record");
for (const devices of sizes) {
  const zones = Math.ceil(devices / ZONE_QUOTA);
  const inOne = await simulate(devices, 1);
  const inMany = zones === 1 ? inOne : await simulate(devices, zones);
  const plain = await simulate(devices, zones, true);
  oneZone.push([devices, inOne.allAppliedSeconds]);
  fullZones.push([devices, inMany.allAppliedSeconds]);
  naive.push([devices, plain.allAppliedSeconds]);
  const columns = [
    devices.toLocaleString("en").padStart(10),
    duration(inOne.allAppliedSeconds).padStart(13),
    String(inOne.route53.calls).padStart(8),
    duration(inOne.medianSeconds).padStart(8),
    duration(inMany.allAppliedSeconds).padStart(17),
    String(inMany.route53.calls).padStart(8),
    duration(plain.allAppliedSeconds).padStart(24),
  ];
  say(columns.join(" "));
}
const { calls, throttled, refused } = total;
say(
  `Of all ${calls.toLocaleString("en")} calls, Route 53 would have throttled ${throttled} and refused ${refused}.`,
);

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
await mkdir(fileURLToPath(new URL("../../dist", import.meta.url)), { recursive: true });
await writeFile(svgPath, svg);
say(`plotted to ${svgPath}`);
