import { existsSync, unlinkSync } from "node:fs";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { type HandedRequest, type Holder, hand, receive } from "./handover.ts";
import { instanceKeyPath, socketAddress } from "./holder.ts";
import { instanceName, loadInstanceKey } from "./instance-key.ts";

export type { HandedRequest, Holder } from "./handover.ts";

export interface Instance {
  /** Takes the requests that have come, oldest first. */
  readonly take: () => readonly HandedRequest[];
  /** Called at every request that comes. */
  onRequest: () => void;
  /**
   * Stops being the one at work and returns true; false where requests wait to be taken. Whoever was told
   * that its request is in good hands can rely on it.
   */
  readonly release: () => boolean;
}

export type Acquired =
  | {
      readonly state: "acquired";
      readonly instance: Instance;
      /** Why another process may be at work at the same time. */
      readonly problem?: string;
    }
  | ({ readonly state: "handed" } & Holder);

const PATIENCE_MS = 10_000;
const POLL_MS = 50;

/**
 * Becomes the one process at work on a state directory, or hands the command line to the one that is. The
 * kernel frees the name when a process dies, however it dies, so that nothing stale can be left behind. A name
 * that somebody else holds, or a process that hangs, must not keep the address from being published: then it
 * goes on alone.
 * @param argv undefined for a process that wants to stay at work: it only asks who is there
 */
export async function acquireInstance(
  directory: string,
  argv: readonly string[] | undefined,
): Promise<Acquired> {
  const key = loadInstanceKey(directory);
  const address = socketAddress(directory, instanceName(directory, key));
  const role = { key, isLoop: argv === undefined };
  const request = argv === undefined ? null : requestOf(argv);
  for (const until = performance.now() + PATIENCE_MS; performance.now() < until; await setTimeout(POLL_MS)) {
    const server = await listen(address);
    if (server === "impossible") break;
    if (server) return { state: "acquired", instance: serve(server, role), ...problemOf(directory, key) };
    // Without a key in common, nobody is to be believed.
    const holder = key === undefined ? undefined : await hand(createConnection(address), request, key);
    if (holder !== undefined) return { state: "handed", ...holder };
    // The other process ended between the two steps, or left a socket file that nobody listens on.
    if (key !== undefined) removeFile(address);
  }
  const problem = `${directory}: whoever holds the lock of this directory does not answer, going on without it`;
  return { state: "acquired", instance: serve(undefined, role), problem };
}

function problemOf(directory: string, key: string | undefined) {
  const path = instanceKeyPath(directory);
  if (key !== undefined || !existsSync(path)) return {};
  return { problem: `${path}: expected a file of our own, so nothing can be handed over by it` };
}

function requestOf(argv: readonly string[]): HandedRequest {
  const environment = Object.entries(process.env).filter(([name]) => /^(?:UPDATE_ROUTE53|AWS)_/.test(name));
  return {
    argv,
    environment: Object.fromEntries(environment) as Record<string, string>,
    directory: process.cwd(),
  };
}

function removeFile(address: string): void {
  if (address.startsWith("\0")) return;
  try {
    unlinkSync(address);
  } catch {
    // Somebody else has removed it.
  }
}

function listen(address: string): Promise<Server | "impossible" | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", ({ code }: NodeJS.ErrnoException) => {
      resolve(code === "EADDRINUSE" ? undefined : "impossible");
    });
    server.listen(address, () => resolve(server));
  });
}

interface Role {
  readonly key: string | undefined;
  readonly isLoop: boolean;
}

function serve(server: Server | undefined, { key, isLoop }: Role): Instance {
  const queue: HandedRequest[] = [];
  const sockets = new Set<Socket>();
  let isReleased = false;
  const instance: Instance = {
    take: () => queue.splice(0),
    onRequest: () => {},
    release() {
      if (queue.length > 0) return false;
      isReleased = true;
      server?.close();
      for (const socket of sockets) if (!socket.writableEnded) socket.destroy();
      return true;
    },
  };
  const accept = (request: HandedRequest | null) => {
    if (isReleased) return false;
    if (request) queue.push(request);
    if (request) instance.onRequest();
    return true;
  };
  // An end of the program is an end of this, too, and of whoever is connected to it.
  server?.unref();
  server?.on("connection", (socket) => {
    socket.unref();
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    if (key === undefined) socket.destroy();
    else void receive(socket, { key, isLoop }, accept);
  });
  return instance;
}
