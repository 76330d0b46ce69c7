const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;

export interface Spinner {
  readonly stop: () => void;
}

/** Shows on a terminal that something goes on, and for how long; writes nothing anywhere else. */
export function startSpinner(terminal: NodeJS.WriteStream, what: string): Spinner {
  if (!terminal.isTTY) return { stop: () => {} };
  const startedAtMs = performance.now();
  let frame = 0;
  const timer = setInterval(() => {
    const seconds = Math.floor((performance.now() - startedAtMs) / 1000);
    terminal.write(`\r${FRAMES[frame++ % FRAMES.length]} ${what}, ${seconds} s`);
  }, FRAME_MS);
  return {
    stop() {
      clearInterval(timer);
      // Erases the line that the next message is written on.
      terminal.write("\r\u001b[K");
    },
  };
}
