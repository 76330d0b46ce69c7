/** Levenshtein distance: the least number of characters to insert, delete or replace. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, char] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (char === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The known word that a misspelt one was probably meant to be; undefined where none is close. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const closest = known
    .map((candidate) => ({ candidate, edits: distance(word, candidate) }))
    .sort((a, b) => a.edits - b.edits)[0];
  return closest && closest.edits <= Math.max(2, word.length / 3) ? closest.candidate : undefined;
}

/** The end of a message about a word that is not known. */
export function didYouMean(word: string, known: readonly string[]): string {
  const closest = nearest(word, known);
  return closest === undefined ? "" : `, did you mean ${closest}?`;
}
