import type { World } from "../cycle.ts";
import { detectionsOfGiven } from "../detect/given-address.ts";
import { destinationOf, type Job } from "../job.ts";
import type { HandedRequest, Instance } from "../lock/instance.ts";
import { plan } from "../publish/plan.ts";
import { stateKey } from "../state/state.ts";
import { messageOf } from "./turns.ts";

export interface UndoneOptions {
  readonly instance: Instance;
  readonly createJob: (request: HandedRequest) => Job;
  readonly world: Pick<World, "clock" | "log" | "memory">;
}

/**
 * Lets go of the instance at the end. Whoever handed an address over was told that it is in good hands: what was
 * not begun is remembered as pending.
 * @returns how many requests were not done
 */
export function releaseUndone({ instance, createJob, world }: UndoneOptions): number {
  let count = 0;
  do {
    for (const request of instance.take()) {
      count += 1;
      try {
        rememberGiven(createJob(request), world);
      } catch (error) {
        world.log.error(messageOf(error));
      }
    }
  } while (!instance.release());
  return count;
}

function rememberGiven(job: Job, { clock, memory }: UndoneOptions["world"]): void {
  const { trigger, domains, isForced, settings } = job;
  if (trigger.kind !== "given") return;
  const directory = settings.state_directory ?? "";
  const state = memory.load(directory, destinationOf(job));
  const nowMs = clock.now();
  const options = { state, nowMs, isForced, pendingMaxAgeMs: 0 };
  const pending = new Map(state.pending);
  for (const step of plan(domains, detectionsOfGiven(trigger.addresses), options)) {
    if (step.action !== "publish") continue;
    const { family, text: ip } = step.address;
    pending.set(stateKey(step.fqdn, family), { ip, sinceMs: nowMs, isGiven: true });
  }
  if (pending.size > 0) memory.save({ ...state, pending }, directory, destinationOf(job));
}
