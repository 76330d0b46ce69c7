import { randomUUID } from "node:crypto";
import { type Credentials, loadCredentials } from "../config/credentials.ts";
import { loadSettings } from "../config/load-settings.ts";
import type { SettingValues } from "../config/settings.ts";
import type { Context } from "../context.ts";
import { type Detection, detect } from "../detect/detect.ts";
import { detectionsOfGiven } from "../detect/given-address.ts";
import { createSources } from "../detect/sources.ts";
import { type ExitCode, ExpectedFailure, exitCode, heaviestExitCode } from "../exit-code.ts";
import { describeOutcome, encodeOutcome, type Outcome, outcomeExitCode } from "../outcome.ts";
import { plan } from "../publish/plan.ts";
import { createStreamRecord, formatStreamRecord, type Publication } from "../publish/stream-record.ts";

/** Learns the address, puts one record per name and family on the stream, and says what became of each. */
export async function update(context: Context): Promise<ExitCode> {
  const { given, log, print } = context;
  const { settings, domains, credentials } = loadUpdateSettings(context);
  const detections = await detectAll(settings, given.texts.ip);
  for (const detection of detections) log.debug(`detected: ${JSON.stringify(detection)}`);
  const steps = plan(domains, detections);
  const publications = steps
    .filter((step) => step.action === "publish")
    .map(({ fqdn, address }) => ({ fqdn, address, uuid: randomUUID() }));
  const isDryRun = given.switches.has("dry-run");
  if (isDryRun) {
    for (const publication of publications)
      print(formatStreamRecord(createStreamRecord(publication, settings)));
  }
  const published = isDryRun ? [] : await publishAll(publications, settings, credentials);
  const unpublished = steps.filter((step) => step.action === "none").map(({ outcome }) => outcome);
  return reportOutcomes([...published, ...unpublished], context);
}

function loadUpdateSettings({ given, environment, log }: Context) {
  const { settings, configPath } = loadSettings(given, environment);
  log.debug(configPath ? `configuration: ${configPath}` : "configuration: no file");
  const { domains } = settings;
  if (domains === undefined) {
    throw new ExpectedFailure(
      exitCode.configuration,
      "domains: expected the names to keep up to date, found none",
    );
  }
  const { credentials, exposedFiles } = loadCredentials(settings, configPath);
  for (const path of exposedFiles) log.warn(`${path}: others can read the secret in it, expected mode 0600`);
  return { settings, domains, credentials };
}

/** Prints results for programs, or for people: then what went well is a result, and the rest an error. */
function reportOutcomes(outcomes: readonly Outcome[], { given, print, log }: Context): ExitCode {
  for (const outcome of outcomes) {
    const line = describeOutcome(outcome);
    if (given.switches.has("json")) print(encodeOutcome(outcome));
    else if (line === undefined) continue;
    else if (outcomeExitCode(outcome) === exitCode.ok) print(line);
    else log.error(line);
  }
  return heaviestExitCode(outcomes.map(outcomeExitCode));
}

/** What is known of each family; each is learnt by itself, so that one's failure is not the other's. */
async function detectAll(
  settings: SettingValues,
  given: readonly string[] | undefined,
): Promise<readonly Detection[]> {
  if (given) return detectionsOfGiven(given);
  const sources = createSources(settings);
  const { signal } = new AbortController();
  return Promise.all((settings.families ?? []).map((family) => detect(family, sources, signal)));
}

async function publishAll(
  publications: readonly Publication[],
  settings: SettingValues,
  credentials: Credentials | undefined,
): Promise<readonly Outcome[]> {
  if (publications.length === 0) return [];
  const { connectStream } = await import("../publish/stream.ts");
  const { classifyPublishError } = await import("../publish/publish-error.ts");
  const stream = await connectStream({ region: settings.region, credentials });
  const publishOne = async (publication: Publication): Promise<Outcome> => {
    const { fqdn, address, uuid } = publication;
    const about = { fqdn, family: address.family, ip: address.text, uuid };
    try {
      return {
        ...about,
        outcome: "published",
        ...(await stream.put(createStreamRecord(publication, settings))),
      };
    } catch (error) {
      return { ...about, outcome: "failed", ...classifyPublishError(error) };
    }
  };
  try {
    return await Promise.all(publications.map(publishOne));
  } finally {
    stream.close();
  }
}
