import { loadAuthorities } from "../config/authorities.ts";
import { loadSettings } from "../config/load-settings.ts";
import type { Context } from "../context.ts";
import type { Answer, Detection } from "../detect/detect.ts";
import { detectAll } from "../detect/sources.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { trustAuthorities } from "../trust-authorities.ts";
import { formatColumns } from "../verify/columns.ts";

/** Prints what each source says of each family in scope, and the verdict. */
export async function ip({ given, environment, print }: Context): Promise<ExitCode> {
  const { settings } = loadSettings(given, environment);
  trustAuthorities(loadAuthorities(settings.ca_file));
  const { signal } = new AbortController();
  const untilClockValid = async () => true;
  const trigger = { kind: "asked" } as const;
  const detections = await detectAll({ settings, trigger, signal, isThorough: true, untilClockValid });
  for (const detection of detections) {
    if (given.switches.has("json")) print(JSON.stringify(detection));
    else for (const line of formatDetection(detection)) print(line);
  }
  return detections.some(({ state }) => state === "known") ? exitCode.ok : exitCode.noAddress;
}

function formatDetection(detection: Detection): readonly string[] {
  if (detection.state === "absent") return [];
  const { family, findings } = detection;
  const rows = findings.flatMap(({ from, answers, ...finding }) => [
    ...answers.map((answer) => [family, from, answer.from, formatAnswer(answer)]),
    ...(answers.length === 0 ? [[family, from, "", formatAnswer({ from, ...finding } as Answer)]] : []),
  ]);
  const verdict = detection.state === "known" ? detection.address.text : `unavailable, ${detection.reason}`;
  return [...formatColumns(rows), `${family}: ${verdict}`];
}

function formatAnswer(answer: Answer): string {
  return answer.state === "known" ? answer.address.text : answer.reason;
}
