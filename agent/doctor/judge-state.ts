import { exitCode } from "../exit-code.ts";
import { formatInstant } from "../format-instant.ts";
import { type Diagnosis, ok, problem, unknown, warning } from "./diagnosis.ts";

export interface StateFacts {
  readonly directory: string;
  /** Where there is no such directory yet, the writing was tried in the nearest that there is. */
  readonly isThere: boolean;
  /** What kind of file system it is on; undefined where the system does not say. */
  readonly fileSystem: string | undefined;
  /** The code of the error, where nothing can be written. */
  readonly writeFailure: string | undefined;
  /** Why what is there cannot be used. */
  readonly stateProblem: string | undefined;
  readonly pending: readonly PendingFact[];
}

export interface PendingFact {
  /** The name and the type of its record. */
  readonly what: string;
  readonly sinceMs: number;
}

const IN_MEMORY = ["tmpfs", "ramfs"];

const WRITE_FIXES: Readonly<Record<string, string>> = {
  ENOSPC: "free some space, or set state_directory to another file system",
  EROFS: "mount it writable, or set state_directory to a directory on a tmpfs such as /run/update-route53",
  EACCES: "run as root or as the owner of the directory, or set state_directory to one of your own",
};

export function judgeStateDirectory(facts: StateFacts): Diagnosis {
  const { directory, isThere, fileSystem, writeFailure, stateProblem } = facts;
  const check = "state directory";
  if (writeFailure !== undefined) {
    const found = `${directory}: cannot be written (${writeFailure}), so every run publishes again`;
    const fix = WRITE_FIXES[writeFailure] ?? "set state_directory to a directory that can be written";
    return warning({ check, found, fix });
  }
  if (stateProblem !== undefined) {
    const found = `${directory}: what was published before is not known, ${stateProblem}`;
    return warning({ check, found, fix: "nothing: the next update publishes once more and replaces it" });
  }
  const kind = describeFileSystem(fileSystem);
  return ok({
    check,
    found: `${directory}: ${isThere ? "writable" : "not there yet, the first update can make it"}, ${kind}`,
  });
}

function describeFileSystem(name: string | undefined): string {
  if (name === undefined) return "on a file system of unknown kind";
  if (IN_MEMORY.includes(name)) return `in memory (${name}): forgotten when the power goes, which is no harm`;
  return `on ${name}: kept when the power goes, written only when something changed`;
}

/** What could not be published yet; no line where there is nothing. */
export function judgePending({ pending }: Pick<StateFacts, "pending">): readonly Diagnosis[] {
  if (pending.length === 0) return [];
  const told = pending.map(({ what, sinceMs }) => `${what} since ${formatInstant(sinceMs)}`);
  const fix = 'mend the problems told here, then run "update-route53", which sends it first';
  return [warning({ check: "pending", found: `not published yet: ${told.join(", ")}`, fix })];
}

export type InstanceFacts =
  | { readonly kind: "none" }
  | { readonly kind: "holder"; readonly pid: number; readonly isLoop: boolean }
  /** Somebody holds the lock who does not answer as one of us. */
  | { readonly kind: "silent" };

export function judgeInstance(facts: InstanceFacts): Diagnosis {
  const check = "other instance";
  switch (facts.kind) {
    case "none":
      return ok({ check, found: "no other update-route53 is at work on this state directory" });
    case "holder": {
      const what = facts.isLoop ? "update-route53 run" : "an update";
      return ok({ check, found: `${what} is at work, process ${facts.pid}; hooks hand their events to it` });
    }
    case "silent": {
      const found = "another process holds the lock of the state directory and does not answer";
      const fix = 'see with "ps" whether an update-route53 hangs, and end it; updates go on without the lock';
      return warning({ check, found, fix });
    }
  }
}

export interface ClockFacts {
  readonly nowMs: number;
  /** No right clock shows an earlier time. */
  readonly earliestMs: number;
  /** What the endpoint's Date header says beside `nowMs`; undefined without an answer. */
  readonly server: { readonly dateMs: number; readonly nowMs: number } | undefined;
}

/** AWS refuses signatures that are further off than this. */
const LARGEST_SKEW_SECONDS = 300;
/** A Date header is to the second, and has been on its way. */
const UNREMARKABLE_SECONDS = 30;
const SET_CLOCK = 'set the clock, by "ntpd -n -q -p pool.ntp.org" or "timedatectl set-ntp true"';

export function judgeClock({ nowMs, earliestMs, server }: ClockFacts): Diagnosis {
  const check = "clock";
  const now = formatInstant(nowMs);
  if (nowMs < earliestMs) {
    const found = `${now} is before this program was built (${formatInstant(earliestMs)}), so no certificate is valid${compare(server)}`;
    return problem(exitCode.tryAgain, { check, found, fix: SET_CLOCK });
  }
  if (server === undefined) {
    const found = `${now} is possible, but could not confirm it: the endpoint gave no Date`;
    return unknown({
      check,
      found,
      fix: "see the endpoint check, and compare with a watch: the time is UTC",
    });
  }
  const seconds = Math.abs(skewSeconds(server));
  const found = `${now}${compare(server)}`;
  if (seconds > LARGEST_SKEW_SECONDS) return problem(exitCode.tryAgain, { check, found, fix: SET_CLOCK });
  if (seconds > UNREMARKABLE_SECONDS) return warning({ check, found, fix: SET_CLOCK });
  return ok({ check, found });
}

const skewSeconds = ({ dateMs, nowMs }: { dateMs: number; nowMs: number }) =>
  Math.round((nowMs - dateMs) / 1000);

function compare(server: ClockFacts["server"]): string {
  if (server === undefined) return "";
  const skew = skewSeconds(server);
  if (skew === 0) return ", the same as the endpoint's";
  const seconds = Math.abs(skew) === 1 ? "second" : "seconds";
  return `, ${Math.abs(skew)} ${seconds} ${skew > 0 ? "ahead of" : "behind"} the endpoint's`;
}
