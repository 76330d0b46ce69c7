import type { Fqdn } from "../../lambda/contract/fqdn.ts";
import type { Context } from "../context.ts";
import { detectAll } from "../detect/sources.ts";
import { type ExitCode, heaviestExitCode } from "../exit-code.ts";
import { createJob, destinationOf, type Job } from "../job.ts";
import type { Log } from "../log.ts";
import { plan, type Step } from "../publish/plan.ts";
import { emptyState, stateKey } from "../state/state.ts";
import { loadState } from "../state/state-file.ts";
import { type Agreement, compare, type Evidence } from "../verify/agreement.ts";
import { askNameServers } from "../verify/ask-name-servers.ts";
import type { NameAndFamily } from "../verify/authoritative-answer.ts";
import { type Authority, findAuthority } from "../verify/authority.ts";
import { formatColumns } from "../verify/columns.ts";
import { agreementTable, describeObjections, encodeAgreement } from "../verify/format-agreement.ts";

const DEADLINE_SECONDS = 60;

type Subject = NameAndFamily & Pick<Evidence, "wanted">;

/**
 * Shows of each name and family what was published, what is detected and what the zone's own name servers
 * answer, and whether they agree. Exit code 0 where all do; 69 where nothing is wrong but that no address
 * could be learnt; else 75.
 */
export async function status({ given, environment, log, print }: Context): Promise<ExitCode> {
  const job = createJob(given, environment, log);
  const signal = AbortSignal.timeout((job.settings.deadline_seconds ?? DEADLINE_SECONDS) * 1000);
  const subjects = await detectSubjects(job, signal);
  const agreements = await compareAll(job, subjects, { signal, log });
  for (const line of given.switches.has("json") ? agreements.map(encodeAgreement) : format(agreements)) {
    print(line);
  }
  return heaviestExitCode(agreements.map((agreement) => agreement.exitCode));
}

/** Each name and family in scope, with the address that it should have now. */
async function detectSubjects(job: Job, signal: AbortSignal): Promise<readonly Subject[]> {
  const untilClockValid = async () => true;
  const detections = await detectAll({ ...job, signal, isThorough: false, untilClockValid });
  // As if nothing had been published, and all of it had to be.
  const options = { state: emptyState, nowMs: 0, isForced: true, pendingMaxAgeMs: 0 };
  return plan(job.domains, detections, options).map(subjectOf);
}

function subjectOf(step: Step): Subject {
  if (step.action === "publish") {
    const { fqdn, address } = step;
    return { fqdn, family: address.family, wanted: { state: "known", address } };
  }
  const { fqdn, family, ...rest } = step.outcome;
  const why = "reason" in rest ? rest.reason : rest.outcome;
  const reason = rest.outcome === "unavailable" ? `no ${family} address learnt: ${why}` : why;
  return { fqdn, family, wanted: { state: "unavailable", reason } };
}

interface CompareOptions {
  readonly signal: AbortSignal;
  readonly log: Log;
}

async function compareAll(
  job: Job,
  subjects: readonly Subject[],
  options: CompareOptions,
): Promise<readonly Agreement[]> {
  const directory = job.settings.state_directory ?? "";
  const { state, problem } = loadState(directory, destinationOf(job));
  if (problem) options.log.warn(`${directory}: what was published before is not known, ${problem}`);
  const ask = createAsker(job, options);
  const compareOne = async (subject: Subject): Promise<Agreement> => {
    const published = state.published.get(stateKey(subject.fqdn, subject.family));
    return compare({ ...subject, published, served: await ask(subject) });
  };
  return Promise.all(subjects.map(compareOne));
}

/** Asks the name servers of each name, which it looks for once, whatever the families. */
function createAsker({ settings }: Job, { signal, log }: CompareOptions) {
  const searches = new Map<Fqdn, Promise<Authority>>();
  const search = async (fqdn: Fqdn): Promise<Authority> => {
    const authority = await findAuthority(fqdn, { signal, nameServers: settings.name_servers });
    if (authority.state === "known") {
      for (const problem of authority.problems) log.warn(`left out a name server: ${problem}`);
    }
    return authority;
  };
  return async (asked: NameAndFamily): Promise<Evidence["served"]> => {
    const searched = searches.get(asked.fqdn) ?? search(asked.fqdn);
    searches.set(asked.fqdn, searched);
    const authority = await searched;
    return authority.state === "known" ? askNameServers(authority.servers, asked, signal) : authority;
  };
}

function format(agreements: readonly Agreement[]): readonly string[] {
  return [...formatColumns(agreementTable(agreements)), ...agreements.flatMap(describeObjections)];
}
