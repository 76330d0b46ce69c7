import { getServers } from "node:dns";
import { hostname, userInfo } from "node:os";
import { buildTimeMs } from "../build-info.ts";
import type { Context } from "../context.ts";
import { type Check, deviceChecks } from "../doctor/check-device.ts";
import { networkChecks } from "../doctor/check-network.ts";
import { streamChecks } from "../doctor/check-stream.ts";
import {
  type Diagnosis,
  doctorExitCode,
  encodeDiagnosis,
  formatDiagnosis,
  problem,
  unknown,
} from "../doctor/diagnosis.ts";
import { lookAtAuthorities } from "../doctor/look-at-authorities.ts";
import { type Configuration, lookAtConfiguration } from "../doctor/look-at-files.ts";
import { createReportRedactor, redactDiagnosis } from "../doctor/redaction.ts";
import { type ExitCode, ExpectedFailure, exitCode } from "../exit-code.ts";
import { loadState } from "../state/state-file.ts";

const DEADLINE_SECONDS = 60;
/** For the checks to say what they found, after they stopped looking. */
const LONGEST_GRACE_MS = 1_000;

/**
 * Looks at everything that an update depends on, and says in a line each what it found and what to do. Each check
 * is made whatever the others find. Publishes nothing, and leaves state and lock as they are.
 */
export async function doctor(context: Context): Promise<ExitCode> {
  const { given, environment, print, log } = context;
  const isRedacted = given.switches.has("redact");
  const configuration = readConfiguration(context, isRedacted);
  const deadlineMs = (configuration.settings.deadline_seconds ?? DEADLINE_SECONDS) * 1000;
  const graceMs = Math.min(LONGEST_GRACE_MS, deadlineMs / 5);
  const checks = createChecks(configuration, AbortSignal.timeout(deadlineMs - graceMs));
  const deadline = AbortSignal.timeout(deadlineMs);
  const startedAt = performance.now();
  const elapsed: string[] = [];
  const running = checks.map(async (check) => {
    const found = await runCheck(check, deadline);
    elapsed.push(`${check.name}: through after ${Math.round(performance.now() - startedAt)} ms`);
    return found;
  });
  const format = given.switches.has("json") ? encodeDiagnosis : formatDiagnosis;
  const tell = (diagnosis: Diagnosis) => print(format(diagnosis));
  const all = await collect(running, isRedacted ? () => {} : tell);
  // What is to be hidden in one line, another may tell.
  const redact = isRedacted
    ? createReportRedactor(ownerOf(configuration, environment), all)
    : (text: string) => text;
  for (const line of elapsed) log.debug(redact(line));
  if (isRedacted) for (const diagnosis of all) tell(redactDiagnosis(diagnosis, redact));
  return doctorExitCode(all);
}

/** All that is found; each is told in its turn as soon as it is known, since a silent network takes a minute. */
async function collect(
  running: readonly Promise<readonly Diagnosis[]>[],
  tell: (diagnosis: Diagnosis) => void,
): Promise<readonly Diagnosis[]> {
  const all: Diagnosis[] = [];
  for (const each of running) {
    const found = await each;
    found.forEach(tell);
    all.push(...found);
  }
  return all;
}

/** @throws {ExpectedFailure} 64 or 65, its message redacted where the rest would be */
function readConfiguration({ given, environment }: Context, isRedacted: boolean): Configuration {
  try {
    return lookAtConfiguration(given, environment);
  } catch (error) {
    if (!isRedacted || !(error instanceof ExpectedFailure)) throw error;
    const nothing = { settings: {}, path: undefined, failure: undefined, domainCount: 0 };
    const redact = createReportRedactor(ownerOf(nothing, environment), []);
    throw new ExpectedFailure(error.exitCode, redact(error.message));
  }
}

function createChecks(configuration: Configuration, signal: AbortSignal): readonly Check[] {
  const { settings } = configuration;
  // Before anything is asked of the network.
  const authorities = lookAtAuthorities(settings);
  const { state } = loadState(settings.state_directory ?? "", `${settings.stream}@${settings.region ?? ""}`);
  const world = { signal, resolvers: getServers(), now: Date.now, earliestMs: buildTimeMs };
  return [
    ...deviceChecks(configuration, authorities),
    ...streamChecks(configuration, world),
    ...networkChecks({ settings, state, signal }),
  ];
}

/** What a check finds; a line about the check itself where it fails, or is not through at the deadline. */
async function runCheck({ name, run }: Check, deadline: AbortSignal): Promise<readonly Diagnosis[]> {
  const { promise: late, resolve } = Promise.withResolvers<readonly Diagnosis[]>();
  const fix = "try again with a longer --deadline";
  const end = () => resolve([unknown({ check: name, found: "could not confirm: no answer in time", fix })]);
  deadline.addEventListener("abort", end, { once: true });
  const found = run().catch((error: unknown) => [failedCheck(name, error)]);
  return Promise.race([found, late]).finally(() => deadline.removeEventListener("abort", end));
}

function failedCheck(check: string, error: unknown): Diagnosis {
  if (error instanceof ExpectedFailure) {
    return problem(error.exitCode, { check, found: error.message, fix: "mend that first" });
  }
  const found = `this check failed: ${error instanceof Error ? error.message : String(error)}`;
  return problem(exitCode.bug, { check, found, fix: "please report it, it is a bug in this program" });
}

function ownerOf({ settings, path }: Configuration, environment: NodeJS.ProcessEnv) {
  return { settings, configPath: path, environment, hostName: hostname(), userName: userName() };
}

/** In a container, a user may have a number and no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "";
  }
}
