import { unlinkSync } from "node:fs";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { instanceName, loadInstanceKey } from "./instance-key.ts";

/** What a process asks of the one that is already at work: what its own command line said. */
export interface HandedRequest {
  /** Undefined where the two have no key in common: then it can only ask to check again. */
  readonly argv: readonly string[] | undefined;
}

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
  | { readonly state: "acquired"; readonly instance: Instance }
  | { readonly state: "handed"; readonly pid: number };

const LONGEST_MESSAGE = 65_536;
const ANSWER_TIMEOUT_MS = 2_000;
const MOST_TRIES = 20;

/**
 * Becomes the one process at work on a state directory, or hands the command line to the one that is. The
 * kernel frees the name when a process dies, however it dies, so that nothing stale can be left behind.
 */
export async function acquireInstance(directory: string, argv: readonly string[]): Promise<Acquired> {
  const key = loadInstanceKey(directory);
  const address = socketAddress(directory, instanceName(directory, key));
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const server = await listen(address);
    if (server) return { state: "acquired", instance: serve(server, key) };
    const pid = await hand(address, { key: key ?? null, argv });
    if (pid !== undefined) return { state: "handed", pid };
    // The other process ended between the two steps, or left a socket file that nobody listens on.
    removeFile(address);
  }
  throw new Error(`${directory}: another process holds the socket and does not answer`);
}

/** Linux has abstract sockets, which are no files; elsewhere, a file that tells whether its owner lives. */
function socketAddress(directory: string, name: string): string {
  return process.platform === "linux" ? `\0${name}` : join(directory, `${name}.sock`);
}

function removeFile(address: string): void {
  if (address.startsWith("\0")) return;
  try {
    unlinkSync(address);
  } catch {
    // Somebody else has removed it.
  }
}

function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => resolve(server));
  });
}

function serve(server: Server, key: string | undefined): Instance {
  const queue: HandedRequest[] = [];
  let isReleased = false;
  const instance: Instance = {
    take: () => queue.splice(0),
    onRequest: () => {},
    release() {
      if (queue.length > 0) return false;
      isReleased = true;
      server.close();
      return true;
    },
  };
  // An end of the program is an end of this, too.
  server.unref();
  server.on("connection", async (socket) => {
    const request = parseMessage(await receive(socket), key);
    // Without an answer, the other process tries again, and becomes the one at work itself.
    if (!request || isReleased) return socket.destroy();
    queue.push(request);
    socket.end(`${process.pid}\n`);
    instance.onRequest();
  });
  return instance;
}

/** Hands the message over; the pid of the process that took it, undefined where none did. */
async function hand(address: string, message: object): Promise<number | undefined> {
  const socket = createConnection(address);
  const answer = receive(socket);
  socket.write(`${JSON.stringify(message)}\n`);
  const pid = Number((await answer).trim());
  socket.destroy();
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

/** One line, or what came of it before the time was over. */
function receive(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    socket.setEncoding("utf8").setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy());
    socket.on("data", (chunk) => {
      text += chunk;
      if (text.includes("\n")) resolve(text);
      else if (text.length > LONGEST_MESSAGE) socket.destroy();
    });
    // What goes wrong ends in "close".
    socket.on("error", () => {});
    socket.on("close", () => resolve(text));
  });
}

/** The request in a message, undefined for anything that one of us did not send. */
function parseMessage(text: string, key: string | undefined): HandedRequest | undefined {
  try {
    const message = JSON.parse(text);
    if (message.key !== (key ?? null) || !isArgv(message.argv)) return undefined;
    return { argv: key === undefined ? undefined : message.argv };
  } catch {
    return undefined;
  }
}

function isArgv(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((word) => typeof word === "string");
}
