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
  // A name may have them between its labels. Here the stars would end up in other places than they were written.
  if (/[\u3002\uff0e\uff61]/.test(text)) {
    throw new RefusedError("fqdn-malformed", `expected full stops between labels, got ${quote(text)}`);
  }
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

/** Which labels a star stands for. */
export type StarTakes = (label: string) => boolean;

const anyLabel: StarTakes = () => true;

/** Whether the pattern matches the name, label by label. */
export function matchesPattern(pattern: NamePattern, fqdn: Fqdn, starTakes = anyLabel): boolean {
  const name = labelsOf(fqdn);
  const isDeep = pattern.labels[0] === "**";
  const wanted = isDeep ? pattern.labels.slice(1) : pattern.labels;
  const depth = name.length - wanted.length;
  if (isDeep ? depth < 1 : depth !== 0) return false;
  const isMatch = (label: string, index: number) =>
    label === "*" ? starTakes(name[depth + index] ?? "") : label === name[depth + index];
  return name.slice(0, depth).every(starTakes) && wanted.every(isMatch);
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

/** Whether one of some patterns matches a name. */
export type NameMatcher = (fqdn: Fqdn, starTakes?: StarTakes) => boolean;

/**
 * One question for a list of patterns, which costs a few look-ups however long the list is, unless stars stand
 * elsewhere than in the first label.
 */
export function createNameMatcher(patterns: readonly NamePattern[]): NameMatcher {
  const names = new Set<string>();
  const parents = new Set<string>();
  const ancestors = new Set<string>();
  const others: NamePattern[] = [];
  for (const pattern of patterns) {
    const [first, ...rest] = pattern.labels;
    const suffix = `${rest.join(".")}.`;
    if (rest.some(isStar)) others.push(pattern);
    else if (first === "*") parents.add(suffix);
    else if (first === "**") ancestors.add(suffix);
    else names.add(pattern.text);
  }
  return (fqdn, starTakes = anyLabel) => {
    if (names.has(fqdn)) return true;
    let parent = parentOf(fqdn);
    let isTaken = starTakes(firstLabelOf(fqdn));
    if (isTaken && parents.has(parent)) return true;
    while (isTaken && parent !== "" && ancestors.size > 0) {
      if (ancestors.has(parent)) return true;
      isTaken = starTakes(firstLabelOf(parent));
      parent = parentOf(parent);
    }
    return others.some((pattern) => matchesPattern(pattern, fqdn, starTakes));
  };
}

function firstLabelOf(name: string): string {
  return name.slice(0, name.indexOf("."));
}

/** The name without its first label; empty for the last one. */
function parentOf(name: string): string {
  return name.slice(name.indexOf(".") + 1);
}

function isStar(label: string): boolean {
  return label === "*" || label === "**";
}

/** The labels of a name, without the empty one of the root. */
export function labelsOf(fqdn: Fqdn): string[] {
  return fqdn.slice(0, -1).split(".");
}
