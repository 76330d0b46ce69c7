// A stream on the loopback of a sandbox: prints its address, then writes each record that it takes into a file. What
// it is asked, it writes into FILE.asked; while there is FILE.held, it takes nothing.
//   stream.ts FILE
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { startStreamStandIn } from "../fixtures/stream-stand-in.ts";

const POLL_MS = 50;
const [file = ""] = process.argv.slice(2);
writeFileSync(file, "");
const { url } = await startStreamStandIn(async (_response, { domain, ip }) => {
  appendFileSync(`${file}.asked`, `${domain} ${ip}\n`);
  while (existsSync(`${file}.held`)) await setTimeout(POLL_MS);
  appendFileSync(file, `${domain} ${ip}\n`);
  return false;
});
process.stdout.write(`${url}\n`);
