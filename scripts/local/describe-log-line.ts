/** The fields of what the function logs that a person wants to see. */
interface Logged {
  readonly _aws?: unknown;
  readonly level?: string;
  readonly message?: string;
  readonly outcome?: string;
  readonly uuid?: string;
  readonly fqdn?: string;
  readonly type?: string;
  readonly address?: string;
  readonly changeId?: string;
}

/** What a line of the function's log tells, and of whom; undefined for sums and metrics. */
export function describeLogLine(line: string): readonly [who: string, what: string] | undefined {
  const logged = parse(line);
  if (logged === undefined) return ["Lambda", line];
  const { _aws, level, message, outcome, uuid, fqdn, type, address, changeId } = logged;
  if (_aws !== undefined || outcome === "summary") return undefined;
  const about = uuid === undefined ? "" : `, uuid ${uuid}`;
  if (outcome === "applied") {
    return ["Route 53", `${fqdn} ${type} ${address} accepted, change ${changeId}${about}`];
  }
  return ["Lambda", `${outcome ?? level}: ${message}${about}`];
}

function parse(line: string): Logged | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === "object" && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}
