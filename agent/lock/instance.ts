import { existsSync, rmSync } from "node:fs";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { type HandedRequest, type Holder, hand, receive, type Secret } from "./handover.ts";
import { instanceKeyPath, socketAddress } from "./holder.ts";
import { instanceName, loadInstanceKey } from "./instance-key.ts";
import { accountOf, requestOf } from "./request.ts";

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
  | ({ readonly state: "handed" } & Holder)
  /** One is at work that works as another AWS account, and did not end in time. */
  | ({ readonly state: "busy" } & Holder);

export interface AcquireOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** How long to wait for the end of a process that works as another AWS account. */
  readonly patienceMs?: number;
  readonly platform?: string;
}

/** So long, who holds the name may be silent. */
const SILENCE_MS = 10_000;
const POLL_MS = 50;
const BUSY_POLL_MS = 500;

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
  { environment = process.env, patienceMs = SILENCE_MS, platform = process.platform }: AcquireOptions = {},
): Promise<Acquired> {
  const key = loadInstanceKey(directory);
  const address = socketAddress(directory, instanceName(directory, key), platform);
  const secret = key === undefined ? undefined : { key, account: accountOf(environment) };
  const role = { secret, isLoop: argv === undefined };
  const request = requestOf(argv, environment);
  const startMs = performance.now();
  for (let heardMs = startMs; performance.now() < heardMs + SILENCE_MS; await setTimeout(POLL_MS)) {
    const server = await listen(address);
    if (server === "impossible") break;
    if (server) return { state: "acquired", instance: serve(server, role), ...problemOf(directory, key) };
    const holder = await meet(address, request, secret);
    if (holder === undefined) continue;
    const { isOtherAccount, ...known } = holder;
    if (!isOtherAccount) return { state: "handed", ...known };
    heardMs = performance.now();
    if (heardMs - startMs >= patienceMs) return { state: "busy", ...known };
    await setTimeout(BUSY_POLL_MS);
  }
  const problem = `${directory}: whoever holds the lock of this directory does not answer, going on without it`;
  return { state: "acquired", instance: serve(undefined, role), problem };
}

/** Hands the request to whoever listens, and removes the file of one that has died. */
async function meet(address: string, request: HandedRequest | null, secret: Secret | undefined) {
  // Without a key in common, nobody is to be believed.
  if (secret === undefined) return undefined;
  const socket = createConnection(address);
  let isDead = false;
  socket.once("error", ({ code }: NodeJS.ErrnoException) => {
    isDead = code === "ECONNREFUSED";
  });
  const holder = await hand(socket, request, secret);
  if (isDead) removeFile(address);
  return holder;
}

function problemOf(directory: string, key: string | undefined) {
  const path = instanceKeyPath(directory);
  if (key !== undefined || !existsSync(path)) return {};
  return { problem: `${path}: expected a file of our own, so nothing can be handed over by it` };
}

function removeFile(address: string): void {
  if (!address.startsWith("\0")) rmSync(address, { force: true });
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
  readonly secret: Secret | undefined;
  readonly isLoop: boolean;
}

function serve(server: Server | undefined, { secret, isLoop }: Role): Instance {
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
    if (secret === undefined) socket.destroy();
    else void receive(socket, { ...secret, isLoop }, accept);
  });
  return instance;
}
