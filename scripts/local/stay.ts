// npm run local: keeps the local cloud running and prints what to type.
//   npm run local [-- --domain NAME]
import { createNarrator } from "./narrator.ts";
import { startPlayground } from "./playground.ts";
import { parseStoryArguments } from "./story-arguments.ts";

const FIRST_ADDRESS = "1.2.3.4";

async function stay(): Promise<void> {
  const { domain, zone, ip } = parseStoryArguments(process.argv.slice(2));
  const tell = createNarrator((text) => process.stdout.write(text));
  tell("cloud", "running the Pulumi program, and starting what it describes on this machine");
  const playground = await startPlayground({
    domain,
    zone,
    publicAddress: () => ip ?? FIRST_ADDRESS,
    onLog: (line) => tell("Lambda", line),
  });
  const { cloud, device } = playground;
  const environment = Object.entries(device.environment).map(([name, value]) => `${name}=${value}`);
  const agent = `${environment.join(" ")} node_modules/.bin/node agent/main.ts`;
  process.stdout.write(`
Publish the address that the echo services tell, or one of your choice:
  ${agent} update --config ${device.configPath}
  ${agent} update --config ${device.configPath} --wait --ip 8.8.8.8
The function lets it move ${domain} and no other name (npm run local -- --domain NAME).

Ask the name server, with or without dig:
  dig @${cloud.nameServer.host} -p ${cloud.nameServer.port} ${domain} A +short
  ${agent} status --config ${device.configPath}

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
