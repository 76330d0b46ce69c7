import type { Log } from "../log.ts";
import { emptyState, encodeState, type State } from "./state.ts";
import { loadState, saveState } from "./state-file.ts";

/** What this device remembers: on disk, and where that cannot be written, as long as the process lives. */
export interface Memory {
  readonly load: (directory: string, destination: string) => State;
  readonly save: (state: State, directory: string, destination: string) => void;
}

/** Without the state in memory, a process on a full disk would publish the same address again and again. */
export function createMemory(log: Pick<Log, "warn">): Memory {
  const unsaved = new Map<string, State>();
  const told = new Set<string>();
  const warnOnce = (message: string) => {
    if (!told.has(message)) log.warn(message);
    told.add(message);
  };
  const keyOf = (directory: string, destination: string) => `${directory}\n${destination}`;
  return {
    load(directory, destination) {
      const kept = unsaved.get(keyOf(directory, destination));
      if (kept) return kept;
      const { state = emptyState, problem } = loadState(directory, destination);
      if (problem) warnOnce(`${directory}: what was published before is not known, ${problem}`);
      return state;
    },
    save(state, directory, destination) {
      const isSaved = !unsaved.has(keyOf(directory, destination)) && isOnDisk(state, directory, destination);
      if (isSaved) return;
      const failure = saveState(state, directory, destination);
      if (failure === undefined) return void unsaved.delete(keyOf(directory, destination));
      unsaved.set(keyOf(directory, destination), state);
      warnOnce(`${directory}: expected to remember what was published, but ${failure}`);
    },
  };
}

/** What is written already is not written again: flash memory wears out. */
function isOnDisk(state: State, directory: string, destination: string): boolean {
  const onDisk = loadState(directory, destination);
  const isSame = encodeState(onDisk.state, destination) === encodeState(state, destination);
  return onDisk.problem === undefined && isSame;
}
