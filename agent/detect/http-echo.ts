import { isIPv4 } from "node:net";
import { ofetch } from "ofetch";
import { Agent } from "undici";
import { type Family, parseAddress } from "../../lambda/contract/address.ts";
import { ownAdvice } from "../own-advice.ts";
import { type Answer, judge } from "./detect.ts";

const LONGEST_ANSWER_BYTES = 16_384;
const MOST_REDIRECTS = 3;

export interface AskOptions {
  /** Ends the request at any point, headers and body, and closes its socket. */
  readonly signal: AbortSignal;
  /** The local address to send from; undefined leaves the choice to the system. */
  readonly localAddress?: string | undefined;
}

/**
 * Asks one echo service, over sockets of the family that is wanted and no other.
 */
export async function askHttpEcho(
  url: URL,
  family: Family,
  { signal, localAddress }: AskOptions,
): Promise<Answer> {
  const from = url.host;
  // The system connects to a literal address whatever family it is told.
  const literal = familyOfLiteral(url);
  if (literal && literal !== family)
    return { from, state: "unavailable", reason: `the URL names an ${literal} address` };
  const connect = {
    family: family === "ipv4" ? 4 : 6,
    autoSelectFamily: false,
  };
  // Not among those of the connection, where the client overwrites it with its own.
  const dispatcher = new Agent({ connect, ...(localAddress !== undefined && { localAddress }) });
  try {
    const body = await fetchText(url, { dispatcher, signal });
    return judge(from, onlyAddress(body, family), family);
  } catch (error) {
    return { from, state: "unavailable", reason: explain(error) };
  } finally {
    await dispatcher.destroy();
  }
}

function familyOfLiteral({ hostname }: URL): Family | undefined {
  if (hostname.startsWith("[")) return "ipv6";
  return isIPv4(hostname) ? "ipv4" : undefined;
}

interface RequestOptions {
  readonly dispatcher: Agent;
  readonly signal: AbortSignal;
}

async function fetchText(url: URL, options: RequestOptions, redirects = 0): Promise<string> {
  const response = await ofetch.raw(url.href, {
    ...options,
    headers: { accept: "text/plain", "user-agent": "update-route53" },
    ignoreResponseError: true,
    redirect: "manual",
    responseType: "stream",
    retry: 0,
  });
  const location = response.headers.get("location");
  if (response.status >= 300 && response.status < 400 && location !== null) {
    await response.body?.cancel();
    return fetchText(redirectTarget(location, url, redirects), options, redirects + 1);
  }
  if (response.status !== 200) throw new Error(`expected status 200, got ${response.status}`);
  return readText(response._data ?? response.body);
}

function redirectTarget(location: string, from: URL, redirects: number): URL {
  const target = new URL(location, from);
  // An echo service must not choose what this device asks in its own network.
  const isElsewhereOnHttps = from.protocol === "https:" && target.protocol === "https:" && isNamed(target);
  if (target.origin !== from.origin && !isElsewhereOnHttps)
    throw new Error("refused a redirect to what is no HTTPS service");
  if (redirects === MOST_REDIRECTS)
    throw new Error(`expected at most ${MOST_REDIRECTS} redirects, found more`);
  return target;
}

function isNamed(url: URL): boolean {
  return familyOfLiteral(url) === undefined && url.hostname !== "localhost";
}

async function readText(body: ReadableStream<Uint8Array> | null | undefined): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > LONGEST_ANSWER_BYTES)
      throw new Error(`expected at most ${LONGEST_ANSWER_BYTES} bytes, got more`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The one address of the family in a text, JSON or HTML answer; without exactly one, the text itself. */
function onlyAddress(body: string, family: Family): string {
  const found = new Set<string>();
  for (const [word] of body.matchAll(/[0-9a-fA-F.:]{2,}/g)) {
    const text = canonical(word);
    if (text !== undefined && text.includes(":") === (family === "ipv6")) found.add(text);
  }
  const [address] = found;
  return found.size === 1 && address !== undefined ? address : body.trim();
}

function canonical(word: string): string | undefined {
  try {
    return parseAddress(word).text;
  } catch {
    return undefined;
  }
}

/** The innermost cause says what happened: "connect ECONNREFUSED ...", a certificate's problem, a timeout. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError" || error.name === "AbortError") return "no answer in time";
  return error.cause instanceof Error ? explain(error.cause) : ownAdvice(error.message);
}
