import type { Family } from "../../lambda/contract/address.ts";
import type { Fqdn } from "../../lambda/contract/fqdn.ts";
import type { Context } from "../context.ts";
import { decide, isPublication } from "../cycle.ts";
import { detectAll } from "../detect/sources.ts";
import { type ExitCode, heaviestExitCode } from "../exit-code.ts";
import { createJob, destinationOf, type Job } from "../job.ts";
import type { Log } from "../log.ts";
import { whyNoAddress } from "../outcome.ts";
import { plan, type Step } from "../publish/plan.ts";
import { emptyState, type State, stateKey } from "../state/state.ts";
import { loadState } from "../state/state-file.ts";
import { trustAuthorities } from "../trust-authorities.ts";
import { type Agreement, compare, type Evidence } from "../verify/agreement.ts";
import { askNameServers } from "../verify/ask-name-servers.ts";
import type { NameAndFamily } from "../verify/authoritative-answer.ts";
import { type Authority, findAuthority } from "../verify/authority.ts";
import { formatColumns } from "../verify/columns.ts";
import { agreementTable, describeObjections, encodeAgreement } from "../verify/format-agreement.ts";

const DEADLINE_SECONDS = 60;

type Subject = NameAndFamily & Pick<Evidence, "wanted" | "published" | "pending">;

/**
 * Shows of each name and family what was published, what is detected and what the zone's own name servers
 * answer, and whether they agree. Exit code 0 where all do; 69 where nothing is wrong but that no address
 * could be learnt; else 75.
 */
export async function status({ given, environment, log, print }: Context): Promise<ExitCode> {
  const job = createJob(given, environment, log);
  trustAuthorities(job.authorities);
  const signal = AbortSignal.timeout((job.settings.deadline_seconds ?? DEADLINE_SECONDS) * 1000);
  const subjects = await lookAtSubjects(job, signal, log);
  const ask = createAsker(job, { signal, log });
  const agreements = await Promise.all(
    subjects.map(async (subject) => compare({ ...subject, served: await ask(subject) })),
  );
  for (const line of given.switches.has("json") ? agreements.map(encodeAgreement) : format(agreements)) {
    print(line);
  }
  return heaviestExitCode(agreements.map((agreement) => agreement.exitCode));
}

/** Each name and family in scope, or that something is pending for, with what this device knows of it. */
async function lookAtSubjects(job: Job, signal: AbortSignal, log: Log): Promise<readonly Subject[]> {
  const directory = job.settings.state_directory ?? "";
  const { state, problem } = loadState(directory, destinationOf(job));
  if (problem) log.warn(`${directory}: what was published before is not known, ${problem}`);
  const untilClockValid = async () => true;
  const detections = await detectAll({ ...job, signal, isThorough: false, untilClockValid });
  // As if nothing had been published, and all of it had to be.
  const options = { state: emptyState, nowMs: 0, isForced: true, pendingMaxAgeMs: 0 };
  const wanted = plan(job.domains, detections, options).map(subjectOf);
  const next = decide(job, state, { detections, nowMs: Date.now() }).filter(isPublication);
  return [...wanted, ...outOfScope(job, state, wanted)].map((subject) => {
    const key = stateKey(subject.fqdn, subject.family);
    const entry = state.pending.get(key);
    const sent = next.find(({ fqdn, address }) => stateKey(fqdn, address.family) === key);
    const pending = entry && { ...entry, nextIp: sent?.address.text };
    return { ...subject, published: state.published.get(key), pending };
  });
}

type Wanted = NameAndFamily & Pick<Evidence, "wanted">;

/** What was given for a family that is not looked for. */
function outOfScope({ domains }: Job, { pending }: State, inScope: readonly Wanted[]): readonly Wanted[] {
  const known = new Set(inScope.map(({ fqdn, family }) => stateKey(fqdn, family)));
  return domains.flatMap(({ fqdn, families }) =>
    (["ipv4", "ipv6"] as const)
      .filter((family) => pending.has(stateKey(fqdn, family)) && !known.has(stateKey(fqdn, family)))
      .map((family): Wanted => {
        const isOwn = families !== undefined && !families.includes(family);
        const why = isOwn
          ? `this name has families = ${list(families)} of its own`
          : "it is not among families";
        const reason = `no ${family} address learnt: ${why}`;
        return { fqdn, family, wanted: { state: "unavailable", reason } };
      }),
  );
}

/** As the file has it. */
const list = (families: readonly Family[]) => `[${families.map((family) => `"${family}"`).join(", ")}]`;

function subjectOf(step: Step): Wanted {
  if (step.action === "publish") {
    const { fqdn, address } = step;
    return { fqdn, family: address.family, wanted: { state: "known", address } };
  }
  const { fqdn, family } = step.outcome;
  return { fqdn, family, wanted: { state: "unavailable", reason: whyNoAddress(step.outcome) } };
}

interface AskOptions {
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Asks the name servers of each name, which it looks for once, whatever the families. */
function createAsker({ settings }: Job, { signal, log }: AskOptions) {
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
