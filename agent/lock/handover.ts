import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Socket } from "node:net";

/** What a process asks of the one that is already at work: what it was started with. */
export interface HandedRequest {
  readonly argv: readonly string[];
  /** The variables that this program reads; those of the AWS SDK are the same on both sides. */
  readonly environment: Readonly<Record<string, string>>;
  /** The working directory, for the paths in the others. */
  readonly directory: string;
}

/** The process that is at work. */
export interface Holder {
  readonly pid: number;
  /** Whether it stays until it is ended. */
  readonly isLoop: boolean;
}

/** What both sides must know, and neither tells. */
export interface Secret {
  readonly key: string;
  /** What the AWS SDK reads of the environment, as one text: who takes a request does it as this account. */
  readonly account: string;
}

const LONGEST_MESSAGE = 262_144;
const TIMEOUT_MS = 2_000;

/*
 * Anyone on the machine can connect to an abstract socket, and see its name and take it when it is free. So
 * both sides show that they know the key, by random words of the other, before either believes anything:
 *   client: {word}   holder: {word, pid, isLoop, account, proof}   client: {request, proof}   holder: {proof}
 */

/**
 * Hands a request over, or null to ask only who is there. Who would do it as another account is not told of it.
 * @returns undefined where nobody took it who knows the key
 */
export async function hand(
  socket: Socket,
  request: HandedRequest | null,
  { key, account }: Secret,
): Promise<(Holder & { readonly isOtherAccount?: true }) | undefined> {
  const next = readMessages(socket);
  try {
    const word = send(socket, { word: newWord() }).word;
    const { word: theirWord, pid, isLoop, account: theirAccount, proof } = await next();
    if (!isProof(proof, ["holder", word, theirWord, pid, isLoop, theirAccount], key)) return undefined;
    const holder = { pid: Number(pid), isLoop: isLoop === true };
    const isSame = isProof(theirAccount, ["account", word, theirWord, account], key);
    if (request !== null && !isSame) return { ...holder, isOtherAccount: true };
    send(socket, { request, proof: prove(["request", word, theirWord, request], key) });
    const taken = await next();
    return isProof(taken.proof, ["taken", word, theirWord], key) ? holder : undefined;
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}

/** The other side: calls `accept` with what is handed over, and confirms it where that returns true. */
export async function receive(
  socket: Socket,
  { key, account, isLoop }: Secret & { readonly isLoop: boolean },
  accept: (request: HandedRequest | null) => boolean,
): Promise<void> {
  const next = readMessages(socket);
  try {
    const { word: theirWord } = await next();
    const { pid } = process;
    const word = newWord();
    const ours = prove(["account", theirWord, word, account], key);
    const words = ["holder", theirWord, word, pid, isLoop, ours];
    send(socket, { word, pid, isLoop, account: ours, proof: prove(words, key) });
    const { request, proof } = await next();
    if (!isProof(proof, ["request", theirWord, word, request], key)) return;
    // Without an answer, the other process tries again, and becomes the one at work itself.
    if (accept(request as HandedRequest | null))
      socket.end(`${JSON.stringify({ proof: prove(["taken", theirWord, word], key) })}\n`);
  } catch {
    // Not one of us, or one that has gone.
  } finally {
    if (!socket.writableEnded) socket.destroy();
  }
}

type Message = Readonly<Record<string, unknown>>;

function send<T extends Message>(socket: Socket, message: T): T {
  socket.write(`${JSON.stringify(message)}\n`);
  return message;
}

/** Reads one line after the other, all of them before the time is over. */
function readMessages(socket: Socket): () => Promise<Message> {
  const timer = setTimeout(() => socket.destroy(), TIMEOUT_MS);
  timer.unref();
  // What goes wrong ends in "close".
  socket.on("error", () => {});
  socket.on("close", () => clearTimeout(timer));
  const chunks = socket.setEncoding("utf8")[Symbol.asyncIterator]();
  let text = "";
  return async () => {
    for (let end = text.indexOf("\n"); ; end = text.indexOf("\n")) {
      if (end >= 0) {
        const line = text.slice(0, end);
        text = text.slice(end + 1);
        return Object(JSON.parse(line));
      }
      const { value, done } = await chunks.next();
      if (done || text.length > LONGEST_MESSAGE) throw new Error("no whole message");
      text += value;
    }
  };
}

const newWord = () => randomBytes(16).toString("hex");

function prove(words: readonly unknown[], key: string): string {
  return createHmac("sha256", key).update(JSON.stringify(words)).digest("hex");
}

function isProof(given: unknown, words: readonly unknown[], key: string): boolean {
  const expected = Buffer.from(prove(words, key));
  const found = Buffer.from(String(given));
  return found.length === expected.length && timingSafeEqual(found, expected);
}
