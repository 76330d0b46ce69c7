import type { Address } from "../../lambda/contract/address.ts";
import { type ExitCode, exitCode, heaviestExitCode } from "../exit-code.ts";
import { formatInstant } from "../format-instant.ts";
import type { PendingEntry, PublishedEntry } from "../state/state.ts";
import type { ServerAnswer } from "./ask-name-servers.ts";
import { describeAuthoritativeAnswer, isExactly, type NameAndFamily } from "./authoritative-answer.ts";

/** All that is known of one name and family, from three sides. */
export interface Evidence extends NameAndFamily {
  /** What the stream acknowledged last; undefined where this device does not remember. */
  readonly published: PublishedEntry | undefined;
  /** What the stream did not acknowledge; undefined where nothing waits, or nobody looked. */
  readonly pending?: PendingEvidence | undefined;
  /** The address that the name should have now. */
  readonly wanted:
    | { readonly state: "known"; readonly address: Address }
    | { readonly state: "unavailable"; readonly reason: string };
  /** What each name server of the zone answers, or why nobody could be asked. */
  readonly served: readonly ServerAnswer[] | { readonly reason: string };
}

export interface PendingEvidence extends PendingEntry {
  /** What the next update would send for this name and family, as things are; undefined where nothing. */
  readonly nextIp: string | undefined;
}

/** Whether the three sides agree; `unknown` where something is missing to tell, and nothing contradicts. */
export interface Agreement extends Evidence {
  readonly verdict: "agrees" | "differs" | "unknown";
  /** What is not as it should be, each in a few words; empty where all agree. */
  readonly reasons: readonly string[];
  /**
   * Since when it has been so, as far as this device can know: it cannot be longer than since the address of
   * now was published. Undefined where that is not known, or the verdict.
   */
  readonly sinceMs: number | undefined;
  readonly exitCode: ExitCode;
}

interface Objection {
  readonly verdict: "differs" | "unknown";
  readonly reason: string;
  readonly exitCode: ExitCode;
}

/**
 * Compares what was published, what is wanted and what is served. A device that has forgotten what it
 * published (its memory may end with the power) agrees where the other two do.
 */
export function compare(evidence: Evidence): Agreement {
  const { published, wanted } = evidence;
  const objections = [...objectionsOfDevice(evidence), ...objectionsOfServers(evidence)];
  const verdicts = objections.map(({ verdict }) => verdict);
  const verdict = verdicts.find((one) => one === "differs") ?? verdicts[0] ?? "agrees";
  const isPublished = wanted.state === "known" && published?.ip === wanted.address.text;
  return {
    ...evidence,
    verdict,
    reasons: objections.map(({ reason }) => reason),
    sinceMs: isPublished && verdict !== "unknown" ? published?.publishedAtMs : undefined,
    exitCode: heaviestExitCode(objections.map((objection) => objection.exitCode)),
  };
}

function objectionsOfDevice({ published, pending, wanted }: Evidence): readonly Objection[] {
  const waiting = pending === undefined ? [] : [objectionOfPending(pending)];
  if (wanted.state === "unavailable") {
    return [...waiting, { verdict: "unknown", reason: wanted.reason, exitCode: exitCode.noAddress }];
  }
  if (published === undefined || published.ip === wanted.address.text) return waiting;
  return [...waiting, differs(`published ${published.ip}, but the address is ${wanted.address.text}`)];
}

/** What no update sends any more contradicts nothing: only whether the stream has it is not known. */
function objectionOfPending(pending: PendingEvidence): Objection {
  return (pending.nextIp === pending.ip ? differs : cannotTell)(describePending(pending));
}

/** The stream may have it all the same: no answer came back. */
function describePending({ ip, sinceMs, isGiven, nextIp }: PendingEvidence): string {
  const from = isGiven ? "given by --ip" : "detected";
  const next =
    nextIp === undefined
      ? "no update sends it before it is learnt or given again"
      : `the next update sends ${nextIp === ip ? "it" : `${nextIp} instead`}`;
  return `${ip}, ${from} at ${formatInstant(sinceMs)}, was not confirmed by the stream: ${next}`;
}

/** Where no address could be learnt, the servers must at least have what was published last. */
function objectionsOfServers({ published, wanted, served }: Evidence): readonly Objection[] {
  if ("reason" in served) return [cannotTell(served.reason)];
  const expected = wanted.state === "known" ? wanted.address.text : published?.ip;
  return served.flatMap((answer) => {
    const told = `${answer.server}: ${describeAuthoritativeAnswer(answer)}`;
    if (answer.state === "unavailable") return [cannotTell(told)];
    return expected === undefined || isExactly(answer, expected) ? [] : [differs(told)];
  });
}

const differs = (reason: string): Objection => ({ verdict: "differs", reason, exitCode: exitCode.tryAgain });
const cannotTell = (reason: string): Objection => ({
  verdict: "unknown",
  reason,
  exitCode: exitCode.tryAgain,
});
