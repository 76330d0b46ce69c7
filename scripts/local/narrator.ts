/** Tells what happens, each line with the time since the start. */
export function createNarrator(write: (text: string) => void): (who: string, what: string) => void {
  const startedAtMs = performance.now();
  return (who, what) => {
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(2);
    write(`${seconds.padStart(6)} s  ${who.padEnd(11)} ${what}\n`);
  };
}
