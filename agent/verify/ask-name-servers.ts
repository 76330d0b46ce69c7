import { askDns } from "../dns/dns-client.ts";
import {
  type AuthoritativeAnswer,
  addressQuestion,
  type NameAndFamily,
  readAuthoritativeAnswer,
} from "./authoritative-answer.ts";
import type { NameServer } from "./authority.ts";

/** What one name server says, by its name. */
export type ServerAnswer = AuthoritativeAnswer & { readonly server: string };

const ANSWER_TIMEOUT_MS = 3_000;

/** Asks every server at once, in their order. Each is given a few seconds at each of its addresses. */
export async function askNameServers(
  servers: readonly NameServer[],
  asked: NameAndFamily,
  signal: AbortSignal,
): Promise<readonly ServerAnswer[]> {
  return Promise.all(
    servers.map(async (server) => ({ server: server.name, ...(await askNameServer(server, asked, signal)) })),
  );
}

/** The first answer that one of the addresses gives: a host without IPv6 cannot reach the others. */
async function askNameServer(
  { addresses }: NameServer,
  asked: NameAndFamily,
  signal: AbortSignal,
): Promise<AuthoritativeAnswer> {
  const question = addressQuestion(asked);
  const reasons: string[] = [];
  for (const address of addresses) {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]);
    const reply = await askDns(address, question, { signal: limit, isRecursionDesired: false });
    const answer = readAuthoritativeAnswer(reply, question);
    if (answer.state !== "unavailable") return answer;
    reasons.push(addresses.length > 1 ? `${address.host}: ${answer.reason}` : answer.reason);
    if (signal.aborted) break;
  }
  return { state: "unavailable", reason: reasons.join("; ") };
}
