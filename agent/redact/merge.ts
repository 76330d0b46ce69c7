/** A part of a text that must not be shown. */
export interface Match {
  readonly start: number;
  readonly end: number;
  /** What it is, for the placeholder. */
  readonly kind: string;
  /** Which one it is: the same for every spelling of the same thing. */
  readonly id: string;
}

/**
 * Makes one match of those that overlap, over all that they cover: nothing that anything matched is left. It is
 * of the kind of the longest, the earlier in the list where two are as long.
 */
export function mergeMatches(text: string, matches: readonly Match[]): readonly Match[] {
  const merged: Match[] = [];
  let longest = 0;
  for (const match of [...matches].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    const length = match.end - match.start;
    if (last === undefined || match.start >= last.end) {
      merged.push(match);
      longest = length;
      continue;
    }
    const { kind, id } = length > longest ? match : last;
    const end = Math.max(last.end, match.end);
    longest = Math.max(longest, length);
    const isWhole = longest === end - last.start;
    merged[merged.length - 1] = {
      kind,
      start: last.start,
      end,
      id: isWhole ? id : text.slice(last.start, end),
    };
  }
  return merged;
}
