// npm run local: keeps the local cloud running and prints what to type.
import { describeLogLine } from "./describe-log-line.ts";
import { createNarrator } from "./narrator.ts";
import { startPlayground } from "./playground.ts";
import { readStoryArguments } from "./story-arguments.ts";

const FIRST_ADDRESS = "1.2.3.4";

async function stay(): Promise<void> {
  const { domain, zone, ip } = readStoryArguments({
    command: "npm run local",
    help: "Keeps the whole system running on this machine, and prints what to type.",
  });
  const tell = createNarrator((text) => process.stdout.write(text));
  tell("cloud", "running the Pulumi program, and starting what it describes on this machine");
  const playground = await startPlayground({
    domain,
    zone,
    publicAddress: () => ip ?? FIRST_ADDRESS,
    onLog(line) {
      const told = describeLogLine(line);
      if (told) tell(...told);
    },
  });
  const { cloud, device } = playground;
  const agent = `sh ${device.scriptPath}`;
  process.stdout.write(`
Publish the address that the echo services tell, or one of your choice:
  ${agent} update
  ${agent} update --wait --ip 8.8.8.8
The script has the settings of this cloud, and starts agent/main.ts with them. The function lets
it move ${domain} and no other name:
  npm run local -- --domain NAME

Ask the name server, with or without dig:
  dig @${cloud.nameServer.host} -p ${cloud.nameServer.port} '${domain}' A +short
  ${agent} status

Ctrl-C ends it.

`);
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  await asked;
  await playground.close();
}

await stay().catch((error: unknown) => {
  process.stderr.write(`npm run local: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
