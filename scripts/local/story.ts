// npm start: the whole system on this machine, told step by step.
import { runAgent } from "./agent-process.ts";
import { describeLogLine } from "./describe-log-line.ts";
import { queryDns } from "./dns/query.ts";
import type { Delivery } from "./event-source-mapping/deliver.ts";
import { createNarrator } from "./narrator.ts";
import { type Playground, startPlayground } from "./playground.ts";
import { readStoryArguments, type StoryArguments } from "./story-arguments.ts";

/** What the imaginary provider gives, one after the other. Addresses for documents would be refused. */
const ADDRESSES = ["1.2.3.4", "8.8.4.4"] as const;
const SECOND_IPV6_ADDRESS = "2600:1f18::2";

const tell = createNarrator((text) => process.stdout.write(text));
/** What happens in the cloud before the agent's process has ended: told behind it. */
const untold: (readonly [who: string, what: string])[] = [];
const later = (who: string, what: string) => void untold.push([who, what]);

/** The fields of what the agent printed that the story tells. */
interface Told {
  readonly outcome?: string;
  readonly ip?: string;
  readonly uuid?: string;
  readonly sequenceNumber?: string;
  readonly shardId?: string;
  readonly reason?: string;
}

function tellBatch({ shardId, streamRecords }: Delivery): void {
  const numbers = streamRecords.map(({ kinesis }) => kinesis.sequenceNumber).join(", ");
  later("Lambda", `has done a batch of ${streamRecords.length} from ${shardId}: ${numbers}`);
}

function tellLogLine(line: string): void {
  const told = describeLogLine(line);
  if (told) later(...told);
}

/** Lets the agent publish, follows the record, and asks the name server. Gives the agent's exit code. */
async function tellUpdate({ cloud, device }: Playground, { domain, ip }: StoryArguments): Promise<number> {
  const given = ip === undefined ? [] : ["--ip", ip];
  const result = await runAgent(
    ["update", "--config", device.configPath, "--json", ...given],
    device.environment,
  );
  const [line = "{}"] = result.stdout.split("\n");
  const { outcome, reason, ip: published, uuid, sequenceNumber, shardId }: Told = JSON.parse(line);
  if (outcome === "published") {
    tell("agent", `${ip === undefined ? "learnt" : "was given"} the address ${published}`);
    tell("agent", `record {"ip":"${published}", "domain":"${domain}", "uuid":"${uuid}"}`);
    tell("Kinesis", `accepted, sequence number ${sequenceNumber}, ${shardId}`);
  } else {
    tell("agent", `${outcome}: ${reason}`);
  }
  await cloud.mapping.idle();
  for (const [who, what] of untold.splice(0)) tell(who, what);
  const type = (published ?? ip)?.includes(":") ? "AAAA" : "A";
  const { host, port } = cloud.nameServer;
  const { values, rcode } = await queryDns({ host, port, name: domain, type });
  tell("DNS", `${domain} ${type} is ${values.join(", ") || `not there (${rcode})`}`);
  if (outcome === "published" && values.join() !== published) throw new Error(`expected ${published} in DNS`);
  return result.exitCode ?? 1;
}

async function tellStory(story: StoryArguments, signal: AbortSignal): Promise<number> {
  const { domain, zone } = story;
  tell("cloud", "running the Pulumi program, and starting what it describes on this machine");
  let address: string = ADDRESSES[0];
  const observers = { onBatch: tellBatch, onLog: tellLogLine };
  const playground = await startPlayground({ domain, zone, publicAddress: () => address, ...observers });
  signal.addEventListener("abort", () => void playground.close());
  try {
    const { host, port } = playground.cloud.nameServer;
    tell("cloud", `ready, zone ${zone} on name server ${host}:${port}`);
    const code = await tellUpdate(playground, story);
    if (code !== 0) return code;
    if (story.ip?.includes(":")) return await tellUpdate(playground, { ...story, ip: SECOND_IPV6_ADDRESS });
    address = ADDRESSES[1];
    tell("provider", `gives the network another address, ${address}`);
    return await tellUpdate(playground, { ...story, ip: undefined });
  } finally {
    await playground.close();
  }
}

const FAILED = 1;
const INTERRUPTED = 130;

const story = readStoryArguments({
  command: "npm start",
  help: "Tells how an address comes from a device to a DNS answer, on this machine.",
});
const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => interruption.abort());
try {
  process.exitCode = await tellStory(story, interruption.signal);
} catch (error) {
  if (!interruption.signal.aborted)
    process.stderr.write(`npm start: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = FAILED;
}
if (interruption.signal.aborted) process.exitCode = INTERRUPTED;
