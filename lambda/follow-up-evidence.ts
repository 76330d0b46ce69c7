import type { Failure } from "./route53-failure.ts";

/** What the names of a zone that were tried alone tell of those that were not. */
export interface Evidence {
  /** Why the last of them were refused: the answer, where it is the same for each, so that it blames none. */
  readonly cause: string | undefined;
  /** How many were refused alone for that cause, one after the other, with nothing of the zone accepted between. */
  readonly refused: number;
  /** How many calls of the zone were accepted in this invocation. */
  readonly accepted: number;
}

/** The cause of all that IAM denies: what it says may hold an id of the request. */
const DENIED = "denied";
const ENOUGH_REFUSED = 15;
/** Where another zone is denied as a whole, the role is at fault, and less evidence says so of the next one. */
const ENOUGH_DENIED_ELSEWHERE = 5;
/** Each accepted call of a zone asks for as many refused names again, up to so many times. */
const MOST_ACCEPTED = 3;
/** So many bad names of a zone in a row may be chance; they are found by halvings alone, in the fewest calls. */
const CHANCE_REFUSED = 5;

export const NO_EVIDENCE: Evidence = { cause: undefined, refused: 0, accepted: 0 };

/** With one more name that was refused alone. */
export function withRefused({ cause, refused, accepted }: Evidence, failure: Failure): Evidence {
  const current = causeOf(failure);
  if (current === undefined) return { ...NO_EVIDENCE, accepted };
  return { cause: current, refused: current === cause ? refused + 1 : 1, accepted };
}

/** With one more call that was accepted: nothing that was refused before it tells of the zone. */
export function withAccepted({ accepted }: Evidence): Evidence {
  return { ...NO_EVIDENCE, accepted: accepted + 1 };
}

/** Whether the names of a zone that were refused speak against the others; else they may be bad by themselves. */
export function isInDoubt({ cause, refused }: Evidence): boolean {
  return refused > (cause === DENIED ? 0 : CHANCE_REFUSED);
}

/**
 * Whether what was refused together with others for that cause is taken to be refused alone, too: the zone is denied
 * or full. To ask for each of thousands of names would hold up the shard, and with it every other zone, for an hour.
 */
export function isEnough({ cause, refused, accepted }: Evidence, isAnyZoneDenied: boolean): boolean {
  const isRoleAtFault = cause === DENIED && isAnyZoneDenied && accepted === 0;
  const enough = isRoleAtFault
    ? ENOUGH_DENIED_ELSEWHERE
    : ENOUGH_REFUSED * (1 + Math.min(accepted, MOST_ACCEPTED));
  return cause !== undefined && refused >= enough;
}

/** Whether the evidence is about this failure. */
export function isOfCause({ cause }: Evidence, failure: Failure): boolean {
  return cause === causeOf(failure);
}

/** The same failure, of names that were not tried alone. */
export function presumed(failure: Failure, { refused, accepted }: Evidence): Failure {
  const whole = failure.kind === "denied" && accepted === 0;
  const evidence = whole
    ? `taken to be the whole zone: ${refused} names of the zone were denied one by one and none was accepted`
    : `taken to be so for this name: the last ${refused} names of the zone were refused so one by one`;
  return {
    ...failure,
    reason: whole ? failure.reason : `${failure.reason}-presumed`,
    message: `${failure.message}, ${evidence}`,
  };
}

function causeOf({ kind, said }: Failure): string | undefined {
  if (kind === "unclear") return undefined;
  return kind === "denied" ? DENIED : `${kind}: ${said}`;
}
