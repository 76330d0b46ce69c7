/** What fits on most terminals. A word that is longer stays whole, to be copied. */
const COLUMNS = 100;
const WHO_WIDTH = 11;

/** Tells what happens, with the time since the start. */
export function createNarrator(write: (text: string) => void): (who: string, what: string) => void {
  const startedAtMs = performance.now();
  return (who, what) => {
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(2);
    const head = `${seconds.padStart(6)} s  ${who.padEnd(WHO_WIDTH)} `;
    write(`${head}${wrap(what, COLUMNS - head.length).join(`\n${" ".repeat(head.length)}`)}\n`);
  };
}

/** The words in lines of at most so many characters. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length === 0 || longer.length > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
