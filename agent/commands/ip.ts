import { loadSettings } from "../config/load-settings.ts";
import type { Context } from "../context.ts";
import { type Answer, type Detection, detectThoroughly } from "../detect/detect.ts";
import { createSources } from "../detect/sources.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";

/** Prints what each source says of each family in scope, and the verdict. */
export async function ip({ given, environment, print }: Context): Promise<ExitCode> {
  const { settings } = loadSettings(given, environment);
  const sources = createSources(settings);
  const { signal } = new AbortController();
  const detections = await Promise.all(
    (settings.families ?? []).map((family) => detectThoroughly(family, sources, signal)),
  );
  for (const detection of detections) {
    if (given.switches.has("json")) print(JSON.stringify(detection));
    else for (const line of formatDetection(detection)) print(line);
  }
  return detections.some(({ state }) => state === "known") ? exitCode.ok : exitCode.noAddress;
}

function formatDetection(detection: Detection): readonly string[] {
  if (detection.state === "absent") return [];
  const { family, findings } = detection;
  const rows = findings.flatMap((finding) => [
    ...finding.answers.map((answer) => [family, answer.from, formatAnswer(answer)]),
    ...(finding.answers.length === 0 ? [[family, finding.from, formatAnswer(finding)]] : []),
  ]);
  const verdict = detection.state === "known" ? detection.address.text : `unavailable, ${detection.reason}`;
  return [...formatColumns(rows), `${family}: ${verdict}`];
}

function formatAnswer(answer: Answer): string {
  return answer.state === "known" ? answer.address.text : answer.reason;
}

function formatColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
