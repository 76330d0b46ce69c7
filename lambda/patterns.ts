import { type Fqdn, parseFqdn } from "./contract/fqdn.ts";
import { quote, RefusedError } from "./contract/refusal.ts";

/**
 * Which names a sender may move: one name, or a pattern of labels in which `*` stands for exactly one label
 * (the wildcard label itself included) and `**`, only as the first label, for one or more.
 */
export interface NamePattern {
  /** Canonical: lower case, A-labels, with the trailing dot. */
  readonly text: string;
  readonly labels: readonly string[];
  /** Whether it matches one name only. */
  readonly isExact: boolean;
}

/**
 * Parses a pattern.
 * @throws {RefusedError} `fqdn-malformed`
 */
export function parseNamePattern(text: string): NamePattern {
  const labels = (text.endsWith(".") ? text.slice(0, -1) : text).split(".");
  if (labels.some((label, index) => label === "**" && index > 0)) {
    throw new RefusedError("fqdn-malformed", `expected ** only as the first label, got ${quote(text)}`);
  }
  // With an ordinary label in the place of each star, a pattern is a name like any other.
  const name = parseFqdn(labels.map((label) => (isStar(label) ? "x" : label)).join("."));
  const canonical = labelsOf(name).map((label, index) => {
    const star = labels[index] ?? "";
    return isStar(star) ? star : label;
  });
  return { text: `${canonical.join(".")}.`, labels: canonical, isExact: !canonical.some(isStar) };
}

/** The name that every name the pattern matches ends in: what follows its last star; for `*.home` that is `home.`. */
export function fixedSuffix({ labels }: NamePattern): Fqdn {
  return `${labels.slice(labels.findLastIndex(isStar) + 1).join(".")}.` as Fqdn;
}

/** Whether the pattern matches the name, label by label. */
export function matchesPattern(pattern: NamePattern, fqdn: Fqdn): boolean {
  const name = labelsOf(fqdn);
  const [first, ...rest] = pattern.labels;
  const wanted = first === "**" ? rest : pattern.labels;
  const found = first === "**" ? name.slice(-rest.length) : name;
  const isLongEnough = first !== "**" || name.length > rest.length;
  return (
    isLongEnough &&
    wanted.length === found.length &&
    wanted.every((label, index) => label === "*" || label === found[index])
  );
}

/** Whether some name matches both patterns. */
export function patternsOverlap(one: NamePattern, other: NamePattern): boolean {
  const [left, right] = [one.labels.toReversed(), other.labels.toReversed()];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [a, b] = [left[index], right[index]];
    if (a === undefined || b === undefined) return false;
    // It takes whatever is left of the other, at least the one label that is there.
    if (a === "**" || b === "**") return true;
    if (a !== b && a !== "*" && b !== "*") return false;
  }
  return true;
}

/** One question for a list of patterns; exact names cost one look-up however many there are. */
export function createNameMatcher(patterns: readonly NamePattern[]): (fqdn: Fqdn) => boolean {
  const names = new Set<string>(patterns.filter(({ isExact }) => isExact).map(({ text }) => text));
  const open = patterns.filter(({ isExact }) => !isExact);
  return (fqdn) => names.has(fqdn) || open.some((pattern) => matchesPattern(pattern, fqdn));
}

function isStar(label: string): boolean {
  return label === "*" || label === "**";
}

function labelsOf(fqdn: Fqdn): string[] {
  return fqdn.slice(0, -1).split(".");
}
