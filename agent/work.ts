import type { Family } from "../lambda/contract/address.ts";
import type { Domain } from "./config/domain.ts";
import { destinationOf, type Job } from "./job.ts";
import type { Outcome } from "./outcome.ts";
import { stateKey } from "./state/state.ts";

/** A job that is not done yet. */
export interface Work {
  readonly job: Job;
  /** On the clock that nobody sets. */
  readonly deadlineMs: number;
}

/** The works but for what these outcomes of a job have settled; none where nothing is left of it. */
export function withoutSettled(
  works: readonly Work[],
  { by, outcomes }: { readonly by: Job; readonly outcomes: readonly Outcome[] },
): readonly Work[] {
  const settled = new Set(outcomes.map(({ fqdn, family }) => stateKey(fqdn, family)));
  return works
    .map((work) => (destinationOf(work.job) === destinationOf(by) ? narrow(work, settled) : work))
    .filter(({ job }) => job.domains.length > 0);
}

function narrow(work: Work, settled: ReadonlySet<string>): Work {
  const domains = work.job.domains.flatMap((domain): Domain[] => {
    const families = familiesOf(work.job, domain).filter(
      (family) => !settled.has(stateKey(domain.fqdn, family)),
    );
    return families.length > 0 ? [{ ...domain, families }] : [];
  });
  return { ...work, job: { ...work.job, domains } };
}

/** Whether a job is about a name and family. */
export function isAbout(job: Job, { fqdn, family }: Outcome): boolean {
  return job.domains.some((domain) => domain.fqdn === fqdn && familiesOf(job, domain).includes(family));
}

function familiesOf({ trigger, settings }: Job, domain: Domain): readonly Family[] {
  const inScope =
    trigger.kind === "given" ? trigger.addresses.map(({ family }) => family) : (settings.families ?? []);
  return inScope.filter((family) => domain.families?.includes(family) ?? true);
}

/** What a job is about: a later one about the same makes it needless. */
export function subjectOf({ trigger, domains, settings }: Job): string {
  const subject =
    trigger.kind === "hook"
      ? trigger.interface
      : trigger.kind === "given"
        ? trigger.addresses.map(({ family }) => family)
        : "";
  return JSON.stringify([trigger.kind, subject, domains, settings.stream]);
}
