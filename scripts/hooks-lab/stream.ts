// A stream on the loopback of a sandbox: prints its address, then writes each record that it takes into a file.
//   stream.ts FILE
import { appendFileSync, writeFileSync } from "node:fs";
import { startStreamStandIn } from "../local/stream-stand-in.ts";

const [file = ""] = process.argv.slice(2);
writeFileSync(file, "");
const { url } = await startStreamStandIn((_response, { domain, ip }) => {
  appendFileSync(file, `${domain} ${ip}\n`);
  return false;
});
process.stdout.write(`${url}\n`);
